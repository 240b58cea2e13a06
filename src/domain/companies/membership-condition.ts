/**
 * The condition for auto-membership: an expression in Common Expression Language over `email`, `email_domain`, `claims`
 * and `scim_groups`. Parsed when it is written and again when it is used. An expression that fails is false and admits
 * nobody. It runs during a login, on claims from an identity provider and groups from a directory, so its cost is
 * limited in two ways. Loops are restricted: an expression reads each value at most as often as its text names it. And
 * the size of the values is limited.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { isWithinBounds } from '../../kernel/json-bounds.js';

export interface ConditionInput {
  /** The proved e-mail address; empty when none is proved. */
  readonly email: string;
  readonly email_domain: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names of the person's groups in the company's directory (SCIM); empty when they were not read. */
  readonly scim_groups?: readonly string[];
}

export type Condition =
  | {
      evaluate(input: ConditionInput): boolean;
      /** True when the expression names `scim_groups`: only then are they read. */
      readonly readsGroups: boolean;
    }
  | { readonly error: string };

/** Longest expression, in characters. */
const MAX_LENGTH = 1_000;
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/**
 * Functions that are allowed beside loops: each reads its text or list once. The library's others are not allowed:
 * `matches` (a regular expression over text of an identity provider), `duration` (the library's own pattern is
 * quadratic), `bind` (it can double a value again and again), `split` and `join` (their result is larger than their
 * input), functions of times in a time zone (0.05 ms each).
 */
const FUNCTIONS: ReadonlySet<string> = new Set(
  `has size type dyn bool int uint double string timestamp startsWith endsWith contains indexOf lastIndexOf substring
  lowerAscii upperAscii trim`.split(/\s+/),
);
/**
 * Operations that search one text in another: up to 0.1 s each, if an identity provider chose both texts to be slow.
 */
const SEARCHES: ReadonlySet<string> = new Set(['contains', 'indexOf', 'lastIndexOf']);
/** Variables with one short text for each person. */
const SHORT: ReadonlySet<string> = new Set(['email', 'email_domain']);
/**
 * Maximum number of evaluations of syntax nodes in an expression's loops, for all items together; one that fails takes
 * 0.016 ms.
 */
const MAX_LOOP_STEPS = 30_000;
/**
 * Maximum number of values and characters that an expression may read outside of loops: about 0.2 µs for a value, 0.04
 * µs for a character.
 */
const MAX_READ_VALUES = 100_000;
const MAX_READ_CHARACTERS = 1_000_000;
/** Limits of one person's claims: a token with more is refused, and an expression over more is false. */
export const CLAIM_BOUNDS = { depth: 20, values: 10_000 } as const;

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: true,
  limits: { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 },
})
  .registerVariable('email', 'string')
  .registerVariable('email_domain', 'string')
  .registerVariable('claims', 'map<string, dyn>')
  .registerVariable('scim_groups', 'list<string>');

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function childrenOf(value: unknown): ASTNode[] {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(childrenOf) : [];
}

interface Place {
  readonly loops: number;
  /** True in the part of a loop that runs for every item, false in the list that it iterates. */
  readonly perItem: boolean;
}

/** Returns the child nodes of a node, and for each whether it is inside a loop. */
function partsOf(node: ASTNode, at: Place): readonly (readonly [ASTNode, Place])[] {
  const isLoop = node.op === 'rcall' && LOOPS.has(node.args[0]);
  if (!isLoop) return childrenOf(node.args).map((child) => [child, at]);
  const [, list, asked] = node.args;
  const loops = at.loops + 1;
  return [
    ...childrenOf(list).map((child) => [child, { loops, perItem: at.perItem }] as const),
    ...childrenOf(asked).map((child) => [child, { loops, perItem: true }] as const),
  ];
}

function everyNode(node: ASTNode): readonly ASTNode[] {
  return [node, ...childrenOf(node.args).flatMap(everyNode)];
}

const isGroups = (node: ASTNode): boolean => node.op === 'id' && node.args === 'scim_groups';
/** True for the two values of unknown size: the claims, and the SCIM groups. */
const isClaims = (node: ASTNode): boolean => (node.op === 'id' && node.args === 'claims') || isGroups(node);

