/**
 * Every text that the Management API may give with a refusal, read out of its sources: the arguments of the functions that make an error. `…` is
 * where a value is put in. Runs nothing of the server.
 */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** Functions and classes that make a refusal, with the place of the text among their arguments. */
const MAKERS: Readonly<Record<string, number>> = {
  badBody: 0,
  badQuery: 0,
  notSupported: 0,
  conflict: 0,
  notFound: 0,
  orConflict: 0,
  ManagementError: 1,
};

export interface ApiMessage {
  /** Below src/management. */
  readonly file: string;
  readonly text: string;
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** Constants of a file by their names, those inside functions too. */
function constantsOf(source: ts.SourceFile): Map<string, ts.Expression> {
  const found = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (!found.has(node.name.text)) found.set(node.name.text, node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The texts that an expression may be: of a choice both, of a sum the sums, of a table all; `…` for anything else. */
function textsOf(node: ts.Expression, constants: Constants): readonly string[] {
  const of = (part: ts.Expression) => textsOf(part, constants);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return of(node.expression);
  if (ts.isConditionalExpression(node)) return [...of(node.whenTrue), ...of(node.whenFalse)];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return of(node.left).flatMap((left) => of(node.right).map((right) => left + right));
  if (ts.isIdentifier(node)) {
    const constant = constants.get(node.text);
    return constant === undefined || constant === node ? ['…'] : of(constant);
  }
  if (ts.isElementAccessExpression(node)) return of(node.expression);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((one) => (ts.isPropertyAssignment(one) ? of(one.initializer) : ['…']));
  return ['…'];
}

function messagesOf(file: string, source: ts.SourceFile, constants: Constants): readonly ApiMessage[] {
  const found: ApiMessage[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)) {
      const place = MAKERS[node.expression.text];
      const argument = place === undefined ? undefined : node.arguments?.[place];
      if (argument !== undefined) found.push(...textsOf(argument, constants).map((text) => ({ file, text })));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All of them, in the order of the files. */
export function listApiMessages(): readonly ApiMessage[] {
  const sources = readdirSync('src/management', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const text = readFileSync(`src/management/${name}`, 'utf8');
      return { name, source: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
    });
  const everywhere = new Map(sources.flatMap(({ source }) => [...constantsOf(source)]));
  return sources.flatMap(({ name, source }) =>
    messagesOf(name, source, new Map([...everywhere, ...constantsOf(source)])),
  );
}
