/**
 * Limits wrong secrets presented for an application. Reads the counters of all nodes only when this node has seen a
 * wrong secret for the application in the last quarter of an hour; otherwise a right secret only records its network,
 * once a day. Does not decide which secret is right, and stores none.
 */
import type { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/ids.js';
import { networksOf } from '../../kernel/networks.js';
import { countSecret, forgiveAttempts, type PassedLimit } from '../../login/attempt-limits.js';
import type { AttemptCounters } from '../../ports/attempts.js';

/** Milliseconds for which an application is watched after a wrong secret: at least the window of the counters. */
const WATCHED_MS = 900_000;
/**
 * Most applications watched at once. Beyond it all are watched: each request then asks the counters, which lets nobody
 * in.
 */
const MAX_WATCHED = 10_000;
/** Most wrong secrets remembered for one application, to recognize a repeated one. */
const MAX_WRONG = 8;
const KNOWN_NETWORK_SECONDS = 30 * 86_400;
/** Milliseconds until a node records again that the right secret came from a network. */
const WRITTEN_DOWN_MS = 86_400_000;
const MAX_WRITTEN_DOWN = 10_000;

/** A request that names an application and presents a secret. */
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
   * Counts a presented secret. Returns the exceeded limit; undefined means that the secret may be accepted if it is
   * right.
   */
  check(presented: PresentedSecret): Promise<PassedLimit | undefined>;
}

interface Watched {
  untilMs: number;
  /** Digests of the latest wrong secrets. */
  wrong: readonly string[];
}

/** Hashes ids and secrets, because made-up ones may be long. */
const digestOf = (text: string): string => hashSecret(text).toString('base64');

/** Creates the limit of guesses at client secrets. All nodes share `attempts`. */
export function createSecretGuesses(deps: { attempts: AttemptCounters; clock: Clock }): SecretGuesses {
  const { attempts, clock } = deps;
  const watched = new Map<string, Watched>();
  /**
   * Ids that belong to no application, kept apart: otherwise made-up ids would cause all applications to be watched.
   */
  const madeUp = new Map<string, Watched>();
  const writtenDown = new Map<string, number>();

  const networkKey = ({ clientId, ip }: PresentedSecret) => `client-network:${clientId} ${networksOf(ip)[0]?.name}`;

  function findIn(among: Map<string, Watched>, clientId: string): Watched | undefined {
    const found = among.get(digestOf(clientId));
    return found !== undefined && found.untilMs > clock.monotonicMs() ? found : undefined;
  }

  /**
   * Notes a wrong secret. True when the same one was presented before: a misconfigured application repeats its secret.
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

  /** Records the application's network: while others guess from elsewhere, it is not refused. */
  async function rememberNetwork(presented: PresentedSecret): Promise<void> {
    const key = networkKey(presented);
    if (isFresh(key)) return;
    if (writtenDown.size >= MAX_WRITTEN_DOWN) writtenDown.clear();
    writtenDown.set(key, clock.monotonicMs());
    // Ignores a failure of the database here: the request's own statements then fail too and report it.
    await attempts.remember(key, KNOWN_NETWORK_SECONDS, clock.now()).catch(() => writtenDown.delete(key));
  }

  return {
    async check(presented) {
      const { clientId, ip, fits } = presented;
      // Read and set before any await: among guesses at the same moment, the right secret stays uncounted only if it
      // comes first.
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
