/**
 * The connections to PostgreSQL and the translation of its failures. Every statement of the storage goes through {@link
 * queryRows} or {@link inTransaction}, so that each error is a {@link Fault} (the database failed) or the driver's own
 * error (a violated constraint, which the caller has to read). Never retries, never logs a value.
 */
import pg from 'pg';
import { systemClock } from '../../kernel/clock.js';
import { Fault } from '../../kernel/errors.js';
import { createConnectionClass, dropIdle, noteWait, setDeadline } from './connection.js';
import type { Deadline } from './deadline.js';
import type { StorageLog } from './log.js';

/** A pool, or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

export interface PoolOptions {
  readonly url: string;
  readonly log: StorageLog;
  /** Name of the connections in pg_stat_activity. */
  readonly applicationName?: string;
  readonly maxConnections?: number;
  /** Limit of the wait for a new connection, and for a free one of the pool. */
  readonly waitMs?: number;
  /** Time limit of one statement, which the database enforces, in milliseconds. */
  readonly statementTimeoutMs?: number;
  /** Server-side limit of one wait for a lock, below the limit of the statement. */
  readonly lockTimeoutMs?: number;
  /** Limit of the wait for an answer, above the server's own limit; then the connection is closed. 0: no limit. */
  readonly readTimeoutMs?: number;
  /**
   * `transaction`: a pooler assigns a server process per transaction, accepts no settings and knows no named statement.
   */
  readonly pooler?: Pooler;
}

export type Pooler = 'none' | 'transaction';

const INT8 = pg.types.builtins.INT8;
/** Type of text[], in PostgreSQL's pg_type.dat. */
const TEXT_ARRAY: number = 1009;

/** Parses int8 as a number while that is exact, otherwise as a bigint: never silently rounded. */
function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Matches an array of one dimension that is not empty and has no quoted element. */
const PLAIN_ARRAY = /^\{[^"\\{}]+\}$/;

/**
 * Parses text[]. Splits a plain array at its commas, because the driver's parser reads each character by itself. That
 * took a tenth of the time of issuing a token with 250 scopes. PostgreSQL writes a null element as NULL, without
 * quotes.
 */
function parseTextArray(text: string): readonly (string | null)[] {
  if (PLAIN_ARRAY.test(text) && !text.includes('NULL')) return text.slice(1, -1).split(',');
  return pg.types.getTypeParser(TEXT_ARRAY)(text);
}

const TEXT_PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [INT8, parseInt8],
  [TEXT_ARRAY, parseTextArray],
]);

/**
 * Type parsers of this pool only, so that other users of the driver in this process are not affected. timestamptz is
 * already a Date.
 */
const parsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : TEXT_PARSERS.get(oid)) ??
    pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * Time after which the database ends a transaction without a statement. This frees the locks of a node that vanished in
 * the middle of a transaction.
 */
const IDLE_IN_TRANSACTION_MS = 30_000;
/** Time that an answer may take beyond the server's own limit. */
const GRACE_MS = 2_000;

/** Returns the settings of a new connection. A pooler in transaction mode refuses them. */
function settingsOf({ statementTimeoutMs = 10_000, lockTimeoutMs = 5_000, pooler }: PoolOptions): pg.PoolConfig {
  if (pooler === 'transaction') return {};
  return {
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: unknown) => void,
) => void;

/** A pool that measures how long each connection is waited for, and tells of connections that cannot be opened. */
class MeasuringPool extends pg.Pool {
  constructor(
    readonly onError: (error: unknown) => void,
    options: pg.PoolConfig,
  ) {
    super(options);
  }

  override connect = ((then?: Connected) => {
    const begunAtMs = systemClock.monotonicMs();
    const open = super.connect.bind(this) as (then: Connected) => void;
    const connect = (tell: Connected) =>
      open((error, client, release) => {
        if (error) this.onError(error);
        if (client) noteWait(client, systemClock.monotonicMs() - begunAtMs);
        tell(error, client, release);
      });
    if (then) return connect(then);
    return new Promise((resolve, reject) => {
      connect((error, client) => (client ? resolve(client) : reject(error)));
    });
  }) as pg.Pool['connect'];
}

