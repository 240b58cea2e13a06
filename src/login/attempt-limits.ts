/**
 * Limits tries: by e-mail address and network together, by network for all addresses, and by e-mail address from
 * everywhere. A limit by address alone would let anybody lock a person out. A limit by single network address would not
 * limit the owner of a whole network. A browser that has signed the person in before has an allowance of its own
 * (docs/adr/0031). Only counts; admits or refuses nobody.
 */
import { type AttemptRules, MOST_FROM_ANYWHERE, OWN_LIMITS } from '../domain/attempt-rules.js';
import { assert } from '../kernel/assert.js';
import { createMatcher, type NetworkWidth, networksOf, withoutPort } from '../kernel/networks.js';
import type { AttemptCounters } from '../ports/attempts.js';
import { deviceSubject, namedSubject, networkSubject } from './attempt-subjects.js';
import {
  findNearest,
  type LimitAhead,
  limitOf,
  limitsAhead,
  type PassedLimit,
  type ScopedCounter,
  startsNarrow,
  type Told,
} from './limits-ahead.js';

interface Limit {
  /** The thing that the request names: an e-mail address, or an application. */
  readonly of: 'address' | 'client';
  /** Maximum number of tries for one address from one machine: a person's mistakes, or a program's guesses. */
  readonly fromHere: number;
  /** Maximum number of tries for one address from everywhere: guesses spread over many machines. */
  readonly fromAnywhere: number;
  /**
   * Maximum number of tries from one machine for all addresses: one password tried on many people, mail to many people.
   */
  readonly forAnybody: number;
  readonly windowSeconds: number;
  /** Another kind of try. The two kinds share their counters for an address. */
  readonly sharedWith?: string;
  /** The limits whose remaining tries the person is told. Without it all. */
  readonly told?: Told;
}

