/**
 * Limits requests for each of many keys: a bucket of tokens that fills at a steady rate. Held in the memory of this
 * node, for a limited number of keys: the least recently used one is forgotten. Must never be the only check against
 * guessing: those limits are shared by all nodes (login/attempt-limits.ts).
 */
import type { Clock } from './clock.js';

export interface Rate {
  readonly perSecond: number;
  /** Maximum number of requests that may come at once after a pause. */
  readonly atOnce: number;
}

export interface RateAnswer {
  readonly isWithin: boolean;
  /** Maximum number of requests at once. */
  readonly limit: number;
  /** Number of requests that are allowed now. */
  readonly remaining: number;
  /** Seconds until the next request is allowed if none is now, else until the bucket is full. */
  readonly resetSeconds: number;
}

export interface RateLimit {
  /** Counts one request of `key`, unless it exceeds the limit. */
  take(key: string): RateAnswer;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Maximum number of keys in memory, which use some megabytes. */
const MAX_KEYS = 10_000;

/** Creates a rate limit with a separate bucket for each key. */
export function createRateLimit(
  { perSecond, atOnce }: Rate,
  clock: Pick<Clock, 'monotonicMs'>,
  maxKeys = MAX_KEYS,
): RateLimit {
  const buckets = new Map<string, Bucket>();
  const forgetOldest = () => {
    const [oldest] = buckets.keys();
    if (buckets.size > maxKeys && oldest !== undefined) buckets.delete(oldest);
  };
  return {
    take(key) {
      const nowMs = clock.monotonicMs();
      const before = buckets.get(key) ?? { tokens: atOnce, atMs: nowMs };
      const filled = Math.min(atOnce, before.tokens + ((nowMs - before.atMs) / 1_000) * perSecond);
      const isWithin = filled >= 1;
      const tokens = isWithin ? filled - 1 : filled;
      // Deleted first, so that the map's keys are in the order of their last use.
      buckets.delete(key);
      buckets.set(key, { tokens, atMs: nowMs });
      forgetOldest();
      const missing = tokens < 1 ? 1 - tokens : atOnce - tokens;
      return { isWithin, limit: atOnce, remaining: Math.floor(tokens), resetSeconds: Math.ceil(missing / perSecond) };
    },
  };
}

/**
 * Returns Auth0's headers for an answer, and Retry-After if the request exceeded the limit. `now` is wall-clock time.
 */
export function rateHeaders({ isWithin, limit, remaining, resetSeconds }: RateAnswer, now: Date) {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.floor(now.getTime() / 1_000) + resetSeconds),
    ...(isWithin ? {} : { 'retry-after': String(Math.max(1, resetSeconds)) }),
  };
}
