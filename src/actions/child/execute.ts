/**
 * One execution of a trigger: runs the Actions in order, each with its own event and `api`, until one denies, redirects
 * the person or throws. Sends the server the requested effects. Then it reports whether the execution left the process
 * unchanged.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Effect, type JsonObject, TRIGGERS } from '../../domain/actions/action.js';
import { systemClock } from '../../kernel/clock.js';
import type { BootMessage, CacheChange, CacheRecord, ChildEnd, ErrorText, RunMessage } from '../protocol.js';
import type { ApiContext, Verdict } from './api/context.js';
import { createApi } from './api/create.js';
import { send, sendWithNext } from './channel.js';
import { toErrorText } from './errors.js';
import { toEvent } from './event.js';
import { settleGlobals } from './hidden.js';
import { createIntegrity } from './integrity.js';
import { toJson } from './json.js';
import { trackLeftovers } from './leftovers.js';
import { createModules } from './modules.js';
import { apply, defineProperty, PromiseOf, slice } from './primordials.js';

export interface Executor {
  run(message: RunMessage): Promise<void>;
  /** Reports an exception that nothing caught: thrown in a timer, or in a promise that nobody awaited. */
  fail(error: unknown): void;
  /** Reports a line that an Action printed to `console`. */
  print(text: string): void;
}

const BOTH =
  'api.redirect.sendUserTo and a command for a second factor are not available in one Action. Put the redirect into a later Action.';

/** The effects that the Actions of one execution requested so far. */
class Collected {
  readonly effects: Effect[] = [];
  readonly changes: CacheChange[] = [];
  readonly cache: Map<string, CacheRecord>;
  bytes = 0;
  verdict: Verdict | undefined;
  unavailable: string | undefined;
  failed: ErrorText | undefined;
  isOver = false;

  constructor(
    readonly message: RunMessage,
    readonly maxBytes: number,
  ) {
    this.cache = new Map(Object.entries(message.cache));
  }

  push(effect: Effect): void {
    // A finished execution cannot request anything: a late callback must not change the next one.
    if (this.isOver) return;
    toJson(effect, 'what was asked for', this.maxBytes);
    this.bytes += JSON.stringify(effect).length;
    if (this.bytes > this.maxBytes)
      throw new RangeError(`the Actions ask for more than ${this.maxBytes} bytes together`);
    this.effects.push(effect);
  }
}

function toContext(collected: Collected, boot: BootMessage, event: JsonObject, isResumed: boolean): ApiContext {
  return {
    event,
    isResumed,
    asked: () => [...collected.message.effects, ...collected.effects],
    push: (effect) => collected.push(effect),
    decide(verdict) {
      const { verdict: earlier, isOver } = collected;
      if (isOver || earlier?.kind === 'denied') return;
      if (earlier !== undefined && earlier.kind !== verdict.kind && verdict.kind !== 'denied')
        collected.unavailable ??= BOTH;
      collected.verdict = verdict;
    },
    refuse(message): never {
      collected.unavailable ??= message;
      throw new Error(message);
    },
    print: (text) => {
      if (!collected.isOver) printLine(boot, text);
    },
    now: () => systemClock.now().getTime(),
    cache: collected.cache,
    changeCache: (change) => {
      if (!collected.isOver) collected.changes.push(change);
    },
  };
}

function printLine(boot: BootMessage, text: string): void {
  send({ kind: 'line', text: slice(text, 0, boot.limits.consoleChars + 1) });
}

function getHandler(exported: unknown, name: string, action: string): (event: unknown, api: unknown) => unknown {
  const isObject = (typeof exported === 'object' && exported !== null) || typeof exported === 'function';
  const handler = isObject ? (Reflect.get(exported, name) as unknown) : undefined;
  if (typeof handler !== 'function') throw new Error(`the Action ${action} exports no function ${name}`);
  return handler as (event: unknown, api: unknown) => unknown;
}

/**
 * Catches exceptions of microtasks where they are thrown. When Node reports such an exception, nobody can tell any more
 * which execution threw it.
 */
function guardMicrotasks(fail: (error: unknown) => void): void {
  const original = globalThis.queueMicrotask;
  const value = (callback: unknown): void => {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask takes a function');
    original(() => {
      try {
        callback();
      } catch (error) {
        fail(error);
      }
    });
  };
  defineProperty(globalThis, 'queueMicrotask', { value, writable: true, configurable: true, enumerable: true });
}

function toEnd(collected: Collected, index: number): ChildEnd {
  const { failed, unavailable, verdict } = collected;
  if (unavailable !== undefined) {
    const error = failed ?? { name: 'Error', message: unavailable, stack: `Error: ${unavailable}` };
    return { kind: 'failed', failure: 'not_available', error: { ...error, message: unavailable } };
  }
  if (failed !== undefined) return { kind: 'failed', failure: 'threw', error: failed };
  if (verdict === undefined) return { kind: 'done' };
  return verdict.kind === 'denied' ? verdict : { ...verdict, index };
}

