/**
 * The switches of the double: facts about Auth0 that are not established, or that depend on the tenant's plan. One
 * table has their values, defaults and confidence; `docs/auth0-double.md` lists them. Imports nothing, so that the
 * command line can read a file of them before loading the server. Never read by the product itself.
 */

/**
 * H: schema, source of an SDK, or recorded traffic. M: Auth0's own prose. L: a third party, or inferred. U: searched
 * for, not established. -: not a fact about Auth0.
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

/** Declares a switch with these values; the first is the default. */
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
  /** The plan whose limits apply (Auth0 semantics, section 9); `none` switches them off. */
  rate_plan: oneOf('M', 'enterprise', 'enterprise_non_production', 'essentials', 'free', 'none'),
  /** Divides every delay and multiplies every rate, so that a rehearsal can run faster than Auth0. */
  speed: between('-', 1, 0.001, 1_000),
  /** Milliseconds until the removal of a member takes effect; Auth0 says 5 to 10 seconds (section 1.5). */
  member_removal_ms: between('M', 7_500, 0, 600_000),
  /** Result when a member is added again during a pending removal (section 1.5 does not say). */
  added_while_removed: oneOf('U', 'stays', 'is_removed'),
  /**
   * Greatest age of lists of members, user search and the log, which are eventually consistent (sections 1.5 and 5).
   */
  read_lag_ms: between('L', 2_000, 0, 600_000),
  /**
   * When the last page of a list by cursor still has `next`; the page after it is empty (section 3.2: all were
   * recorded).
   */
  cursor_at_end: oneOf('H', 'full_page', 'always', 'never'),
  /** Milliseconds until a draft of an Action is built and can be deployed (section 7.5 names the states). */
  action_build_ms: between('L', 1_000, 0, 600_000),
  /** `POST /users` requires the connection to be enabled for the calling client (section 5). */
  user_creation: oneOf('H', 'enabled_for_client', 'any_connection'),
  /** Whether a failed acceptance consumes the invitation (section 4). */
  failed_acceptance: oneOf('M', 'consumes', 'keeps'),
  /** Result of inviting a person who is a member (section 4). */
  member_invited: oneOf('U', 'refused', 'no_op', 'grants_roles'),
  /** Whether exchanging a refresh token checks the membership (section 1.5). */
  refresh_after_removal: oneOf('U', 'refused', 'works'),
  /** Memberships and roles of a user who is linked to another as the secondary one (section 5). */
  secondary_memberships: oneOf('U', 'dropped', 'merged'),
} as const;

export type FactName = keyof typeof FACTS;

type ValueOf<Fact> = Fact extends WordFact<infer Word> ? Word : number;

/** A value for every switch of the double. */
export type DoubleFacts = { readonly [Name in FactName]: ValueOf<(typeof FACTS)[Name]> };

/** Thrown for an unusable file of switches; the message names the switch and its values. */
export class WrongFacts extends Error {
  override name = 'WrongFacts';
}

/** The switches of the most likely tenant: each has its default. */
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

/** Parses switches from a JSON object; missing ones get their defaults. Throws {@link WrongFacts}. */
export function parseFacts(given: unknown): DoubleFacts {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new WrongFacts('the facts of the double are a JSON object, such as {"rate_plan":"free"}');
  for (const [name, value] of Object.entries(given)) checkFact(name, value);
  return { ...DEFAULT_FACTS, ...given };
}

/**
 * Lists the switches that are not established (U), with all their settings, the default first. A tool for Auth0 tenants
 * must get the same result with each.
 */
export function listOpenQuestions(): readonly { readonly name: FactName; readonly settings: readonly string[] }[] {
  return Object.entries(FACTS).flatMap(([name, fact]) =>
    fact.kind === 'word' && fact.confidence === 'U' ? [{ name: name as FactName, settings: fact.values }] : [],
  );
}