const LIMITS = {
  /** Attack: password guessing. */
  password: { of: 'address', fromHere: 10, fromAnywhere: MOST_FROM_ANYWHERE, forAnybody: 50, windowSeconds: 900 },
  /**
   * Attack: mail flooding, by codes with which people prove their old account after the company's sign-in. `forAnybody`
   * is high: on the first day of a company's sign-in a whole office asks at once.
   */
  'proof-mail': { of: 'address', fromHere: 5, fromAnywhere: 20, forAnybody: 300, windowSeconds: 3600 },
  /** Attack: mail flooding, by codes for a sign-up, where a stranger can type any address. */
  'sign-up-mail': {
    of: 'address',
    fromHere: 5,
    fromAnywhere: 20,
    forAnybody: 30,
    windowSeconds: 3600,
    sharedWith: 'proof-mail',
  },
  /**
   * Attack: mail flooding, by sign-ups of programs, which open no page. A counter of its own: otherwise strangers who
   * post somebody's address here would stop the codes that this person needs to sign in.
   */
  'sign-up-call': { of: 'address', fromHere: 5, fromAnywhere: 20, forAnybody: 30, windowSeconds: 3600 },
  /**
   * Attack: guessing a code of six digits. Counts the tries at all codes and old passwords that own-proof.ts checks.
   * `TRIES_PER_CODE` there limits the tries at one code; `proof-mail` and `sign-up-mail` limit the number of codes.
   * Attack: a stranger types somebody's address into a sign-up, and reads from the tries left that this person signs in.
   */
  proof: { of: 'address', fromHere: 20, fromAnywhere: 60, forAnybody: 300, windowSeconds: 3600, told: 'own' },
  /**
   * Attack: guessing at a second factor, with the password of the account. Named by the account: nobody without the
   * password can use the limit up.
   */
  factor: { of: 'address', fromHere: 10, fromAnywhere: 30, forAnybody: 300, windowSeconds: 3600 },
  /**
   * Attack: mail flooding, by codes as a second factor. Counted for the address and for the account: one account may have
   * several addresses, and several accounts the same one.
   */
  'factor-mail': { of: 'address', fromHere: 5, fromAnywhere: 10, forAnybody: 100, windowSeconds: 3600 },
  /** Attack: mail flooding, by links for a new password. */
  forgot: { of: 'address', fromHere: 5, fromAnywhere: 20, forAnybody: 100, windowSeconds: 3600 },
  /** Attack: guessing the secret of an application. */
  'client-secret': { of: 'client', fromHere: 10, fromAnywhere: 100, forAnybody: 50, windowSeconds: 900 },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitedAttempt = Exclude<keyof typeof LIMITS, 'client-secret'>;

/**
 * Tries that a whole network may make, as a multiple of one machine's limit. `site`: the network that a provider gives
 * one customer; `block`: the smallest network with its own route.
 */
const SHARES = { machine: 1, site: 2, block: 4 } as const satisfies Readonly<Record<NetworkWidth, number>>;

/** A browser that has signed people in before, and the accounts of these people. */
export interface KnownDevice {
  readonly id: string;
  readonly userIds: readonly string[];
}

export interface Tried {
  readonly email: string;
  readonly ip: string;
  /** The id of the account with this e-mail address, if there is one. */
  readonly userId?: string | undefined;
  readonly device?: KnownDevice | undefined;
  /** The limits that the tenant has set; without them the server's own apply. */
  readonly rules?: AttemptRules | undefined;
  /** The counter and the limit of a thing that allows only a few tries in total, such as one mailed code. */
  readonly once?: { readonly key: string; readonly limit: number } | undefined;
}

export type Counted =
  | {
      readonly allowed: true;
      /** The keys of the counters that counted this try, the narrowest first. */
      readonly keys: readonly string[];
      /** True when the first key counts only one machine or browser, for one address. */
      readonly startsNarrow: boolean;
      /** The limits that this try came nearer to, and that the person may be told of. */
      readonly ahead: readonly LimitAhead[];
    }
  | { readonly allowed: false; readonly passed: PassedLimit };

/**
 * Counts one attempt in all counters, narrow before wide, in one round trip. A refused attempt is not counted, so it
 * uses up no limit that other people share.
 */
async function countAgainst(
  attempts: AttemptCounters,
  counters: readonly ScopedCounter[],
  at: Date,
  told: Told = 'all',
): Promise<Counted> {
  const outcome = await attempts.count(counters, at);
  if (outcome.within) {
    return {
      allowed: true,
      keys: counters.map(({ key }) => key),
      startsNarrow: startsNarrow(counters),
      ahead: limitsAhead(counters, outcome, told),
    };
  }
  const counter = counters[outcome.place];
  assert(counter !== undefined, 'the counter that is full is one of those that were given');
  return { allowed: false, passed: limitOf(counter, outcome.endsAt) };
}

const sharedKind = (kind: keyof typeof LIMITS): string => (LIMITS[kind] as Limit).sharedWith ?? kind;

/** A limit whose numbers come from the tenant instead of this server. */
interface Ruled extends Limit {
  /** Window in seconds of the counters that count a network's tries for all addresses together. */
  readonly networkWindowSeconds: number;
  /**
   * How tries for one address are counted: for each network and in total, only in total, or (from a network that the
   * tenant trusts) in a separate counter.
   */
  readonly counted: 'by_network' | 'everywhere' | 'apart';
  /** True when a network's tries for all addresses are counted together. */
  readonly countsNetwork: boolean;
}

function ruledLimit(kind: keyof typeof LIMITS, ip: string, rules: AttemptRules): Ruled {
  const own: Limit = LIMITS[kind];
  const passwords = kind === 'password' ? rules.passwords : undefined;
  const ruled = kind === 'sign-up-call' ? 'sign-up-mail' : kind;
  const network = ruled === 'password' || ruled === 'sign-up-mail' ? rules.forNetworks[ruled] : undefined;
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

/** Key of the counter for tries from networks that the tenant trusts. Tries from other networks do not use it up. */
const apartKey = (ofNamed: string): string => `${ofNamed} allowlist`;

/**
 * Returns the counters for a try from a browser that is not known. For each network of the sender, from machine to
 * block: one for the named address or client, and one for all of them. The counter of tries from everywhere is last.
 */
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
      // Below `fromAnywhere`, so that no single network can use up the limit for tries from everywhere.
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
  // Attack: a trusted network guesses without limit. So its tries have a counter too, with the limit `fromAnywhere`.
  const key = isApart ? apartKey(ofNamed) : ofNamed;
  const anywhere = { key, scope, limit: fromAnywhere, windowSeconds, subject: ofNamed };
  return [...byNetwork, anywhere];
}

/**
 * Returns a counter for this known browser, and one for all known browsers of the account together. Attack: a stolen
 * cookie, or many cookies of somebody who once knew the password, get around the limits.
 */
function deviceCounters(kind: LimitedAttempt, { userId, device, ip, rules }: Tried): readonly ScopedCounter[] {
  // Attack: a browser that has signed in somebody else guesses at this account, with an allowance that strangers lack.
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

/**
 * Returns the limits ahead of a known browser. Its own allowance is followed by that of strangers, so the tries of both
 * are left; the smaller number would refuse nobody yet. Reads the strangers' counters only where it matters.
 */
async function lookBeyond(
  attempts: AttemptCounters,
  ahead: readonly LimitAhead[],
  strangers: readonly ScopedCounter[],
  at: Date,
  told: Told,
): Promise<readonly LimitAhead[]> {
  const itself = ahead.filter(({ limit }) => limit === 'for_this_one');
  const [own, once] = [findNearest(ahead.filter((limit) => !itself.includes(limit))), itself[0]];
  if (once === undefined) return ahead;
  if (once.left < own.left) return itself;
  const beyond = findNearest(limitsAhead(strangers, await attempts.read(strangers, at), told));
  return [{ ...beyond, left: own.left + beyond.left }, once];
}

/**
 * Counts one attempt in the own allowance of a known browser. When that is used up, and for an unknown browser, counts
 * it like a stranger's.
 */
export async function countAttempt(
  attempts: AttemptCounters,
  kind: LimitedAttempt,
  tried: Tried,
  at: Date,
): Promise<Counted> {
  const { once } = tried;
  const { windowSeconds, told = 'all' }: Limit = LIMITS[kind];
  const itself: ScopedCounter[] = once ? [{ ...once, scope: 'for_this_one', windowSeconds }] : [];
  const strangers = strangersCounters(kind, tried.email, tried.ip, tried.rules);
  const own = deviceCounters(kind, tried);
  if (own.length > 0) {
    const counted = await countAgainst(attempts, [...own, ...itself], at, told);
    if (counted.allowed) return { ...counted, ahead: await lookBeyond(attempts, counted.ahead, strangers, at, told) };
    if (counted.passed.limit === 'for_this_one') return counted;
  }
  return countAgainst(attempts, [...strangers, ...itself], at, told);
}

/**
 * Counts one try of a client secret. A network that recently sent the right secret has its own allowance for this
 * application and uses no shared counter, so nobody elsewhere can lock the application out.
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
 * Stops counting an attempt that succeeded: resets the counter of this machine or browser, and subtracts only this
 * attempt from the wider ones, which also count others' tries. Attack: somebody guesses at many accounts and signs in
 * to their own in between.
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

/**
 * Resets the counters of guesses at an account that got a new password. The network's tries for other accounts still
 * count.
 */
export async function forgetAttempts(attempts: AttemptCounters, kind: LimitedAttempt, tried: Tried): Promise<void> {
  const forAddress = strangersCounters(kind, tried.email, tried.ip).filter(({ scope }) => scope !== 'from_network');
  const apart = { key: apartKey(namedSubject(sharedKind(kind), tried.email)) };
  await attempts.change(
    [...deviceCounters(kind, tried), ...forAddress, apart].map(({ key }) => ({ key, change: 'forget' }) as const),
  );
}

/** Returns an exceeded limit as evidence for the login's trace. */
export function evidenceOfLimit(passed: PassedLimit): Readonly<Record<string, unknown>> {
  const { limit, network, most, windowSeconds, endsAt } = passed;
  return { limit, ...(network && { network }), most, window_seconds: windowSeconds, ends_at: endsAt };
}
