/**
 * The facts of the double, a mode in which this server behaves like an Auth0 tenant. Each is a fact about Auth0 that is
 * not established, or depends on the tenant's plan, so that its value can be set. The table has their values, defaults
 * and confidence; `docs/auth0-double.md` lists them, and calls them switches. Imports nothing, so that the command line
 * can read a file of facts before it loads the server. Never read by a normal server.
 */

/**
 * How certain a fact is. H: a schema, the source of an SDK, or recorded traffic. M: Auth0's own documentation. L: a
 * third party, or inferred. U: searched for, but not found. -: not a fact about Auth0.
 */
export type Confidence = 'H' | 'M' | 'L' | 'U' | '-';

interface WordFact<Word extends string> {
  readonly kind: 'word';
  readonly values: readonly Word[];
  readonly default: Word;
  readonly confidence: Confidence;
}

interface NumberFact {
  readonly kind: 'number';
  readonly least: number;
  readonly most: number;
  readonly default: number;
  readonly confidence: Confidence;
}

/** Declares a switch that is one of these words; the first is the default. */
function oneOf<const Word extends string>(
  confidence: Confidence,
  ...values: readonly [Word, ...Word[]]
): WordFact<Word> {
  return { kind: 'word', values, default: values[0], confidence };
}

/** Declares a switch whose value is a number from `least` to `most`. */
function between(confidence: Confidence, fallback: number, least: number, most: number): NumberFact {
  return { kind: 'number', default: fallback, least, most, confidence };
}

export const FACTS = {
  /** The plan whose rate limits apply; `none` turns the limits off. */
  rate_plan: oneOf('M', 'enterprise', 'enterprise_non_production', 'essentials', 'free', 'none'),
  /** A factor that makes a rehearsal run faster than Auth0: it divides all delays and multiplies all rate limits. */
  speed: between('-', 1, 0.001, 1_000),
  /** Milliseconds until the removal of a member takes effect. Auth0's documentation says 5 to 10 seconds. */
  member_removal_ms: between('M', 7_500, 0, 600_000),
  /** Result when a person is added again while their removal is pending. Auth0's documentation does not say. */
  added_while_removed: oneOf('U', 'stays', 'is_removed'),
  /**
   * Milliseconds by which lists of members, user search and the log may be out of date: they are eventually consistent.
   */
  read_lag_ms: between('L', 2_000, 0, 600_000),
  /**
   * Whether the last page with items of a list by cursor still has `next`, which then leads to an empty page: if it is
   * full, always, or never. All three were recorded on Auth0.
   */
  cursor_at_end: oneOf('H', 'full_page', 'always', 'never'),
  /** Milliseconds until the draft of an Action is built and can be deployed. */
  action_build_ms: between('L', 1_000, 0, 600_000),
  /** Whether `POST /users` requires that the connection is enabled for the calling client. */
  user_creation: oneOf('H', 'enabled_for_client', 'any_connection'),
  /** Whether an invitation can still be used after an attempt to accept it has failed. */
  failed_acceptance: oneOf('M', 'consumes', 'keeps'),
  /** Result when a person is invited who is already a member. */
  member_invited: oneOf('U', 'refused', 'no_op', 'grants_roles'),
  /** Whether exchanging a refresh token requires that the person is still a member. */
  refresh_after_removal: oneOf('U', 'refused', 'works'),
  /**
   * Whether the memberships and roles of a user who is linked to another as the secondary one are dropped or move too.
   */
  secondary_memberships: oneOf('U', 'dropped', 'merged'),
} as const;

export type FactName = keyof typeof FACTS;

type ValueOf<Fact> = Fact extends WordFact<infer Word> ? Word : number;

/** A value for every fact: it decides how the double behaves where Auth0's behavior is open. */
export type DoubleFacts = { readonly [Name in FactName]: ValueOf<(typeof FACTS)[Name]> };

/** Thrown when a file of facts is not valid. The message names the fact and its possible values. */
export class WrongFacts extends Error {
  override name = 'WrongFacts';
}

/** Every fact at its default. Together they describe how an Auth0 tenant most likely behaves. */
export const DEFAULT_FACTS: DoubleFacts = Object.fromEntries(
  Object.entries(FACTS).map(([name, fact]) => [name, fact.default]),
) as DoubleFacts;

function checkFact(name: string, value: unknown): void {
  const fact = Object.hasOwn(FACTS, name) ? FACTS[name as FactName] : undefined;
  if (fact === undefined) throw new WrongFacts(`${name} is no switch of the double: ${Object.keys(FACTS).join(', ')}`);
  if (fact.kind === 'word') {
    if ((fact.values as readonly unknown[]).includes(value)) return;
    throw new WrongFacts(`${name} is ${JSON.stringify(value)}: it takes ${fact.values.join(', ')}`);
  }
  if (typeof value === 'number' && value >= fact.least && value <= fact.most) return;
  throw new WrongFacts(`${name} is ${JSON.stringify(value)}: it takes a number from ${fact.least} to ${fact.most}`);
}

/** Parses facts from a JSON object; a missing one gets its default. Throws {@link WrongFacts}. */
export function parseFacts(given: unknown): DoubleFacts {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new WrongFacts('the facts of the double are a JSON object, such as {"rate_plan":"free"}');
  for (const [name, value] of Object.entries(given)) checkFact(name, value);
  return { ...DEFAULT_FACTS, ...given };
}

/**
 * Lists the facts whose true value is unknown (confidence U), with their possible values, the default first. A tool for
 * Auth0 tenants must get the same result with each of them.
 */
export function listOpenQuestions(): readonly { readonly name: FactName; readonly settings: readonly string[] }[] {
  return Object.entries(FACTS).flatMap(([name, fact]) =>
    fact.kind === 'word' && fact.confidence === 'U' ? [{ name: name as FactName, settings: fact.values }] : [],
  );
}
