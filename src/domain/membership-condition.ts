/**
 * The condition under which auto-membership applies: an expression in Common Expression Language over `email`,
 * `email_domain` and `claims`. Parsed where it is written and again where it is used. An expression that fails is false:
 * never a reason to let somebody in. Loops inside loops and regular expressions are refused, because their cost is decided
 * by what an identity provider sends, and they would run in the middle of a login.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export interface ConditionInput {
  /** The proved address, '' when there is none. */
  readonly email: string;
  readonly email_domain: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type Condition = { evaluate(input: ConditionInput): boolean } | { readonly error: string };

/** Characters. */
const MAX_LENGTH = 1_000;
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: true,
  limits: { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 },
})
  .registerVariable('email', 'string')
  .registerVariable('email_domain', 'string')
  .registerVariable('claims', 'map<string, dyn>');

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function childrenOf(value: unknown): ASTNode[] {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(childrenOf) : [];
}

/** Why the expression may become too expensive, or undefined. */
function findExpensive(node: ASTNode, loops: number): string | undefined {
  const name = node.op === 'rcall' || node.op === 'call' ? node.args[0] : undefined;
  // A regular expression with backtracking, over text that an identity provider chose, can stop the server (ReDoS).
  if (name === 'matches') return 'matches() is not available; use startsWith, endsWith, contains or "in"';
  const inside = name !== undefined && LOOPS.has(name) ? loops + 1 : loops;
  if (inside > 1) return 'a loop (all, exists, exists_one, map, filter) must not contain another one';
  for (const child of childrenOf(node.args)) {
    const found = findExpensive(child, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whole numbers of JSON are `int` in the language, so that `claims.level == 3` means what it says. */
function toCelValue(value: unknown): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(toCelValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCelValue(item)]));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'it cannot be read';
}

/**
 * Compiles `text` (at most 1,000 characters). `error` says in one line why it is refused: it does not parse, does not
 * type-check, is not a yes-or-no expression, or may cost too much. Total: takes any text.
 */
export function parseCondition(text: string): Condition {
  if (text.length > MAX_LENGTH) return { error: `it has more than ${MAX_LENGTH} characters` };
  try {
    const compiled = environment.parse(text);
    const checked = compiled.check();
    if (!checked.valid) return { error: firstLine(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') return { error: `it gives ${checked.type}, not bool` };
    const expensive = findExpensive(compiled.ast, 0);
    if (expensive !== undefined) return { error: expensive };
    return {
      evaluate(input) {
        try {
          return compiled({ ...input, claims: toCelValue(input.claims) }) === true;
        } catch {
          return false;
        }
      },
    };
  } catch (error) {
    return { error: firstLine(error) };
  }
}
