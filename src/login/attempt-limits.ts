/**
 * The limits of tries: by e-mail address and network together, by network for all addresses, and by e-mail address from everywhere. With a
 * limit for the e-mail address alone anybody could lock a person out by knowing their address. With a limit for single network addresses, a
 * person who owns a whole network would have no limit. A browser that has signed the person in before has an allowance of its own
 * (docs/adr/0031). Only counts; admits or refuses nobody.
 */
import { type AttemptRules, MOST_FROM_ANYWHERE, OWN_LIMITS } from '../domain/attempt-rules.js';
import { assert } from '../kernel/assert.js';
import { createMatcher, type NetworkWidth, networksOf, withoutPort } from '../kernel/networks.js';
import type { AttemptCounter, AttemptCounters } from '../ports/attempts.js';
import { deviceSubject, namedSubject, networkSubject } from './attempt-subjects.js';

interface Limit {
  /** The thing that the request names: an e-mail address, or an application. */
  readonly of: 'address' | 'client';
  /** Tries for one address from one machine: a person's mistakes, or guesses by a program. */
  readonly fromHere: number;
  /** Tries for one address from everywhere: guesses that are spread over many machines. */
  readonly fromAnywhere: number;
  /** Tries from one machine for all addresses: one password tried on many people, mail to many people. */
  readonly forAnybody: number;
  readonly windowSeconds: number;
  /** The kind whose counters by address are used here too. */
  readonly sharedWith?: string;
}

