/**
 * Finds every regular expression of a source file, as text: literals, arguments of `new RegExp` and `match`, and
 * `pattern` in schemas. A pattern that is assembled at run time cannot be judged, so it is a finding itself. Parses
 * only; runs nothing.
 */
import ts from 'typescript';
import { placeOf, type SourceFile, walk } from '../../test/support/source-files.js';

export interface FoundPattern {
  readonly source: string;
  readonly flags: string;
  /** Place of the pattern, such as `src/http/form.ts:12`. */
  readonly place: string;
}

export interface Found {
  readonly patterns: readonly FoundPattern[];
  /** Places of patterns that exist only at run time. */
  readonly unknown: readonly string[];
}

/** Methods of strings that make a regular expression of a text (ECMAScript, String.prototype). */
const MAKE_PATTERNS: ReadonlySet<string> = new Set(['match', 'matchAll', 'search']);

function isRegExpCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return /^(globalThis\.)?RegExp$/.test(node.expression.getText());
}

/** Returns the constants of the file that hold a literal: a copy of such a pattern is judged with it. */
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

/** Returns the pattern of a `RegExp` call. Undefined if it depends on more than this text. */
function findMade(node: ts.CallExpression | ts.NewExpression, place: string): FoundPattern | undefined {
  const [source, flags] = node.arguments ?? [];
  if (source === undefined || !ts.isStringLiteralLike(source)) return undefined;
  if (flags !== undefined && !ts.isStringLiteralLike(flags)) return undefined;
  return { source: source.text, flags: flags?.text ?? '', place };
}

/** Returns the text that a string method, or a JSON schema, uses as a regular expression. */
function findImplied(node: ts.Node, place: string): FoundPattern | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [given] = node.arguments;
    const makes = MAKE_PATTERNS.has(node.expression.name.text) && given !== undefined && ts.isStringLiteralLike(given);
    return makes ? { source: given.text, flags: '', place } : undefined;
  }
  const isPattern = ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer);
  if (!isPattern || node.name.getText().replaceAll("'", '') !== 'pattern') return undefined;
  // Ajv compiles a schema's `pattern` with this flag. Browsers compile the `pattern` of a field with `v`, which means
  // the same here.
  return { source: node.initializer.text, flags: 'u', place };
}

/** Returns the regular expressions of one file. */
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

/** Returns the `pattern`s of a JSON file of schemas, at any depth. */
export function findSchemaPatterns(path: string, text: string): readonly FoundPattern[] {
  const found: FoundPattern[] = [];
  JSON.parse(text, (name, value: unknown) => {
    if (name === 'pattern' && typeof value === 'string') found.push({ source: value, flags: 'u', place: path });
    return value;
  });
  return found;
}
