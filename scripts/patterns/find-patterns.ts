/**
 * Every regular expression of a source file, as text: literals, what `new RegExp` and `match` are given, and `pattern` in schemas.
 * One that is put together at run time cannot be judged beforehand, and is a finding itself. Parses only; runs nothing.
 */
import ts from 'typescript';
import { placeOf, type SourceFile, walk } from '../../test/support/source-files.js';

export interface FoundPattern {
  readonly source: string;
  readonly flags: string;
  /** `src/http/form.ts:12` */
  readonly place: string;
}

export interface Found {
  readonly patterns: readonly FoundPattern[];
  /** Places of expressions that only exist while the program runs. */
  readonly unknown: readonly string[];
}

/** Methods of strings that make a regular expression of a text (ECMAScript, String.prototype). */
const MAKE_PATTERNS: ReadonlySet<string> = new Set(['match', 'matchAll', 'search']);

function isRegExpCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return /^(globalThis\.)?RegExp$/.test(node.expression.getText());
}

/** Names of the file that are bound, permanently, to a literal: a copy of one is judged with it. */
function namesOfLiterals(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(file.tree, (node) => {
    const isConstant = ts.isVariableDeclaration(node) && (node.parent.flags & ts.NodeFlags.Const) !== 0;
    if (isConstant && node.initializer !== undefined && ts.isRegularExpressionLiteral(node.initializer))
      names.add(node.name.getText());
  });
  return names;
}

function toPattern(literal: string, place: string): FoundPattern {
  const end = literal.lastIndexOf('/');
  return { source: literal.slice(1, end), flags: literal.slice(end + 1), place };
}

/** What a call of `RegExp` makes. Undefined when that depends on more than this text. */
function findMade(node: ts.CallExpression | ts.NewExpression, place: string): FoundPattern | undefined {
  const [source, flags] = node.arguments ?? [];
  if (source === undefined || !ts.isStringLiteralLike(source)) return undefined;
  if (flags !== undefined && !ts.isStringLiteralLike(flags)) return undefined;
  return { source: source.text, flags: flags?.text ?? '', place };
}

/** The text that a method of a string, or a JSON schema, takes for a regular expression. */
function findImplied(node: ts.Node, place: string): FoundPattern | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [given] = node.arguments;
    const makes = MAKE_PATTERNS.has(node.expression.name.text) && given !== undefined && ts.isStringLiteralLike(given);
    return makes ? { source: given.text, flags: '', place } : undefined;
  }
  const isPattern = ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer);
  if (!isPattern || node.name.getText().replaceAll("'", '') !== 'pattern') return undefined;
  // Ajv compiles a schema's `pattern` with this flag; browsers compile that of a field with `v`, which means the same here.
  return { source: node.initializer.text, flags: 'u', place };
}

/** The regular expressions of one file. */
export function findPatterns(file: SourceFile): Found {
  const patterns: FoundPattern[] = [];
  const unknown: string[] = [];
  const literals = namesOfLiterals(file);
  walk(file.tree, (node) => {
    const place = placeOf(file, node);
    if (ts.isRegularExpressionLiteral(node)) patterns.push(toPattern(node.text, place));
    else if (isRegExpCall(node)) {
      const made = findMade(node, place);
      const [given] = node.arguments ?? [];
      const isCopy =
        given !== undefined && (ts.isRegularExpressionLiteral(given) || literals.has(given.getText(file.tree)));
      if (made !== undefined) patterns.push(made);
      else if (!isCopy) unknown.push(place);
    } else {
      const implied = findImplied(node, place);
      if (implied !== undefined) patterns.push(implied);
    }
  });
  return { patterns, unknown };
}

/** The `pattern`s of a JSON file of schemas, at any depth. */
export function findSchemaPatterns(path: string, text: string): readonly FoundPattern[] {
  const found: FoundPattern[] = [];
  JSON.parse(text, (name, value: unknown) => {
    if (name === 'pattern' && typeof value === 'string') found.push({ source: value, flags: 'u', place: path });
    return value;
  });
  return found;
}
