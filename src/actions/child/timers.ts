/**
 * The timers of an Action, in all of Node's forms: callbacks, promises, and `promisify`. Each kind has one starting
 * function, so that counting there misses none. Stops no timer itself.
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

/** Returns a promise that a timer fulfils with `value`, or that `signal` rejects, like `timers/promises`. */
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

/** Builds the forms of `timers/promises` from starting functions. */
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

/** Builds all forms; `track` receives each timer that is started. */
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
  // Node's own form would start a timer that is not counted.
  defineProperty(started.setTimeout, promisify.custom, { value: promises.setTimeout });
  defineProperty(started.setImmediate, promisify.custom, { value: promises.setImmediate });
  // `promisify` marks its result at its first call; called now, before the result is frozen.
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
