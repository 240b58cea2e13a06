/**
 * One connection to PostgreSQL, as the pool opens it. It closes itself when an answer is late. Behind a pooler all
 * statements are sent without names; elsewhere the prepared ones have names (prepared.ts). Knows no statement.
 */
import pg from 'pg';
import type { Deadline } from './deadline.js';
import { findPreparedName } from './prepared.js';

/** The driver's message for a late answer. The server may still have done the work. */
const SILENT = 'Query read timeout';

export interface ConnectionRules {
  /**
   * True behind a pooler in transaction mode. There the next statement may reach another server process, which does not
   * know the name of a statement prepared before.
   */
  readonly unnamed: boolean;
  /** Called when a connection was closed because it did not answer, or leads to a standby. */
  readonly onSilent: () => void;
  /** Called with each error of a statement, and of connecting. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds for which the node waits for an answer; 0 without a limit. */
  readonly limitMs: number;
}

type Answer = (error: Error | undefined, result: unknown) => void;
type Ask = (...args: unknown[]) => unknown;

const isSilence = (error: unknown): boolean => error instanceof Error && error.message === SILENT;

/** True when a write was refused because the other end is a standby, or was made read-only. */
const isAtStandby = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '25006';

function withoutName(statement: unknown): unknown {
  if (typeof statement !== 'object' || statement === null || !('name' in statement)) return statement;
  const { name: _name, ...rest } = statement as { name?: unknown };
  return rest;
}

function withName(statement: unknown): unknown {
  const name = typeof statement === 'string' ? findPreparedName(statement) : undefined;
  return name === undefined ? statement : { name, text: statement };
}

const waits = new WeakMap<pg.ClientBase, number>();

/**
 * Notes how long the holder of a connection waited for it, in milliseconds. The holder's first statement gets so much
 * less time for its answer: the two waits together have one limit.
 */
export function noteWait(client: pg.ClientBase, waitedMs: number): void {
  waits.set(client, waitedMs);
}

const deadlines = new WeakMap<pg.ClientBase, Deadline>();

/** Sets the end of all waits for answers on a connection, for one transaction; undefined takes it away again. */
export function setDeadline(client: pg.ClientBase, deadline: Deadline | undefined): void {
  if (deadline === undefined) deadlines.delete(client);
  else deadlines.set(client, deadline);
}

/** A statement is given a moment, however long its connection was waited for. */
const LEAST_MS = 250;

/**
 * Returns the limit of a statement: its own or that of the connection, less the wait for the connection, and at most what
 * the deadline of its transaction leaves.
 */
function limitOf(statement: unknown, client: pg.ClientBase, { limitMs }: ConnectionRules): number {
  const own = (statement as { query_timeout?: unknown } | undefined)?.query_timeout;
  const asked = typeof own === 'number' ? own : limitMs;
  if (asked === 0) return 0;
  const leftMs = deadlines.get(client)?.leftMs() ?? asked;
  return Math.max(LEAST_MS, Math.ceil(Math.min(asked - (waits.get(client) ?? 0), leftMs)));
}

function withoutLimit(statement: unknown): unknown {
  if (typeof statement !== 'object' || statement === null || !('query_timeout' in statement)) return statement;
  const { query_timeout: _limit, ...rest } = statement as { query_timeout?: unknown };
  return rest;
}

/** Returns a `Client` class for the driver's pool. */
export function createConnectionClass(rules: ConnectionRules): typeof pg.Client {
  class Connection extends pg.Client {
    /**
     * Closes a connection that did not answer in time, because nobody waits for the answer any more. The connection's
     * holder gets an error at once.
     */
    private giveUpIfSilent(error: unknown): void {
      if (error) rules.onError(error);
      if (!isSilence(error) && !isAtStandby(error)) return;
      (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      rules.onSilent();
    }

    private ask(args: unknown[]): unknown {
      const limit = limitOf(args[0], this, rules);
      waits.delete(this);
      args[0] = withoutLimit(rules.unnamed ? withoutName(args[0]) : withName(args[0]));
      const answer = args.at(-1);
      if (typeof answer === 'function')
        args[args.length - 1] = (error: Error | undefined, result: unknown) => {
          this.giveUpIfSilent(error);
          (answer as Answer)(error, result);
        };
      // The driver reads the limit while it takes the statement.
      (this as unknown as { connectionParameters: { query_timeout: number } }).connectionParameters.query_timeout =
        limit;
      const asked = (super.query as unknown as Ask).apply(this, args);
      if (!(asked instanceof Promise)) return asked;
      return asked.catch((error: unknown) => {
        this.giveUpIfSilent(error);
        throw error;
      });
    }

    // Overrides both forms of the driver's `query`: promises and callbacks.
    override query = ((...args: unknown[]) => this.ask(args)) as unknown as pg.Client['query'];
  }
  return Connection;
}

/**
 * Closes the pool's idle connections after one fell silent: they lead to the same server. The next use opens new ones.
 */
export function dropIdle(pool: pg.Pool): void {
  for (let left = pool.idleCount; left > 0; left -= 1)
    pool.connect((_error, client, release) => {
      // Without a client somebody else took it meanwhile, and the driver passes no function.
      if (client) release(new Error('dropped: another connection fell silent, or leads to a standby'));
    });
}
