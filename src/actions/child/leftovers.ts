/**
 * Stops timers that an execution left running, and closes sockets that HTTP clients keep open for their next request.
 * Otherwise callbacks of one execution would run during the next one, which is another person's login. integrity.ts
 * finds leftovers that cannot be stopped here.
 */
import { Socket } from 'node:net';
import { apply, defineProperty, PromiseOf } from './primordials.js';
import { type ActionTimers, clearImmediate, clearTimeout, createTimers, setImmediate, type Timer } from './timers.js';

const { connect, destroy, setTimeout: setSocketTimeout } = Socket.prototype;
const { performance } = globalThis;
const { clearMarks, clearMeasures } = performance;
const matches = RegExp.prototype.test;

const ROUNDS = 3;

/** Resolves after `turns` turns of the event loop. */
export async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new PromiseOf<void>((resolve) => setImmediate(resolve));
}

export interface Leftovers {
  /** The timer functions that an Action gets. */
  readonly timers: ActionTimers;
  /**
   * Clears timers, closes sockets, and waits until Node has noticed. Returns a description of a timer or socket that
   * was started meanwhile, or undefined if there was none.
   */
  end(): Promise<string | undefined>;
}

/**
 * Records timers and sockets from now on. Must be called once, before any Action runs and before integrity.ts takes its
 * snapshots.
 */
export function trackLeftovers(): Leftovers {
  let started: Timer[] = [];
  let opened: Socket[] = [];
  const timers = createTimers((timer) => {
    started[started.length] = timer;
  });
  // Replaces the functions on `globalThis` too, so that timers of packages are recorded. Node itself lists no timers
  // after `unref`.
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    defineProperty(globalThis, name, {
      value: timers.globals[name],
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  defineProperty(AbortSignal, 'timeout', { value: timers.abortAfter, writable: true, configurable: true });
  const follow = (name: string, original: (...values: never[]) => unknown): void => {
    const value = function (this: Socket, ...rest: unknown[]): unknown {
      opened[opened.length] = this;
      return apply(original, this, rest);
    };
    defineProperty(Socket.prototype, name, { value, writable: true, configurable: true });
  };
  follow('connect', connect);
  // A socket's `setTimeout` starts a timer, even if the socket is never connected.
  follow('setTimeout', setSocketTimeout);
  const stop = (): void => {
    for (let index = 0; index < started.length; index += 1) {
      clearTimeout(started[index] as NodeJS.Timeout);
      clearImmediate(started[index] as NodeJS.Immediate);
    }
    for (let index = 0; index < opened.length; index += 1) apply(destroy, opened[index], []);
    started = [];
    opened = [];
  };
  return {
    timers,
    async end() {
      // Clears measurements and the last RegExp match, which all code in the process can read.
      apply(clearMarks, performance, []);
      apply(clearMeasures, performance, []);
      apply(matches, /(?:)/, ['']);
      // Node's HTTP client starts a timer when its sockets close. So further rounds stop the leftovers that the first
      // round caused. Leftovers after the last round have another cause.
      for (let round = 0; round < ROUNDS && (round === 0 || started.length + opened.length > 0); round += 1) {
        const wasBusy = opened.length > 0;
        stop();
        // Closing takes two turns of the event loop: one for the handle, one for its listeners.
        await pass(wasBusy ? 3 : 1);
      }
      if (started.length > 0) return 'a timer that was started after the end';
      return opened.length > 0 ? 'a socket that was used after the end' : undefined;
    },
  };
}
