/**
 * Waits at the start for a database that is away: it cannot be reached, starts, or is a standby. Everything that waiting
 * does not fix (a wrong password, a missing database, another schema) ends the wait with its error. Writes nothing
 * except what readiness writes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { createDatabaseCheck } from './health.js';

/** Reasons by SQLSTATE and by Node's code. They name no host. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database cannot be reached: nobody listens at its address',
  ENOENT: 'the database cannot be reached: its socket is not there',
  ENOTFOUND: 'the database cannot be reached: the name of its host has no address',
  EAI_AGAIN: 'the database cannot be reached: the name of its host cannot be looked up',
  ETIMEDOUT: 'the database does not answer',
  '57P01': 'the database is shutting down',
  '57P02': 'the database is shutting down',
  // Also a standby that is not consistent yet, and one that accepts no connections.
  '57P03': 'the database is starting, and accepts no connection yet',
  '53300': 'the database has no connection left',
  '25006': 'the database is a standby: it can be read, but not written',
};
const LOST = /^(ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|08(000|001|003|004|006|007))$/;
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;
const SILENT_MESSAGE =
  /^(Query read timeout|timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout)/;
/** pgbouncer's messages when it cannot reach PostgreSQL itself. Its code (08P01) also stands for wrong settings. */
const BEHIND_POOLER = /server_login_retry|server login has been failing|cannot connect to server|query_wait_timeout/i;

/** Returns the reason that one error of the driver gives. */
function reasonOf({ message, code }: Error & { readonly code?: unknown }): string | undefined {
  const state = typeof code === 'string' ? code : '';
  if (REASONS[state] !== undefined) return REASONS[state];
  if (SILENT_MESSAGE.test(message)) return REASONS.ETIMEDOUT;
  if (BEHIND_POOLER.test(message)) return 'the pooler answers, but cannot reach the database';
  return LOST.test(state) || LOST_MESSAGE.test(message) ? 'the database cannot be reached' : undefined;
}

/** Returns the reason why the database is away, or undefined for an error that waiting does not fix. */
export function findAway(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const reason = reasonOf(one);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const PAUSE_MS = 1_000;
/** Milliseconds between two log lines of one reason. */
const SAY_EVERY_MS = 60_000;

export interface Waiting {
  /** Called with each reason, before the pause. `isNews`: it should be logged. */
  readonly onAway: (reason: string, about: { readonly isNews: boolean; readonly tries: number }) => Promise<void>;
  /**
   * Called before `open`, after a wait. `isNews`: it should be logged. Without that, `open` found the database away again,
   * such as without a free connection, and the log would get a line for each try.
   */
  readonly onBack: (about: { readonly isNews: boolean; readonly tries: number }) => void;
  /** Ends the wait: then the promise rejects with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Pick<Clock, 'monotonicMs'>;
}

/**
 * Runs `open` as soon as the database accepts writes and finishes commits, and again if the database went away
 * meanwhile. Asks the database by `probe`, whose waits are short. Throws what `open` throws, unless the database is away.
 */
export async function whenDatabaseIsThere(
  probe: pg.Pool,
  open: () => Promise<void>,
  { onAway, onBack, signal, clock = systemClock }: Waiting,
): Promise<void> {
  const check = createDatabaseCheck(probe, clock);
  let said = { reason: '', atMs: 0, isBack: true };
  for (let tries = 1; ; tries += 1) {
    signal?.throwIfAborted();
    const reason = await tryOnce(check, open, () => {
      if (tries > 1) onBack({ isNews: !said.isBack, tries });
      said.isBack = true;
    });
    if (reason === undefined) return;
    const nowMs = clock.monotonicMs();
    const isNews = reason !== said.reason || nowMs - said.atMs >= SAY_EVERY_MS;
    if (isNews) said = { reason, atMs: nowMs, isBack: false };
    await onAway(reason, { isNews, tries });
    await pause(PAUSE_MS, undefined, { signal });
  }
}

/** Returns why the database is away, or undefined when `open` is done. */
async function tryOnce(
  check: ReturnType<typeof createDatabaseCheck>,
  open: () => Promise<void>,
  onThere: () => void,
): Promise<string | undefined> {
  try {
    const found = await check().catch((error: unknown) => {
      if (findAway(error) !== undefined) throw error;
      // A problem that is no absence: `open` meets it too, and says it in its own words.
      return { ready: true } as const;
    });
    if (!found.ready) return found.reason;
    onThere();
    await open();
    return undefined;
  } catch (error) {
    const reason = findAway(error);
    if (reason === undefined) throw error;
    return reason;
  }
}
