/**
 * The connections to PostgreSQL and the translation of its failures. Every statement of the storage goes through
 * {@link queryRows} or {@link inTransaction}, so that what is thrown is a {@link Fault} (the database failed), or the
 * driver's own error (a constraint said no, which is for the caller to read). Never retries, never logs a value.
 */
import pg from 'pg';
import { Fault } from '../kernel/errors.js';
import type { StorageLog } from './log.js';

/** A pool or a connection inside a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface PoolOptions {
  readonly url: string;
  readonly log: StorageLog;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  readonly maxConnections?: number;
  /** Server-side limit of one statement. Sent when connecting: pgbouncer needs `ignore_startup_parameters = statement_timeout`. */
  readonly statementTimeoutMs?: number;
}

const INT8 = pg.types.builtins.INT8;

/** int8 as a number while that is exact, else as a bigint: never silently rounded. */
function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The pool's own parsers, so that no other user of the driver in this process is changed. timestamptz is a Date already. */
const parsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** Opens no connection yet. The caller ends the pool. */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName ?? 'vestibule',
    max: options.maxConnections ?? 10,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: parsers,
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', (error) => {
    // While the pool ends, the database may be faster with closing the connection than the driver.
    if (!pool.ending) options.log.warn({ reason: error.message }, 'an idle database connection was lost');
  });
  // The pool listens to idle connections alone, and a transaction has one between its statements too: lost just then, it would
  // end the process. Whoever holds it learns of the loss from his next statement.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return pool;
}

const LOST_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

/** Kind and sentence for an SQLSTATE (PostgreSQL documentation, appendix A), undefined for what the caller has to read. */
function classifyState(state: string): readonly [Fault['kind'], string, 'retryable' | 'final'] | undefined {
  if (state === '53100') return ['database_full', 'the database has no disk space left', 'final'];
  if (state === '40001' || state === '40P01') return ['database', 'the transaction ran into another one', 'retryable'];
  if (state === '57014' || state === '55P03') return ['timeout', 'the database took too long', 'retryable'];
  if (state === 'ETIMEDOUT') return ['timeout', 'the database did not answer in time', 'retryable'];
  if (LOST_CODES.has(state) || /^(08|57P)/.test(state))
    return ['database', 'the connection to the database was lost', 'retryable'];
  if (/^53/.test(state)) return ['database', 'the database is short of resources', 'retryable'];
  // A primary that became a standby: the next connection may find the new primary.
  if (state === '25006') return ['database', 'the database accepts no writes now', 'retryable'];
  if (/^(28|3D|58|F0|XX)/.test(state)) return ['database', 'the database refused to work', 'final'];
  return undefined;
}

/**
 * A {@link Fault} for what went wrong outside this process; any other error (constraint violations, bugs in SQL) comes
 * back as it is. Total: takes whatever was thrown.
 */
export function toFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = (error as { code?: unknown }).code;
  const state = typeof code === 'string' ? code : '';
  const found = classifyState(LOST_MESSAGE.test(error.message) ? '08006' : state);
  if (found === undefined) return error;
  const [kind, sentence, retry] = found;
  return new Fault(kind, `${sentence}${state === '' ? '' : ` (${state})`}`, retry === 'retryable', { cause: error });
}

/** The name of the violated constraint or unique index, when `error` is a violation (SQLSTATE class 23). */
export function violatedConstraint(error: unknown): string | undefined {
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : undefined;
}

/** Runs one statement and returns its rows. Throws {@link Fault} when the database failed. */
export async function queryRows<Row extends object>(
  db: Queryable,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    return (await db.query(text, [...values])).rows as Row[];
  } catch (error) {
    throw toFault(error);
  }
}

/**
 * Runs `work` between BEGIN and COMMIT on one connection; rolls back when it throws. Throws {@link Fault} when the
 * database failed. A connection whose rollback failed is closed, not given back.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw toFault(error);
  }
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw toFault(error);
  } finally {
    client.release(broken);
  }
}
