/**
 * Stops timers that an execution left running, and closes sockets that clients keep open for a next request. Otherwise
 * callbacks of one execution would run during the next, for another person. integrity.ts finds leftovers that cannot be
 * stopped here.
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
   * was started meanwhile; undefined without one.
   */
  end(): Promise<string | undefined>;
}

/** Counts from now on. Must be called once, before any Action runs and before integrity.ts takes its snapshots. */
export function trackLeftovers(): Leftovers {
  let started: Timer[] = [];
  let opened: Socket[] = [];
  const timers = createTimers((timer) => {
    started[started.length] = timer;
  });
  // Replaced on `globalThis` too, and so for packages: no list of Node contains timers after `unref`.
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
  // `setTimeout` of a socket starts a timer, even if the socket is never connected.
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
      // Clears the last measurements and the last RegExp match, which all code can read.
      apply(clearMarks, performance, []);
      apply(clearMeasures, performance, []);
      apply(matches, /(?:)/, ['']);
      // Node's client starts a timer when its sockets close, so further rounds stop the leftovers of the first one. A
      // later start is not caused by this closing.
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
