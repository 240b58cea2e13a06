/**
 * Limits guesses at an application's secret. Reads the counters, which all nodes share, only if this node saw a wrong
 * secret for the application within the last 15 minutes. Otherwise a right secret only records its network, once a day.
 * Does not decide which secret is right, and stores none.
 */
import type { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/ids.js';
import { networksOf } from '../../kernel/networks.js';
import { countSecret, forgiveAttempts } from '../../login/attempt-limits.js';
import type { PassedLimit } from '../../login/limits-ahead.js';
import type { AttemptCounters } from '../../ports/attempts.js';

/**
 * Milliseconds for which an application is watched (its counters are read) after a wrong secret. At least as long as
 * the counters count.
 */
const WATCHED_MS = 900_000;
/**
 * Maximum number of applications watched at once. Beyond that, all are watched: each request then reads the counters,
 * which is slower but refuses no less.
 */
const MAX_WATCHED = 10_000;
/** Maximum number of wrong secrets remembered for one application, to recognize a repeated one. */
const MAX_WRONG = 8;
const KNOWN_NETWORK_SECONDS = 30 * 86_400;
/** Milliseconds after which a node records again that the right secret came from a network. */
const WRITTEN_DOWN_MS = 86_400_000;
const MAX_WRITTEN_DOWN = 10_000;

/** The facts of a request that presents a secret for an application. */
export interface PresentedSecret {
  readonly clientId: string;
  /** True when the application exists. */
  readonly exists: boolean;
  readonly secret: string;
  readonly ip: string;
  /** True when the presented secret is the application's. */
  readonly fits: boolean;
}

export interface SecretGuesses {
  /**
   * Counts a presented secret. Returns the limit that was exceeded. If it returns undefined, the caller may accept the
   * secret if it is right.
   */
  check(presented: PresentedSecret): Promise<PassedLimit | undefined>;
}

interface Watched {
  untilMs: number;
  /** Digests of the latest wrong secrets. */
  wrong: readonly string[];
}

/** Hashes ids and secrets for the maps here, because made-up ones may be long. */
const digestOf = (text: string): string => hashSecret(text).toString('base64');

/** Finds a watched id that has not expired; drops one that has. `nowMs`: by the monotonic clock. */
function findWatched(among: Map<string, Watched>, clientId: string, nowMs: number): Watched | undefined {
  // Nothing is watched, the usual case: no digest is needed.
  if (among.size === 0) return undefined;
  const id = digestOf(clientId);
  const found = among.get(id);
  if (found === undefined || found.untilMs > nowMs) return found;
  among.delete(id);
  return undefined;
}

/** Creates the limit of guesses at client secrets. `attempts` are the counters that all nodes share. */
export function createSecretGuesses(deps: { attempts: AttemptCounters; clock: Clock }): SecretGuesses {
  const { attempts, clock } = deps;
  const watched = new Map<string, Watched>();
  /**
   * Watched ids that belong to no application. Kept apart from `watched`: otherwise made-up ids would fill that map,
   * and all applications would be watched.
   */
  const madeUp = new Map<string, Watched>();
  const writtenDown = new Map<string, number>();

  const networkKey = ({ clientId, ip }: PresentedSecret) => `client-network:${clientId} ${networksOf(ip)[0]?.name}`;

  const findIn = (among: Map<string, Watched>, clientId: string) => findWatched(among, clientId, clock.monotonicMs());

  /**
   * Records a wrong secret and watches the application. Returns true when the same secret was presented before: a
   * misconfigured application repeats its secret, and a guesser does not.
   */
  function watch({ clientId, exists, secret }: PresentedSecret): boolean {
    const among = exists ? watched : madeUp;
    const now = clock.monotonicMs();
    const id = digestOf(clientId);
    const digest = digestOf(secret);
    const wrong = findIn(among, clientId)?.wrong ?? [];
    const isRepeated = wrong.includes(digest);
    if (among.size >= MAX_WATCHED) for (const [old, { untilMs }] of among) if (untilMs <= now) among.delete(old);
    if (among.has(id) || among.size < MAX_WATCHED)
      among.set(id, {
        untilMs: now + WATCHED_MS,
        wrong: isRepeated ? wrong : [digest, ...wrong].slice(0, MAX_WRONG),
      });
    return isRepeated;
  }

  const isFresh = (key: string) =>
    (writtenDown.get(key) ?? Number.NEGATIVE_INFINITY) + WRITTEN_DOWN_MS > clock.monotonicMs();

  /**
   * Records the network that presented the right secret. Guesses from other networks do not get a known network
   * refused.
   */
  async function rememberNetwork(presented: PresentedSecret): Promise<void> {
    const key = networkKey(presented);
    if (isFresh(key)) return;
    if (writtenDown.size >= MAX_WRITTEN_DOWN) writtenDown.clear();
    writtenDown.set(key, clock.monotonicMs());
    // Ignores a failure of the database: the request's own statements then fail too, and report it.
    await attempts.remember(key, KNOWN_NETWORK_SECONDS, clock.now()).catch(() => writtenDown.delete(key));
  }

  return {
    async check(presented) {
      const { clientId, ip, fits } = presented;
      // Reads and changes both maps before any `await`. So of several requests at the same moment, a right
      // secret that comes after a wrong one is counted, too.
      const isWatched = findIn(watched, clientId) !== undefined || watched.size >= MAX_WATCHED;
      const isRepeated = !fits && watch(presented);
      if (fits && !isWatched) {
        await rememberNetwork(presented);
        return undefined;
      }
      if (isRepeated) return undefined;
      const key = networkKey(presented);
      const isKnownNetwork = isFresh(key) || (await attempts.isRemembered(key, clock.now()));
      const counted = await countSecret(attempts, { clientId, ip, isKnownNetwork }, clock.now());
      if (!counted.allowed) return counted.passed;
      if (fits) {
        await forgiveAttempts(attempts, counted);
        await rememberNetwork(presented);
      }
      return undefined;
    },
  };
}
