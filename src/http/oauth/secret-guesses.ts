/**
 * How often a wrong secret may be presented for an application. As long as nobody presents any, nothing is read or written for it: what a
 * node has seen in the last quarter of an hour says whether the counters of all nodes have to be asked. Decides nothing about which
 * secret is right, and keeps none.
 */
import type { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/ids.js';
import { networksOf } from '../../kernel/networks.js';
import { countSecret, forgiveAttempts, type PassedLimit } from '../../login/attempt-limits.js';
import type { AttemptCounters } from '../../ports/attempts.js';

/** At least the window of the counters. */
const WATCHED_MS = 900_000;
/** Applications that are watched at once; beyond it all are, which costs a question to the counters and lets nobody in. */
const MAX_WATCHED = 10_000;
/** Wrong secrets of one application that are known again. */
const MAX_WRONG = 8;
const KNOWN_NETWORK_SECONDS = 30 * 86_400;
/** How long a node does not write down again that the right secret came from a network. */
const WRITTEN_DOWN_MS = 86_400_000;
const MAX_WRITTEN_DOWN = 10_000;

/** A request that names an application and presents a secret. */
export interface PresentedSecret {
  readonly clientId: string;
  /** There is such an application. */
  readonly exists: boolean;
  readonly secret: string;
  readonly ip: string;
  /** It is the application's. */
  readonly fits: boolean;
}

export interface SecretGuesses {
  /** Counts a secret that was presented. The limit that was passed, or undefined where it may count for what it is. */
  check(presented: PresentedSecret): Promise<PassedLimit | undefined>;
}

interface Watched {
  untilMs: number;
  /** Digests of the wrong secrets that were presented last. */
  wrong: readonly string[];
}

/** What is made up may be long. */
const digestOf = (text: string): string => hashSecret(text).toString('base64');

/** `attempts` are shared by all nodes. */
export function createSecretGuesses(deps: { attempts: AttemptCounters; clock: Clock }): SecretGuesses {
  const { attempts, clock } = deps;
  const watched = new Map<string, Watched>();
  /** Apart from the others, or else ids that are made up would have all applications watched. */
  const madeUp = new Map<string, Watched>();
  const writtenDown = new Map<string, number>();

  const networkKey = ({ clientId, ip }: PresentedSecret) => `client-network:${clientId} ${networksOf(ip)[0]?.name}`;

  function findIn(among: Map<string, Watched>, clientId: string): Watched | undefined {
    const found = among.get(digestOf(clientId));
    return found !== undefined && found.untilMs > clock.monotonicMs() ? found : undefined;
  }

  /** True when this very secret was presented before: an application that was set up wrongly tries the same one again and again. */
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

  /** The application is at home there: while others guess elsewhere, it goes on. */
  async function rememberNetwork(presented: PresentedSecret): Promise<void> {
    const key = networkKey(presented);
    if (isFresh(key)) return;
    if (writtenDown.size >= MAX_WRITTEN_DOWN) writtenDown.clear();
    writtenDown.set(key, clock.monotonicMs());
    // A database that cannot keep it says so in the request's own statements.
    await attempts.remember(key, KNOWN_NETWORK_SECONDS, clock.now()).catch(() => writtenDown.delete(key));
  }

  return {
    async check(presented) {
      const { clientId, ip, fits } = presented;
      // At once, before anything is awaited: of guesses at the same moment only the first goes uncounted.
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
