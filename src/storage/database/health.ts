/**
 * Checks whether this node can serve: the process has descriptors and memory left; the database answers, finishes
 * commits and has this program's schema. Writes no row and never waits for long. Should have its own pool, so that it
 * does not wait behind logins.
 */
import type pg from 'pg';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { Fault, StartError } from '../../kernel/errors.js';
import { createOwnUseReader, findShortage, type OwnUse } from '../../kernel/own-limits.js';
import { dropIdle } from './connection.js';
import { findPending, findUnknown, type Migration, readAppliedMigrations, readMigrations } from './migrate.js';
import { queryRows, toFault } from './pool.js';

export type Readiness =
  /** `note` tells the operator about a problem of a node that can serve. */
  { readonly ready: true; readonly note?: string } | { readonly ready: false; readonly reason: string };

const LIMIT_MS = 3_000;

const NEWER = 'the database is newer than this program: a later version has migrated it.';
const NEWER_BLOCKING = `${NEWER} This node serves until it is replaced, and could not start again.`;

/**
 * Detects a standby, or a primary set to refuse writes (a full disk, a fail-over under way): plain reads still work on
 * both.
 */
async function checkWritable(pool: pg.Pool): Promise<Readiness> {
  const [row] = await queryRows<{ standby: boolean; read_only: boolean }>(
    pool,
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as read_only`,
  );
  // The address may lead to the new primary by now, and this connection never would.
  if (row?.standby || row?.read_only) dropIdle(pool);
  if (row?.standby) return { ready: false, reason: 'the database is a standby: it can be read, but not written' };
  if (row?.read_only) return { ready: false, reason: 'the database can be read, but not written' };
  return { ready: true };
}

/**
 * Checks that the migration files known to this node are applied and unchanged. Unknown applied files are permitted: a
 * migration runs while nodes of the previous version serve.
 */
async function checkSchema(pool: pg.Pool, files: readonly Migration[]): Promise<Readiness> {
  const applied = await readAppliedMigrations(pool);
  const { unknown, blocking } = findUnknown(files, applied);
  const known = applied.filter(({ name }) => !unknown.includes(name));
  const [first] = findPending(files, known);
  if (first !== undefined) return { ready: false, reason: `the database is not migrated: ${first.name} is missing` };
  if (unknown.length === 0) return { ready: true };
  return { ready: true, note: blocking.length > 0 ? NEWER_BLOCKING : NEWER };
}

/** Milliseconds in which a commit has to be finished: longer than a busy disk takes, shorter than {@link LIMIT_MS}. */
const COMMIT_LIMIT_MS = 2_000;
/** Milliseconds for which a finished commit counts. Attack: somebody asks a thousand times, and each one is a commit. */
const COMMIT_COUNTS_MS = 1_000;

const WAITS: Readiness = {
  ready: false,
  reason: 'the database answers, but finishes no commit: a synchronous standby does not answer, or its disk is stuck',
};

/**
 * Writes a message into the write-ahead log, which nobody reads: a commit like that of a login, with its wait for the
 * disk and for the synchronous standby, and without a row. The role needs no right for it.
 */
const COMMIT = {
  begin: 'begin',
  write: `select pg_backend_pid() as pid, pg_logical_emit_message(true, 'vestibule.health', '') as at`,
  end: { text: 'commit', query_timeout: COMMIT_LIMIT_MS },
};

/**
 * $1 the server process of an unfinished commit. After a fail-over another process may have its number, also the one that
 * is asked; only the unfinished commit began a while ago.
 */
const AT_WORK = `select 1 from pg_stat_activity where pid = $1 and usename = current_user and state = 'active'
  and xact_start < clock_timestamp() - interval '1 second'`;

/** SQLSTATEs of a database that speaks PostgreSQL's protocol and does not have the function, or forbids it. */
const CANNOT_TRY = new Set(['42883', '0A000', '42501']);

/** Tries whether the database finishes commits. */
class Commits {
  #countsUntilMs = 0;
  /** The server process of the last commit, if it did not finish. */
  #stuck: number | undefined;

  constructor(
    readonly pool: pg.Pool,
    readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /**
   * At most one unfinished commit per node. PostgreSQL does not notice that a client left whose commit waits for a
   * standby: one such process for each check would use up its connections.
   */
  async check(): Promise<Readiness> {
    if (this.clock.monotonicMs() < this.#countsUntilMs) return { ready: true };
    if (this.#stuck !== undefined && (await this.#isStuck(this.#stuck))) return WAITS;
    this.#stuck = undefined;
    try {
      await this.#commit();
    } catch (error) {
      if (this.#stuck !== undefined && error instanceof Fault && error.kind === 'timeout') return WAITS;
      this.#stuck = undefined;
      const code = (error as { code?: unknown }).code;
      if (!(typeof code === 'string' && CANNOT_TRY.has(code))) throw error;
    }
    this.#stuck = undefined;
    this.#countsUntilMs = this.clock.monotonicMs() + COMMIT_COUNTS_MS;
    return { ready: true };
  }

  async #commit(): Promise<void> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw toFault(error);
    });
    let broken = true;
    try {
      await client.query(COMMIT.begin);
      this.#stuck = (await client.query<{ pid: number }>(COMMIT.write)).rows[0]?.pid;
      await client.query(COMMIT.end);
      broken = false;
    } catch (error) {
      throw toFault(error);
    } finally {
      client.release(broken);
    }
  }

  /** True while that process still works on its commit. After a fail-over the new server does not have it. */
  async #isStuck(pid: number): Promise<boolean> {
    return (await queryRows(this.pool, AT_WORK, [pid])).length > 0;
  }
}

/**
 * Returns the check whether the database answers, accepts writes and finishes commits, whatever its schema is. It throws
 * {@link Fault} when the database failed.
 */
export function createDatabaseCheck(pool: pg.Pool, clock: Pick<Clock, 'monotonicMs'>): () => Promise<Readiness> {
  const commits = new Commits(pool, clock);
  return async () => {
    const writable = await checkWritable(pool);
    return writable.ready ? commits.check() : writable;
  };
}

async function check(
  pool: pg.Pool,
  files: readonly Migration[],
  { shortage, commits }: { readonly shortage: string | undefined; readonly commits: Commits },
): Promise<Readiness> {
  if (shortage !== undefined) return { ready: false, reason: shortage };
  try {
    const writable = await checkWritable(pool);
    if (!writable.ready) return writable;
    const schema = await checkSchema(pool, files);
    if (!schema.ready) return schema;
    const committed = await commits.check();
    return committed.ready ? schema : committed;
  } catch (error) {
    // Only a StartError describes the schema; other messages may name hosts.
    if (error instanceof StartError) return { ready: false, reason: error.message };
    const isSilent = error instanceof Fault && error.kind === 'timeout';
    return { ready: false, reason: isSilent ? 'the database does not answer' : 'the database cannot be reached' };
  }
}

/**
 * Returns the readiness check. It never throws and answers within three seconds. The answer names no host and no
 * secret.
 */
export function createReadinessCheck(
  pool: pg.Pool,
  readOwnUse: () => OwnUse = createOwnUseReader(),
  clock: Pick<Clock, 'monotonicMs'> = systemClock,
): () => Promise<Readiness> {
  const files = readMigrations();
  const commits = new Commits(pool, clock);
  let running: Promise<Readiness> | undefined;
  return async () => {
    // A call during a running check shares its answer, so that queries do not pile up on a slow database.
    running ??= check(pool, files, { shortage: findShortage(readOwnUse()), commits }).finally(() => {
      running = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, reason: 'the database does not answer' }), LIMIT_MS);
    });
    return Promise.race([running, limit]).finally(() => clearTimeout(timer));
  };
}