/**
 * Creates the check whether a callback belongs to the current execution. A callback inherits the token of the execution
 * that registered it (AsyncLocalStorage).
 */
function createOwnership() {
  let stray: string | undefined;
  const storage = new AsyncLocalStorage<object>();
  const { run: runWithin, getStore } = AsyncLocalStorage.prototype;
  let token: object | undefined;
  return {
    /** The reason why the process must not be reused: a callback of an earlier execution ran. */
    stray: () => stray,
    strayed(what: string): void {
      stray ??= what;
    },
    /**
     * True if the running callback belongs to the current execution. One of an earlier execution would run during
     * another person's login; then the process is not reused.
     */
    isOwn(what: string): boolean {
      const isCurrent = token !== undefined && apply(getStore, storage, []) === token;
      if (!isCurrent) stray ??= `${what} of an earlier execution`;
      return isCurrent;
    },
    begin<T>(run: () => T): T {
      token = {};
      return apply(runWithin, storage, [token, run]) as T;
    },
  };
}

/** Runs the handler of one Action, with the modules that all Actions of the program share. */
async function runAction(
  boot: BootMessage,
  modules: ReturnType<typeof createModules>,
  index: number,
  message: RunMessage,
  collected: Collected,
): Promise<void> {
  const trigger = TRIGGERS[boot.trigger];
  const action = boot.actions[index];
  if (action === undefined) return;
  const isResumed = message.resume && index === message.from;
  const event = toEvent(message.event, [...message.effects, ...collected.effects], action.secrets);
  const api = createApi(boot.trigger, toContext(collected, boot, event, isResumed));
  const exported = modules.instantiate(index);
  const name = isResumed && trigger.resume !== undefined ? trigger.resume : trigger.handler;
  await getHandler(exported, name, action.name)(event, api);
}

/**
 * Sets up everything that executions share. Called once, when the server has sent the program (the Actions and modules
 * of a trigger).
 */
export function createExecutor(boot: BootMessage): Executor {
  settleGlobals();
  const leftovers = trackLeftovers();
  guardMicrotasks((error) => fail(error));
  const integrity = createIntegrity();
  const modules = createModules(boot, integrity, leftovers);
  let current: { collected: Collected; abandon: (error: unknown) => void; lines: number } | undefined;

  const ownership = createOwnership();

  /** Runs one Action and reports its result. An exception that nothing catches ends the Action too. */
  async function attempt(index: number, message: RunMessage, collected: Collected): Promise<void> {
    // The server itself records that the first Action begins, before it sends the message to run.
    if (index > message.from) send({ kind: 'begin', index });
    const started = systemClock.monotonicMs();
    try {
      // Uses `await`, which is part of the language, instead of `Promise.race` or `then`, which an Action may have
      // replaced.
      await new PromiseOf<void>((resolve, reject) => {
        current = { collected, abandon: reject, lines: 0 };
        const follow = async (): Promise<void> => {
          try {
            await runAction(boot, modules, index, message, collected);
            resolve();
          } catch (error) {
            reject(error);
          }
        };
        void follow();
      });
    } catch (error) {
      collected.failed = toErrorText(error, modules.files);
    }
    const durationMs = systemClock.monotonicMs() - started;
    sendWithNext({
      kind: 'end',
      durationMs: Number.isFinite(durationMs) ? Math.max(0, durationMs) : 0,
      error: collected.failed,
    });
  }

  function fail(error: unknown): void {
    if (!ownership.isOwn('an exception')) return;
    if (current === undefined) ownership.strayed('an exception after the end');
    else current.abandon(error);
  }

  async function execute(message: RunMessage): Promise<void> {
    const collected = new Collected(message, boot.limits.resultBytes / 2);
    integrity.begin();
    let index = message.from;
    for (; index < boot.actions.length; index += 1) {
      await attempt(index, message, collected);
      if (collected.failed ?? collected.unavailable ?? collected.verdict) break;
    }
    collected.isOver = true;
    current = undefined;
    send({ kind: 'result', end: toEnd(collected, index), effects: collected.effects, cache: collected.changes });
    // Stops timers and sockets only after the answer, so that the person does not wait for it.
    const late = await leftovers.end();
    send({ kind: 'clean', leftover: ownership.stray() ?? late ?? integrity.findChange() });
  }

  return {
    run: (message) => ownership.begin(() => execute(message)),
    fail,
    print(text) {
      if (!ownership.isOwn('a line') || current === undefined) return;
      current.lines += 1;
      if (current.lines <= boot.limits.consoleLines + 1) printLine(boot, text);
    },
  };
}
