/**
 * Keeps what a node read about applications and organizations, for a minute. A kept value is used only after the
 * database has said that no settings changed since it was read (`settings_revision`, which triggers change with every
 * write of settings). So a kept value equals what a new read would have returned, on every node. Holds nothing about
 * people or invitations.
 */
import type { Clock } from '../kernel/clock.js';

/** A value as it was read. */
export interface ReadSettings<T> {
  readonly value: T;
  /** The revision in the same snapshot as the value. */
  readonly revision: string;
  /** When the value changes without a write, in epoch milliseconds; absent for never. */
  readonly changesAtMs?: number;
  /** False for a value that is never kept. */
  readonly mayBeKept: boolean;
}

/** Longest time that a value is kept, in milliseconds. Bounds an error of the database after a restore or a fail-over. */
const KEPT_MS = 60_000;
/** Values kept at most; the one that was used longest ago goes first. */
const MOST = 1000;

interface Kept<T> {
  readonly value: T;
  readonly revision: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Longest wait for the question before one's own, in milliseconds. */
const TURN_MS = 100;

/** Ends with `work`, whatever its outcome, and after {@link TURN_MS} at the latest. */
function endOrTurn(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TURN_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(end, end);
  });
}

/**
 * Returns a function that asks `read` once for all callers of the same time. Each gets an answer to a question that
 * was asked after their call: callers who come while one is under way share the next one. A question that hangs delays
 * the next by a moment, so that one silent connection does not hold up every login.
 */
export function createSharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const begun = read().finally(() => {
      if (underWay === begun) underWay = undefined;
    });
    underWay = begun;
    return begun;
  };
  return () => {
    if (underWay === undefined) return begin();
    next ??= endOrTurn(underWay).then(begin);
    return next;
  };
}

/** Freezes plain objects and arrays, all the way down: several requests use a kept value at once. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
  Object.freeze(value);
  for (const item of Object.values(value)) freeze(item);
}

/**
 * Returns a function that finds a value by its key: a kept one if it is still current, else the one that `read`
 * returns. `readRevision` returns the database's revision now.
 */
export function createSettingsMemory<T>(
  readRevision: () => Promise<string>,
  clock: Clock,
): (key: string, read: () => Promise<ReadSettings<T>>) => Promise<T> {
  const kept = new Map<string, Kept<T>>();
  const revisionNow = createSharedRead(readRevision);

  const keep = (key: string, { value, revision, changesAtMs }: ReadSettings<T>) => {
    const fromMs = clock.now().getTime();
    freeze(value);
    kept.delete(key);
    kept.set(key, {
      value,
      revision,
      fromMs,
      untilMs: Math.min(fromMs + KEPT_MS, changesAtMs ?? Number.POSITIVE_INFINITY),
    });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  };

  return async (key, read) => {
    const found = kept.get(key);
    const nowMs = clock.now().getTime();
    if (found && nowMs >= found.fromMs && nowMs < found.untilMs && found.revision === (await revisionNow())) {
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    }
    kept.delete(key);
    const fresh = await read();
    if (fresh.mayBeKept) keep(key, fresh);
    return fresh.value;
  };
}