/**
 * Counts the node evaluations that loops cause for each value in the claims: the nodes that run for each item, times
 * the places in the loop's list that name the claims.
 */
function countPerItem(node: ASTNode): number {
  if (node.op !== 'rcall' || !LOOPS.has(node.args[0]))
    return childrenOf(node.args).reduce((sum, child) => sum + countPerItem(child), 0);
  const [, list, asked] = node.args;
  const lists = childrenOf(list).flatMap(everyNode).filter(isClaims).length;
  return childrenOf(asked).flatMap(everyNode).length * Math.max(1, lists);
}

/**
 * Counts how often the expression reads one value of the claims: once for each place that names the claims, and once
 * more for each `+` around that place, which copies it. A sum of sixty lists, 20 kB of one token, took 2 s.
 */
function countReads(node: ASTNode, sums: number = 0): number {
  if (isClaims(node)) return 1 + sums;
  const around = node.op === '+' ? sums + 1 : sums;
  return childrenOf(node.args).reduce((sum, child) => sum + countReads(child, around), 0);
}

function searchesForClaims(node: ASTNode): boolean {
  if (node.op !== 'rcall' || !SEARCHES.has(node.args[0])) return false;
  return childrenOf(node.args[2])
    .flatMap(everyNode)
    .some((part) => part.op === 'id' && !SHORT.has(String(part.args)));
}

/** Returns why the expression may become too expensive; undefined when it cannot. */
function findExpensive(node: ASTNode, at: Place): string | undefined {
  const name = node.op === 'rcall' || node.op === 'call' ? node.args[0] : undefined;
  // Attack: a slow function (ReDoS: a regular expression) over a text from an identity provider stops the server.
  if (name !== undefined && !LOOPS.has(name) && !FUNCTIONS.has(name))
    return `${name}() is not available; there are: ${[...FUNCTIONS, ...LOOPS].join(', ')}`;
  if (at.loops > 1) return 'a loop (all, exists, exists_one, map, filter) must not contain another one';
  // `claims.a.exists(x, x in claims.b)` compares every item with every item: 5 s for two lists that fit into one token.
  if (at.perItem && isClaims(node))
    return 'what a loop asks of an item must not read claims again, or scim_groups: it may use the item, email, email_domain and constants';
  if (searchesForClaims(node))
    return `${name}() looks for a constant, email or email_domain; compare claims with ==, "in", startsWith or endsWith`;
  for (const [part, place] of partsOf(node, at)) {
    const found = findExpensive(part, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Turns JSON's whole numbers into the language's `int`, so that `claims.level == 3` works as written. */
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
 * type-check, is not a yes-or-no expression, or may cost too much. Never throws on any text.
 */
export function parseCondition(text: string): Condition {
  if (text.length > MAX_LENGTH) return { error: `it has more than ${MAX_LENGTH} characters` };
  try {
    const compiled = environment.parse(text);
    const checked = compiled.check();
    if (!checked.valid) return { error: firstLine(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') return { error: `it gives ${checked.type}, not bool` };
    const expensive = findExpensive(compiled.ast, { loops: 0, perItem: false });
    if (expensive !== undefined) return { error: expensive };
    const perItem = countPerItem(compiled.ast);
    const reads = Math.max(1, countReads(compiled.ast));
    const values = Math.min(CLAIM_BOUNDS.values, MAX_LOOP_STEPS / Math.max(1, perItem), MAX_READ_VALUES / reads);
    const characters = MAX_READ_CHARACTERS / (reads + perItem);
    return {
      readsGroups: everyNode(compiled.ast).some(isGroups),
      evaluate(input) {
        // Attack: claims that are nested too deep, or too many, to be evaluated. Then the condition is false.
        const groups = input.scim_groups ?? [];
        const left = values - groups.length;
        if (left < 1 || !isWithinBounds(input.claims, { ...CLAIM_BOUNDS, values: left })) return false;
        const size = JSON.stringify(input.claims).length + groups.join().length;
        if (size > characters) return false;
        try {
          return compiled({ ...input, claims: toCelValue(input.claims), scim_groups: groups }) === true;
        } catch {
          return false;
        }
      },
    };
  } catch (error) {
    return { error: firstLine(error) };
  }
}
