/**
 * Ends what an execution left running: its timers, and the sockets that clients keep open for a next request. Callbacks of one
 * execution would otherwise run in the next, for another person. What cannot be ended here is found by integrity.ts.
 */
import { Socket } from 'node:net';
import timers from 'node:timers';
import { promisify } from 'node:util';
import { apply, defineProperty, PromiseOf } from './primordials.js';

const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = timers;
const { connect, destroy } = Socket.prototype;
const { performance } = globalThis;
const { clearMarks, clearMeasures } = performance;
const matches = RegExp.prototype.test;

type Timer = NodeJS.Timeout | NodeJS.Immediate;
type Start = (callback: (...values: unknown[]) => void, ...rest: unknown[]) => Timer;

export interface Leftovers {
  /** The timers that an Action sees under their usual names. */
  readonly timers: Readonly<Record<string, unknown>>;
  /** Clears and closes, then waits until Node has noticed. */
  end(): Promise<void>;
}

function toPromisable(wrapped: Start, original: Start): Start {
  const custom = Reflect.get(original, promisify.custom) as unknown;
  if (custom !== undefined) defineProperty(wrapped, promisify.custom, { value: custom });
  return wrapped;
}

/** Counts from now on. Once, before any Action runs. */
export function trackLeftovers(): Leftovers {
  let started: Timer[] = [];
  let opened: Socket[] = [];
  const track = (start: Start): Start =>
    toPromisable((...rest) => {
      const timer = start(...rest);
      started[started.length] = timer;
      return timer;
    }, start);
  const tracked = {
    setTimeout: track(setTimeout as Start),
    setInterval: track(setInterval as Start),
    setImmediate: track(setImmediate as Start),
  };
  const value = function (this: Socket, ...rest: unknown[]): unknown {
    opened[opened.length] = this;
    return apply(connect, this, rest);
  };
  defineProperty(Socket.prototype, 'connect', { value, writable: true, configurable: true });
  return {
    timers: { ...tracked, clearTimeout, clearInterval, clearImmediate },
    async end() {
      for (let index = 0; index < started.length; index += 1) {
        clearTimeout(started[index] as NodeJS.Timeout);
        clearImmediate(started[index] as NodeJS.Immediate);
      }
      for (let index = 0; index < opened.length; index += 1) apply(destroy, opened[index], []);
      // What was measured and matched last is readable everywhere as well.
      apply(clearMarks, performance, []);
      apply(clearMeasures, performance, []);
      apply(matches, /(?:)/, ['']);
      const wasBusy = opened.length > 0;
      started = [];
      opened = [];
      // Closing takes two turns of the event loop: one for the handle, one for those who are told.
      for (let turn = wasBusy ? 0 : 2; turn < 3; turn += 1)
        await new PromiseOf<void>((resolve) => setImmediate(resolve));
    },
  };
}
