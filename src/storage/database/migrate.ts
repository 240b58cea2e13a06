/**
 * Migrates a database to this program's schema: the numbered files of `sql/`, each once, each in its own transaction
 * together with its row in `schema_migrations`. Never edits, skips or undoes an applied file, and never uses a database
 * with a file of a newer program, unless that file says that programs without it keep working.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { Fault, StartError } from '../../kernel/errors.js';
import { packagePath } from '../../kernel/package-files.js';
import { joinLines } from '../../kernel/text.js';
import { type StorageLog, silentLog } from './log.js';
import { inTransaction, type Queryable, queryRows, toFault } from './pool.js';

export const SQL_DIRECTORY = packagePath('sql/');

const MINIMUM_VERSION = 150000;
/** Key of the migrations' lock: a number that nobody else in the database uses (the letters "vest"). */
const LOCK_KEY = 0x76657374;
/**
 * SQLSTATE of a missing right. Since PostgreSQL 15 a role that does not own the database may not create tables in
 * `public`.
 */
const INSUFFICIENT_PRIVILEGE = '42501';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex, over its text with LF line ends. */
  readonly checksum: string;
  /** True if programs without this file keep working on its schema: its first line says so (ADR 0117). */
  readonly isCompatible: boolean;
}

interface AppliedRow {
  readonly name: string;
  readonly checksum: string;
  readonly isCompatible: boolean;
}

/** First line of a file that programs without it can live with. The reason follows. */
const COMPATIBLE = /^-- Compatible: \S/;

/** Returns the numbered files in order. Throws {@link StartError} when a number is missing or duplicated. */
export function readMigrations(directory: string = SQL_DIRECTORY): readonly Migration[] {
  const names = readdirSync(directory)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();
  return names.map((name, index) => {
    if (Number(name.slice(0, 4)) !== index + 1)
      throw new StartError(`sql/${name} is out of order: its number should be ${String(index + 1).padStart(4, '0')}`);
    const sql = readFileSync(`${directory}/${name}`, 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    return { name, sql, checksum, isCompatible: COMPATIBLE.test(sql) };
  });
}

/**
 * Returns the applied files that this program lacks. `blocking` are those that it cannot live with.
 */
export function findUnknown(
  files: readonly Migration[],
  applied: readonly AppliedRow[],
): { readonly unknown: readonly string[]; readonly blocking: readonly string[] } {
  const names = new Set(files.map(({ name }) => name));
  const unknown = applied.filter(({ name }) => !names.has(name));
  return {
    unknown: unknown.map(({ name }) => name),
    blocking: unknown.filter(({ isCompatible }) => !isCompatible).map(({ name }) => name),
  };
}

/**
 * Returns the pending files. Throws {@link StartError} when an applied file was changed, or when the database has files
 * that this program lacks and cannot live with.
 */
export function findPending(files: readonly Migration[], applied: readonly AppliedRow[]): readonly Migration[] {
  const [blocking] = findUnknown(files, applied).blocking;
  if (blocking !== undefined)
    throw new StartError(
      `The database is newer than this program: it has ${blocking}, which this version does not know. Start the version that migrated it, or a newer one.`,
    );
  const known = new Map(files.map((file) => [file.name, file]));
  for (const row of applied) {
    const file = known.get(row.name);
    if (file !== undefined && file.checksum !== row.checksum)
      throw new StartError(
        `sql/${row.name} was changed after it had been applied to this database. Put the original file back and make the change in a new file.`,
      );
  }
  const done = new Set(applied.map((row) => row.name));
  return files.filter((file) => !done.has(file.name));
}

/** Reads the column as a property of the row: databases of before 0014 do not have it. */
async function readApplied(db: Queryable): Promise<readonly AppliedRow[]> {
  return queryRows<AppliedRow>(
    db,
    `select name, checksum, coalesce((to_jsonb(m) ->> 'is_compatible')::boolean, false) as "isCompatible"
       from schema_migrations m order by name`,
  );
}

/** Returns the applied rows, or none when the table does not exist yet. Writes nothing. For the readiness check. */
export async function readAppliedMigrations(db: Queryable): Promise<readonly AppliedRow[]> {
  const found = await queryRows<{ exists: boolean }>(
    db,
    `select to_regclass('schema_migrations') is not null as exists`,
  );
  return found[0]?.exists === true ? readApplied(db) : [];
}

/** Throws {@link StartError} for a PostgreSQL that is too old, or a database in another encoding. */
export async function checkServer(pool: pg.Pool): Promise<void> {
  const rows = await queryRows<{ number: number; version: string; encoding: string }>(
    pool,
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
            current_setting('server_encoding') as encoding`,
  );
  const server = rows[0];
  if (server === undefined || server.number < MINIMUM_VERSION)
    throw new StartError(
      `PostgreSQL 15 or newer is needed; this server is ${server?.version ?? 'unknown'}. Upgrade it or point DATABASE_URL to another one.`,
    );
  if (server.encoding !== 'UTF8')
    throw new StartError(
      `The database must be encoded in UTF8, this one is in ${server.encoding}. Create it again: create database vestibule encoding 'UTF8' template template0`,
    );
}

/** Applies one file. Throws a {@link StartError} that names the file when this database refuses it. */
async function applyFile(client: Queryable, { name, sql }: Migration): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    // The failure is not the file's fault: a missing right, or a failure outside. The caller classifies it.
    const { code } = error as { code?: unknown };
    if (code === INSUFFICIENT_PRIVILEGE || toFault(error) !== error) throw error;
    throw new StartError(
      `sql/${name} cannot be applied to this database: ${(error as Error).message}. It is as it was before; start the version that it was used with, and report this.`,
      { cause: error },
    );
  }
}

/**
 * Applies the first pending file, if any. The transaction holds the lock, not the session, so that it also works behind
 * a pooler. A node that waited for the lock reads the applied files again.
 */
async function applyNext(
  pool: pg.Pool,
  files: readonly Migration[],
  { lockTimeoutMs }: Patience,
): Promise<string | undefined> {
  return inTransaction(pool, async (client) => {
    // A migration, and the wait for another node's, may take longer than the limit for a login's statement.
    await client.query('set local statement_timeout = 0');
    await client.query('set local lock_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    // Every later login queues behind a statement that waits for a lock of a whole table, so this wait must be short.
    await client.query(`set local lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
    await client.query(`create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp())`);
    const next = findPending(files, await readApplied(client))[0];
    if (next === undefined) return undefined;
    await applyFile(client, next);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [next.name, next.checksum]);
    if (next.isCompatible)
      await client.query('update schema_migrations set is_compatible = true where name = $1', [next.name]);
    return next.name;
  });
}

