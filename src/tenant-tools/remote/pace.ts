/**
 * Limits how many requests run at once and when the next may start. The limit grows by one for every round of answers
 * and is halved at 429. Then it waits for the reset that the tenant names: `retry-after`, or Auth0's `x-ratelimit-*`
 * (limit, remaining, reset in epoch seconds;
 * https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy). Never gives up: its
 * caller counts attempts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.js';

/** Longest wait that an answer can cause: a wrong clock must not stop the work for a day. */
const LONGEST_WAIT_MS = 60_000;

export interface Pace {
  /** Runs `work` when a place is free and no wait is in progress. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Adapts the pace to the status and headers of an answer. */
  learn(status: number, headers: Headers): void;
  /** Returns how many requests may run at the same time now. */
  width(): number;
  /** Returns the number of answers 429 so far. */
  limited(): number;
}

function toNumber(text: string | null): number | undefined {
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Returns the milliseconds to wait, as the answer's headers say; undefined where they say nothing. `x-ratelimit-reset`
 * is a time by the tenant's clock, so it is compared with the answer's own `date`.
 */
export function askedWait(headers: Headers, nowMs: number): number | undefined {
  const seconds = toNumber(headers.get('retry-after'));
  if (seconds !== undefined) return Math.min(Math.max(seconds * 1000, 0), LONGEST_WAIT_MS);
  const reset = toNumber(headers.get('x-ratelimit-reset'));
  if (reset === undefined) return undefined;
  const date = Date.parse(headers.get('date') ?? '');
  // Adds one second, because both the reset and the date are rounded to seconds.
  const wait = (reset + 1) * 1000 - (Number.isNaN(date) ? nowMs : date);
  return Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

/**
 * Creates a pace that starts with `start` requests at once and never exceeds `most`. `firstWaitMs` is the wait after a
 * 429 that names no wait; it doubles with each further one.
 */
export function createPace(clock: Clock, { start = 4, most = 16, firstWaitMs = 1_000 } = {}): Pace {
  let width = Math.min(start, most);
  let busy = 0;
  let good = 0;
  let limited = 0;
  let notBefore = 0;
  let nextWait = firstWaitMs;
  const waiting: (() => void)[] = [];

  const release = (): void => {
    busy -= 1;
    waiting.shift()?.();
  };
  const pause = (ms: number): void => {
    notBefore = Math.max(notBefore, clock.monotonicMs() + ms);
  };
  const enter = async (): Promise<void> => {
    for (;;) {
      const left = notBefore - clock.monotonicMs();
      if (left > 0) await sleep(left);
      else if (busy < width) break;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    }
    busy += 1;
    // Starts another request too, if the limit grew while this one waited.
    if (busy < width) waiting.shift()?.();
  };
  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        release();
      }
    },
    learn(status, headers) {
      if (status === 429) {
        limited += 1;
        width = Math.max(1, Math.floor(width / 2));
        good = 0;
        // A wait of 0 after a 429 is caused by a wrong clock, and would use up all attempts at once.
        pause(askedWait(headers, clock.now().getTime()) || nextWait);
        nextWait = Math.min(nextWait * 2, LONGEST_WAIT_MS / 2);
        return;
      }
      nextWait = firstWaitMs;
      const remaining = toNumber(headers.get('x-ratelimit-remaining'));
      if (remaining !== undefined && remaining <= 0) pause(askedWait(headers, clock.now().getTime()) ?? 0);
      good += 1;
      if (good < width || (remaining !== undefined && remaining <= width)) return;
      good = 0;
      width = Math.min(most, width + 1);
    },
    width: () => width,
    limited: () => limited,
  };
}
