/**
 * Views of the database's connection pool, for a directory that differs from a normal server's: one that reads the
 * state of a past instant, and one that keeps the tokens of removed members. The statements are those of a normal
 * server; it never rewrites one.
 */
import { Bug } from '../kernel/assert.js';

/** The part of the database driver's connection that is used here. */
interface Connection {
  query(text: string, parameters: unknown[]): Promise<unknown>;
  /** Returns the connection to the pool. With `true` or an error, closes it instead. */
  release(broken?: Error | boolean): void;
}

/** The part of the database driver's pool that a directory uses. */
export interface ConnectionPool {
  connect(): Promise<Connection>;
}

/** A pool whose statements all read the state of one instant. Holds a connection until it is closed. */
export interface PoolSnapshot {
  readonly pool: ConnectionPool;
  /** Closes the snapshot. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Opens a snapshot: a read-only transaction on a connection of its own (PostgreSQL documentation, 13.2.2, "Repeatable
 * Read"). After a failed statement, all further reads fail too. Throws the driver's errors.
 */
export async function openPoolSnapshot(pool: ConnectionPool): Promise<PoolSnapshot> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only', []);
    // Lets the snapshot be idle between statements for longer than a request's transaction may be. As the first
    // statement of the transaction, it also fixes the instant that all later ones see.
    await client.query("select set_config('idle_in_transaction_session_timeout', '0', true)", []);
  } catch (error) {
    client.release(true);
    throw error;
  }
  let isOpen = true;
  let last: Promise<unknown> = Promise.resolve();
  // Runs one statement at a time, since reads of several requests share this connection.
  const ask = (text: string, parameters: unknown[]) => {
    const next = last.then(() => client.query(text, parameters));
    last = next.catch(() => undefined);
    return next;
  };
  const query = async (text: string, parameters: unknown[]) => {
    // After the snapshot was closed, the pool may have given the connection to another caller.
    if (!isOpen) throw new Bug('a snapshot was read after it was closed');
    return ask(text, parameters);
  };
  const connection: Connection = { query, release: () => {} };
  return {
    pool: { connect: async () => connection },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      const ended = await ask('rollback', []).catch((error: Error) => error);
      client.release(ended instanceof Error);
    },
  };
}

/** Matches the statement with which a normal server revokes refresh tokens, as its query builder writes it. */
const REVOCATION = /^update "refresh_tokens" /;
/** The driver's answer to an UPDATE that found no row. */
const NOTHING_UPDATED = { command: 'UPDATE', rowCount: 0, rows: [] };

/**
 * Returns a view of `pool` in which refresh tokens are not revoked. A normal server always revokes those of a removed
 * member. It has no option to keep them: used at the wrong place, the option would let a stolen token outlive the
 * membership.
 */
export function keepingTokens(pool: ConnectionPool): ConnectionPool {
  return {
    async connect() {
      const client = await pool.connect();
      return {
        query: async (text, parameters) => (REVOCATION.test(text) ? NOTHING_UPDATED : client.query(text, parameters)),
        release: (broken) => client.release(broken),
      };
    },
  };
}