/** Limits of a migration's wait for other users of a table that it changes, for example a dump. */
export interface Patience {
  readonly lockTimeoutMs: number;
  /** Pause between two attempts, in which no login waits behind the migration. */
  readonly pauseMs: number;
  readonly tries: number;
}

/** Waits for about twelve minutes in all. */
const PATIENCE: Patience = { lockTimeoutMs: 2_000, pauseMs: 10_000, tries: 60 };
const LOCK_NOT_AVAILABLE = '55P03';
/** A login held one of the tables and waited for another one. */
const DEADLOCK = '40P01';

function hasState(error: unknown, state: string): boolean {
  const cause = error instanceof Fault ? error.cause : error;
  return (cause as { code?: unknown } | undefined)?.code === state;
}

/** Does what {@link applyNext} does, and repeats it while another session locks a table. */
async function applyNextPatiently(
  pool: pg.Pool,
  files: readonly Migration[],
  patience: Patience,
  log: StorageLog,
): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await applyNext(pool, files, patience);
    } catch (error) {
      const isHeldUp = hasState(error, LOCK_NOT_AVAILABLE) || hasState(error, DEADLOCK);
      if (tries >= patience.tries || !isHeldUp) throw error;
      log.warn(
        { tries, of: patience.tries },
        'a migration waits for whoever uses a table that it changes; it tries again',
      );
      await new Promise((resolve) => setTimeout(resolve, patience.pauseMs));
    }
  }
}

function adviceFor(code: unknown): string {
  if (code === INSUFFICIENT_PRIVILEGE)
    return 'Make the role of DATABASE_URL the owner of the database: alter database NAME owner to ROLE.';
  if (code === LOCK_NOT_AVAILABLE || code === DEADLOCK)
    return 'Somebody uses a table that a migration changes, a dump or a long query (see pg_stat_activity). Start again when that has ended; nodes of the version before go on meanwhile.';
  return 'Check that it runs and that DATABASE_URL is right.';
}

/** Converts a driver's error to one that says what it means and what to do. Never contains the password. */
export function toStartError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  const cause = error instanceof Fault && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as { code?: unknown; message?: string };
  const advice = adviceFor(code);
  const said = message || (error instanceof Error && error.message) || String(cause);
  return new StartError(`The database cannot be used: ${joinLines(said)}. ${advice}`, {
    cause: error,
  });
}

interface MigrateOptions {
  readonly directory?: string;
  readonly log?: StorageLog;
  readonly patience?: Patience;
  /** Called before anything is written. Throws {@link StartError} for a database that belongs to another server. */
  readonly mayUse?: (db: Queryable) => Promise<void>;
}

/**
 * Migrates the database to this program's schema and returns the names of the applied files. Safe when several nodes
 * start at once. Throws only {@link StartError}, for a database that this program must not or cannot use.
 */
export async function migrate(pool: pg.Pool, options: MigrateOptions = {}): Promise<readonly string[]> {
  const log = options.log ?? silentLog;
  const files = readMigrations(options.directory);
  try {
    await checkServer(pool);
    await options.mayUse?.(pool);
    const applied: string[] = [];
    const next = () => applyNextPatiently(pool, files, options.patience ?? PATIENCE, log);
    for (let name = await next(); name !== undefined; name = await next()) {
      log.info({ migration: name }, 'migration applied');
      applied.push(name);
    }
    const { unknown } = findUnknown(files, await readApplied(pool));
    if (unknown.length > 0)
      log.warn({ migrations: unknown }, 'the database is newer than this program, and compatible');
    return applied;
  } catch (error) {
    throw toStartError(error);
  }
}
