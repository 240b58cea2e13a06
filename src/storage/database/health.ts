/**
 * Checks whether this node can serve: the process has descriptors and memory left; the database answers, accepts writes
 * and has this program's schema. Reads only and never waits for long. Should have its own pool, so that it does not
 * wait behind logins.
 */
import type pg from 'pg';
import { Fault, StartError } from '../../kernel/errors.js';
import { createOwnUseReader, findShortage, type OwnUse } from '../../kernel/own-limits.js';
import { findPending, type Migration, readAppliedMigrations, readMigrations } from './migrate.js';
import { queryRows } from './pool.js';

export type Readiness =
  /** `note` tells the operator about a problem of a node that can serve. */
  { readonly ready: true; readonly note?: string } | { readonly ready: false; readonly reason: string };

const LIMIT_MS = 3_000;

const NEWER =
  'the database is newer than this program: a later version has migrated it. This node serves until it is replaced, and could not start again.';

/**
 * Detects a standby, or a primary set to refuse writes (a full disk, a fail-over under way): plain reads still work on
 * both.
 */
async function checkWritable(pool: pg.Pool): Promise<Readiness> {
  const [row] = await queryRows<{ standby: boolean; read_only: boolean }>(
    pool,
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as read_only`,
  );
  if (row?.standby) return { ready: false, reason: 'the database is a standby: it can be read, but not written' };
  if (row?.read_only) return { ready: false, reason: 'the database can be read, but not written' };
  return { ready: true };
}

/**
 * Checks that the migration files known to this node are applied and unchanged. Unknown applied files are permitted: a
 * migration runs while nodes of the previous version serve.
 */
async function checkSchema(pool: pg.Pool, files: readonly Migration[]): Promise<Readiness> {
  const names = new Set(files.map(({ name }) => name));
  const applied = await readAppliedMigrations(pool);
  const known = applied.filter(({ name }) => names.has(name));
  const [first] = findPending(files, known);
  if (first !== undefined) return { ready: false, reason: `the database is not migrated: ${first.name} is missing` };
  return known.length < applied.length ? { ready: true, note: NEWER } : { ready: true };
}

async function check(pool: pg.Pool, files: readonly Migration[], shortage: string | undefined): Promise<Readiness> {
  if (shortage !== undefined) return { ready: false, reason: shortage };
  try {
    const writable = await checkWritable(pool);
    return writable.ready ? await checkSchema(pool, files) : writable;
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
): () => Promise<Readiness> {
  const files = readMigrations();
  let running: Promise<Readiness> | undefined;
  return async () => {
    // A call during a running check shares its answer, so that queries do not pile up on a slow database.
    running ??= check(pool, files, findShortage(readOwnUse())).finally(() => {
      running = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, reason: 'the database does not answer' }), LIMIT_MS);
    });
    return Promise.race([running, limit]).finally(() => clearTimeout(timer));
  };
}
