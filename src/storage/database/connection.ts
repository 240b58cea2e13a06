/**
 * One connection to PostgreSQL, as the pool opens it. It closes itself when an answer is late. Behind a pooler all
 * statements are sent without names; elsewhere the prepared ones have names (prepared.ts). Knows no statement.
 */
import pg from 'pg';
import { findPreparedName } from './prepared.js';

/** The driver's message for a late answer. The server may still have done the work. */
const SILENT = 'Query read timeout';

export interface ConnectionRules {
  /**
   * True behind a pooler in transaction mode. There the next statement may reach another server process, which does not
   * know the name of a statement prepared before.
   */
  readonly unnamed: boolean;
  /** Called when a connection was closed because it did not answer. */
  readonly onSilent: () => void;
}

type Answer = (error: Error | undefined, result: unknown) => void;
type Ask = (...args: unknown[]) => unknown;

const isSilence = (error: unknown): boolean => error instanceof Error && error.message === SILENT;

function withoutName(statement: unknown): unknown {
  if (typeof statement !== 'object' || statement === null || !('name' in statement)) return statement;
  const { name: _name, ...rest } = statement as { name?: unknown };
  return rest;
}

function withName(statement: unknown): unknown {
  const name = typeof statement === 'string' ? findPreparedName(statement) : undefined;
  return name === undefined ? statement : { name, text: statement };
}

/** Returns a `Client` class for the driver's pool. */
export function createConnectionClass(rules: ConnectionRules): typeof pg.Client {
  class Connection extends pg.Client {
    /**
     * Closes a connection that did not answer in time, because nobody waits for the answer any more. The connection's
     * holder gets an error at once.
     */
    private giveUpIfSilent(error: unknown): void {
      if (!isSilence(error)) return;
      (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      rules.onSilent();
    }

    private ask(args: unknown[]): unknown {
      args[0] = rules.unnamed ? withoutName(args[0]) : withName(args[0]);
      const answer = args.at(-1);
      if (typeof answer === 'function')
        args[args.length - 1] = (error: Error | undefined, result: unknown) => {
          this.giveUpIfSilent(error);
          (answer as Answer)(error, result);
        };
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
    pool.connect((_error, _client, release) => release(new Error('dropped: another connection fell silent')));
}