/**
 * Returns a pool without opening a connection. The caller ends the pool. This side limits every wait, for a connection
 * and for an answer, and TCP keep-alive checks idle connections: a connection whose other end vanished (fail-over,
 * partition) would stay silent forever.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const { statementTimeoutMs = 10_000 } = options;
  const limitMs = options.readTimeoutMs ?? statementTimeoutMs + GRACE_MS;
  const onError = (error: unknown) => {
    if (isLoss(error)) noteTrouble(pool);
  };
  const pool: pg.Pool = new MeasuringPool(onError, {
    connectionString: options.url,
    application_name: options.applicationName ?? 'vestibule',
    max: options.maxConnections ?? 10,
    ...settingsOf(options),
    query_timeout: limitMs,
    connectionTimeoutMillis: options.waitMs ?? 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: parsers,
    Client: createConnectionClass({
      unnamed: options.pooler === 'transaction',
      onSilent: () => dropIdle(pool),
      onError,
      limitMs,
    }),
  });
  // Without this listener the loss of an idle connection would crash the process.
  pool.on('error', (error) => {
    onError(error);
    // Does not log while the pool closes: the database may close a connection before the driver does.
    if (!pool.ending) options.log.warn({ reason: error.message }, 'an idle database connection was lost');
  });
  // The pool listens only to idle connections. Without this listener, a connection lost between two statements of a
  // transaction would crash the process; with it the next statement reports the loss.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  pool.on('acquire', () => {
    servedBy.set(pool, countServed(pool) + 1);
  });
  return pool;
}

const servedBy = new WeakMap<pg.Pool, number>();

/** Returns how many times somebody got a connection of this pool. While the database is away the number stands still. */
export function countServed(pool: pg.Pool): number {
  return servedBy.get(pool) ?? 0;
}

const troubles = new WeakMap<pg.Pool, number>();

/** Notes that the database was lost or silent. Answers of the database, refusals among them, are no trouble. */
export function noteTrouble(pool: pg.Pool): void {
  troubles.set(pool, systemClock.monotonicMs());
}

/** True when this node lost the database, or did not hear from it, within the last milliseconds. */
export function sawTrouble(pool: pg.Pool, withinMs: number): boolean {
  const at = troubles.get(pool);
  return at !== undefined && systemClock.monotonicMs() - at < withinMs;
}

const LOST_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;
const LATE_MESSAGE = /^(Query read timeout|timeout exceeded when trying to connect)/;

function stateOf(error: Error): string {
  if (LOST_MESSAGE.test(error.message)) return '08006';
  if (LATE_MESSAGE.test(error.message)) return 'ETIMEDOUT';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** True for an error that says that the database, or the way to it, is gone. A full pool says nothing about it. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof Error) || /^timeout exceeded when trying to connect/.test(error.message)) return false;
  const state = stateOf(error);
  return state === 'ETIMEDOUT' || LOST_CODES.has(state) || /^(08|57P)/.test(state);
}

/**
 * Returns kind and sentence for an SQLSTATE (PostgreSQL documentation, appendix A), undefined for errors that the
 * caller has to read.
 */
function classifyState(state: string): readonly [Fault['kind'], string, 'retryable' | 'final'] | undefined {
  // Retryable, because statements succeed again as soon as the disk has room. Like a lost connection, it is not the
  // client's fault.
  if (state === '53100') return ['database_full', 'the database has no disk space left', 'retryable'];
  if (state === '40001' || state === '40P01') return ['database', 'the transaction ran into another one', 'retryable'];
  if (state === '57014' || state === '55P03') return ['timeout', 'the database took too long', 'retryable'];
  if (state === 'ETIMEDOUT') return ['timeout', 'the database did not answer in time', 'retryable'];
  if (LOST_CODES.has(state) || /^(08|57)/.test(state))
    return ['database', 'the connection to the database was lost', 'retryable'];
  if (/^53/.test(state)) return ['database', 'the database is short of resources', 'retryable'];
  // A primary became a standby: the next connection may find the new primary.
  if (state === '25006') return ['database', 'the database accepts no writes now', 'retryable'];
  if (/^(28|3D|58|F0|XX)/.test(state)) return ['database', 'the database refused to work', 'final'];
  return undefined;
}

/**
 * Returns a {@link Fault} for a failure outside this process, and other errors (constraint violations, bugs in SQL)
 * unchanged. Accepts any thrown value.
 */
export function toFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = (error as { code?: unknown }).code;
  const state = typeof code === 'string' ? code : '';
  const found = classifyState(stateOf(error));
  if (found === undefined) return error;
  const [kind, sentence, retry] = found;
  return new Fault(kind, `${sentence}${state === '' ? '' : ` (${state})`}`, retry === 'retryable', { cause: error });
}

/** Returns the name of the violated constraint or unique index when `error` is a violation (SQLSTATE class 23). */
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
 * Runs `work` between BEGIN and COMMIT on one connection, and rolls back when it throws. Throws {@link Fault} when the
 * database failed. A connection whose rollback failed is closed, not reused. `deadline`: the end of all answers together,
 * that of BEGIN and COMMIT among them; without it each statement has the limit of the pool.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  deadline?: Deadline,
): Promise<Result> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw toFault(error);
  }
  let broken = false;
  setDeadline(client, deadline);
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
    setDeadline(client, undefined);
    client.release(broken);
  }
}
