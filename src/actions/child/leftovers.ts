/**
 * Ends what an execution left running: its timers, and the sockets that clients keep open for a next request. Callbacks of one
 * execution would otherwise run in the next, for another person. Leftovers that cannot be ended here are found by integrity.ts.
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
  /** The timers that an Action sees. */
  readonly timers: ActionTimers;
  /** Clears timers, closes sockets, and waits until Node has noticed. Returns what was started meanwhile, or undefined. */
  end(): Promise<string | undefined>;
}

/** Counts from now on. To be called once, before any Action runs and before integrity.ts takes its picture. */
export function trackLeftovers(): Leftovers {
  let started: Timer[] = [];
  let opened: Socket[] = [];
  const timers = createTimers((timer) => {
    started[started.length] = timer;
  });
  // Also for `globalThis.setTimeout` and in packages: Node has no list that contains timers after `unref`.
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
  // It starts a timer, also on a socket that is never connected.
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
      // The last measurements and the last match of a RegExp can be read everywhere, so they are cleared as well.
      apply(clearMarks, performance, []);
      apply(clearMeasures, performance, []);
      apply(matches, /(?:)/, ['']);
      // Node's own client starts a timer when its sockets close, so further rounds end the leftovers of the first one. If something
      // still starts after that, it is not a result of this closing.
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