const LIMITS = {
  /** Password guessing. */
  password: { of: 'address', fromHere: 10, fromAnywhere: MOST_FROM_ANYWHERE, forAnybody: 50, windowSeconds: 900 },
  /** Mail flooding, by codes for people whom their company has just signed in: on the first day a whole office comes at once. */
  'proof-mail': { of: 'address', fromHere: 5, fromAnywhere: 20, forAnybody: 300, windowSeconds: 3600 },
  /** Mail flooding, by codes for people of whom nothing is known: somebody who opens an account can name any address. */
  'sign-up-mail': {
    of: 'address',
    fromHere: 5,
    fromAnywhere: 20,
    forAnybody: 30,
    windowSeconds: 3600,
    sharedWith: 'proof-mail',
  },
  /** Guessing a code of six digits: 5 tries of 1,000,000 for each mailed code, and the number of mailed codes is limited too. */
  proof: { of: 'address', fromHere: 20, fromAnywhere: 60, forAnybody: 300, windowSeconds: 3600 },
  /** Mail flooding, by links for a new password. */
  forgot: { of: 'address', fromHere: 5, fromAnywhere: 20, forAnybody: 100, windowSeconds: 3600 },
  /** Guessing the secret of an application. */
  'client-secret': { of: 'client', fromHere: 10, fromAnywhere: 100, forAnybody: 50, windowSeconds: 900 },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitedAttempt = Exclude<keyof typeof LIMITS, 'client-secret'>;

/** A multiple of one machine's limit, for each width of network that a customer may own. */
const SHARES = { machine: 1, site: 2, block: 4 } as const satisfies Readonly<Record<NetworkWidth, number>>;

/** A browser that has signed people in before, and the accounts of these people. */
export interface KnownDevice {
  readonly id: string;
  readonly userIds: readonly string[];
}

export interface Tried {
  readonly email: string;
  readonly ip: string;
  /** The account that the address leads to, if there is one. */
  readonly userId?: string | undefined;
  readonly device?: KnownDevice | undefined;
  /** The tenant's numbers; this server's own where there are none. */
  readonly rules?: AttemptRules | undefined;
  /** A single thing that is being tried (such as one mailed code), and the number of tries for it. */
  readonly once?: { readonly key: string; readonly limit: number } | undefined;
}

/** The subject of a limit. */
export type LimitScope =
  | `for_${Limit['of']}_from_network`
  | 'from_network'
  | `for_${Limit['of']}`
  | `for_${Limit['of']}_from_allowlist`
  | 'for_this_one'
  | 'from_device'
  | 'from_known_network';

/** A counter with its scope, so that the log can tell an administrator which limit was reached. */
interface ScopedCounter extends AttemptCounter {
  readonly scope: LimitScope;
}

/** The limit that was passed, for the log. */
export interface PassedLimit {
  readonly limit: LimitScope;
  readonly network?: string;
  readonly most: number;
  readonly windowSeconds: number;
  readonly endsAt: Date;
}

export type Counted =
  | {
      readonly allowed: true;
      /** The counted keys, the narrowest first. */
      readonly keys: readonly string[];
      /** Whether the first of them holds tries of one machine or browser alone, for one address. */
      readonly startsNarrow: boolean;
      /** Of {@link Tried.once}, this attempt included. */
      readonly tries: number;
    }
  | { readonly allowed: false; readonly passed: PassedLimit };

const NARROW: ReadonlySet<LimitScope> = new Set([
  'for_address_from_network',
  'for_client_from_network',
  'from_device',
  'from_known_network',
]);

/** Counts by a list of counters, narrow before wide, in one round trip. A refused attempt is not counted: it costs others nothing. */
async function countAgainst(attempts: AttemptCounters, counters: readonly ScopedCounter[], at: Date): Promise<Counted> {
  const outcome = await attempts.count(counters, at);
  if (outcome.within) {
    const once = counters.findIndex(({ scope }) => scope === 'for_this_one');
    return {
      allowed: true,
      keys: counters.map(({ key }) => key),
      startsNarrow: counters[0] !== undefined && NARROW.has(counters[0].scope),
      tries: outcome.counts[once] ?? 0,
    };
  }
  const counter = counters[outcome.place];
  assert(counter !== undefined, 'the counter that is full is one of those that were given');
  const { scope, limit: most, windowSeconds, network } = counter;
  const { endsAt } = outcome;
  return { allowed: false, passed: { limit: scope, ...(network && { network }), most, windowSeconds, endsAt } };
}

const sharedKind = (kind: keyof typeof LIMITS): string => (LIMITS[kind] as Limit).sharedWith ?? kind;

/** A limit with the tenant's numbers in it. */
interface Ruled extends Limit {
  /** Of the counters of a network for whatever is named. */
  readonly networkWindowSeconds: number;
  /** How tries for what is named are counted: in each network and everywhere, everywhere alone, or apart from those of everybody else. */
  readonly counted: 'by_network' | 'everywhere' | 'apart';
  /** Whether tries for whatever is named are counted together. */
  readonly countsNetwork: boolean;
}

function ruledLimit(kind: keyof typeof LIMITS, ip: string, rules: AttemptRules): Ruled {
  const own: Limit = LIMITS[kind];
  const passwords = kind === 'password' ? rules.passwords : undefined;
  const network = kind === 'password' || kind === 'sign-up-mail' ? rules.forNetworks[kind] : undefined;
  const isAmong = (networks: readonly string[]) => networks.length > 0 && createMatcher(networks)(withoutPort(ip));
  const isEverywhere = passwords?.countedFor === 'everywhere';
  const isApart = kind === 'password' && isAmong(rules.trustedForAddress);
  return {
    ...own,
    fromHere: passwords?.most ?? own.fromHere,
    fromAnywhere: isEverywhere && !isApart ? passwords.most : own.fromAnywhere,
    forAnybody: network?.most ?? own.forAnybody,
    networkWindowSeconds: network?.windowSeconds ?? own.windowSeconds,
    counted: isApart ? 'apart' : isEverywhere ? 'everywhere' : 'by_network',
    countsNetwork: !isAmong(rules.trustedForNetwork),
  };
}

/** Tries from networks that the tenant trusts: nobody elsewhere can use them up. */
const apartKey = (ofNamed: string): string => `${ofNamed} allowlist`;

/** Counters by network, from machine to block: for the named address or client, then for all; the one for everywhere is last. */
function strangersCounters(
  kind: keyof typeof LIMITS,
  named: string,
  ip: string,
  rules: AttemptRules = OWN_LIMITS,
): readonly ScopedCounter[] {
  const { of, fromHere, fromAnywhere, forAnybody, windowSeconds, networkWindowSeconds, counted, countsNetwork } =
    ruledLimit(kind, ip, rules);
  const ofNamed = namedSubject(sharedKind(kind), named);
  const byNetwork = networksOf(ip).flatMap(({ name: network, width }): ScopedCounter[] => {
    const namedThere: ScopedCounter = {
      key: `${ofNamed} ${network}`,
      scope: `for_${of}_from_network`,
      // No single network can use up the limit for everywhere.
      limit: Math.min(fromHere * SHARES[width], fromAnywhere / 2),
      windowSeconds,
      network,
      subject: ofNamed,
    };
    const anybodyThere: ScopedCounter = {
      key: `${kind}-network:${network}`,
      scope: 'from_network',
      limit: forAnybody * SHARES[width],
      windowSeconds: networkWindowSeconds,
      network,
      subject: networkSubject(network),
    };
    return [...(counted === 'by_network' ? [namedThere] : []), ...(countsNetwork ? [anybodyThere] : [])];
  });
  const isApart = counted === 'apart';
  const scope = isApart ? (`for_${of}_from_allowlist` as const) : (`for_${of}` as const);
  // Attack: a network that is trusted guesses without end. It has what everybody has together, for itself.
  const key = isApart ? apartKey(ofNamed) : ofNamed;
  const anywhere = { key, scope, limit: fromAnywhere, windowSeconds, subject: ofNamed };
  return [...byNetwork, anywhere];
}

/**
 * One counter for a browser that has signed the account in before, and one for all such browsers of the account together. So a stolen
 * cookie, or many cookies of somebody who once knew the password, do not get around the limits.
 */
function deviceCounters(kind: LimitedAttempt, { userId, device, ip, rules }: Tried): readonly ScopedCounter[] {
  // Attack: a browser that has signed somebody else in guesses at this account with an allowance that strangers do not have.
  if (userId === undefined || !device?.userIds.includes(userId)) return [];
  const { fromAnywhere, windowSeconds } = LIMITS[kind];
  const fromHere = Math.min(ruledLimit(kind, ip, rules ?? OWN_LIMITS).fromHere, fromAnywhere / 2);
  const scope = 'from_device';
  const ofAccount = deviceSubject(sharedKind(kind), userId);
  return [
    { key: `${ofAccount} ${device.id}`, scope, limit: fromHere, windowSeconds, subject: ofAccount },
    { key: ofAccount, scope, limit: fromAnywhere / 2, windowSeconds, subject: ofAccount },
  ];
}

/** Counts one attempt: by the browser if it is known, else (or when the browser's own allowance is used up) as a stranger's. */
export async function countAttempt(
  attempts: AttemptCounters,
  kind: LimitedAttempt,
  tried: Tried,
  at: Date,
): Promise<Counted> {
  const { once } = tried;
  const { windowSeconds } = LIMITS[kind];
  const itself: ScopedCounter[] = once ? [{ ...once, scope: 'for_this_one', windowSeconds }] : [];
  const own = deviceCounters(kind, tried);
  if (own.length > 0) {
    const counted = await countAgainst(attempts, [...own, ...itself], at);
    if (counted.allowed || counted.passed.limit === 'for_this_one') return counted;
  }
  return countAgainst(attempts, [...strangersCounters(kind, tried.email, tried.ip, tried.rules), ...itself], at);
}

/**
 * Counts one try of an application's secret. A network from which the right secret came lately has an allowance of its own for this
 * application and counts by that alone: so nobody on another network can lock the application out.
 */
export function countSecret(
  attempts: AttemptCounters,
  tried: { readonly clientId: string; readonly ip: string; readonly isKnownNetwork: boolean },
  at: Date,
): Promise<Counted> {
  const { clientId, ip, isKnownNetwork } = tried;
  const { fromHere: limit, windowSeconds } = LIMITS['client-secret'];
  const [machine] = networksOf(ip);
  const key = `client-secret-known:${clientId} ${machine?.name}`;
  const own = { key, scope: 'from_known_network', limit, windowSeconds } as const;
  return countAgainst(attempts, isKnownNetwork ? [own] : strangersCounters('client-secret', clientId, ip), at);
}

/**
 * After a success: a counter of this machine or browser alone is reset, and the wider ones lose this attempt only, since they also hold
 * tries of others. Attack: guesses at many accounts, between which somebody signs in with an account of their own.
 */
export async function forgiveAttempts(
  attempts: AttemptCounters,
  counted: Extract<Counted, { readonly allowed: true }>,
): Promise<void> {
  await attempts.change(
    counted.keys.map(
      (key, index) => ({ key, change: index === 0 && counted.startsNarrow ? 'forget' : 'take_back' }) as const,
    ),
  );
}

/** After a new password: earlier guesses at the old one do not count any more. Tries of the network on other accounts still count. */
export async function forgetAttempts(attempts: AttemptCounters, kind: LimitedAttempt, tried: Tried): Promise<void> {
  const forAddress = strangersCounters(kind, tried.email, tried.ip).filter(({ scope }) => scope !== 'from_network');
  const apart = { key: apartKey(namedSubject(sharedKind(kind), tried.email)) };
  await attempts.change(
    [...deviceCounters(kind, tried), ...forAddress, apart].map(({ key }) => ({ key, change: 'forget' }) as const),
  );
}

/** The evidence of a passed limit in a trace. */
export function evidenceOfLimit(passed: PassedLimit): Readonly<Record<string, unknown>> {
  const { limit, network, most, windowSeconds, endsAt } = passed;
  return { limit, ...(network && { network }), most, window_seconds: windowSeconds, ends_at: endsAt };
}
