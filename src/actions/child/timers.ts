/**
 * The timer functions that Actions get, in all of Node's forms: callbacks, promises, and `promisify`. All forms of a
 * timer start it by one function, which reports it to the caller. Stops no timer itself.
 */
import timers from 'node:timers';
import { promisify } from 'node:util';
import { defineProperty } from './primordials.js';

export const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;

export type Timer = NodeJS.Timeout | NodeJS.Immediate;
export type Start = (callback: (...values: unknown[]) => void, ...rest: unknown[]) => Timer;

interface Options {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** The timer functions for Actions, by their usual names, and replacements for Node's other kinds of timers. */
export interface ActionTimers {
  readonly globals: Readonly<Record<string, unknown>>;
  /** The replacement of the module `timers/promises`. */
  readonly promises: Readonly<Record<string, unknown>>;
  /** The replacement of `AbortSignal.timeout`. */
  readonly abortAfter: (delay: number) => AbortSignal;
}

function toAbortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** Returns a promise that a timer fulfils with `value`, or that `signal` rejects, as `timers/promises` does. */
function wait(start: (fire: () => void) => Timer, stop: (timer: Timer) => void, value: unknown, options: Options = {}) {
  const { signal, ref = true } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(toAbortError(signal));
      return;
    }
    const onAbort = (): void => {
      stop(timer);
      reject(toAbortError(signal as AbortSignal));
    };
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (!ref) timer.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Builds the functions of `timers/promises` on the given starting functions. */
function toPromises(startTimeout: Start, startImmediate: Start) {
  const later = (delay?: number, value?: unknown, options?: Options) =>
    wait((fire) => startTimeout(fire, delay), clearTimeout as (timer: Timer) => void, value, options);
  const soon = (value?: unknown, options?: Options) =>
    wait((fire) => startImmediate(fire), clearImmediate as (timer: Timer) => void, value, options);
  async function* every(delay?: number, value?: unknown, options?: Options) {
    for (;;) yield await later(delay, value, options);
  }
  return {
    setTimeout: later,
    setImmediate: soon,
    setInterval: every,
    scheduler: { wait: (delay?: number, options?: Options) => later(delay, undefined, options), yield: () => soon() },
  };
}

/** Creates the timer functions. `track` receives each timer that is started. */
export function createTimers(track: (timer: Timer) => void): ActionTimers {
  const follow =
    (start: Start): Start =>
    (...rest) => {
      const timer = start(...rest);
      track(timer);
      return timer;
    };
  const started = {
    setTimeout: follow(setTimeout as Start),
    setInterval: follow(setInterval as Start),
    setImmediate: follow(setImmediate as Start),
  };
  const promises = toPromises(started.setTimeout, started.setImmediate);
  // Without these, `promisify(setTimeout)` would start a timer that is not tracked.
  defineProperty(started.setTimeout, promisify.custom, { value: promises.setTimeout });
  defineProperty(started.setImmediate, promisify.custom, { value: promises.setImmediate });
  // The first `promisify` adds a property to its result, so it runs now, before the result is frozen.
  for (const start of [started.setTimeout, started.setImmediate]) promisify(start as unknown as () => void);
  return {
    globals: { ...started, clearTimeout, clearInterval, clearImmediate },
    promises,
    abortAfter(delay) {
      const controller = new AbortController();
      const reason = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      started.setTimeout(() => controller.abort(reason()), delay).unref();
      return controller.signal;
    },
  };
}
