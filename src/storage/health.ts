/**
 * Whether this node can serve: the database answers, takes writes, and has all of this program's schema. Reads only, never waits for long;
 * given a pool of its own it does not wait behind logins either.
 */
import type pg from 'pg';
import { Fault, StartError } from '../kernel/errors.js';
import { findPending, type Migration, readAppliedMigrations, readMigrations } from './migrate.js';
import { queryRows } from './pool.js';

export type Readiness =
  /** `note` says what an operator should know although it can serve. */
  { readonly ready: true; readonly note?: string } | { readonly ready: false; readonly reason: string };

const LIMIT_MS = 3_000;

const NEWER =
  'the database is newer than this program: a later version has migrated it. This node serves until it is replaced, and could not start again.';

/** A standby, or a primary that was told to take no writes (a full disk, a fail-over under way): it can be read, so reads tell nothing. */
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
 * A migration runs while nodes of the version before serve, so files that are not known do not stop this one: what it
 * knows has to be there, unchanged.
 */
async function checkSchema(pool: pg.Pool, files: readonly Migration[]): Promise<Readiness> {
  const names = new Set(files.map(({ name }) => name));
  const applied = await readAppliedMigrations(pool);
  const known = applied.filter(({ name }) => names.has(name));
  const [first] = findPending(files, known);
  if (first !== undefined) return { ready: false, reason: `the database is not migrated: ${first.name} is missing` };
  return known.length < applied.length ? { ready: true, note: NEWER } : { ready: true };
}

async function check(pool: pg.Pool, files: readonly Migration[]): Promise<Readiness> {
  try {
    const writable = await checkWritable(pool);
    return writable.ready ? await checkSchema(pool, files) : writable;
  } catch (error) {
    // Only these are about the schema; the text of others may name hosts.
    if (error instanceof StartError) return { ready: false, reason: error.message };
    const isSilent = error instanceof Fault && error.kind === 'timeout';
    return { ready: false, reason: isSilent ? 'the database does not answer' : 'the database cannot be reached' };
  }
}

/** The readiness check. Never throws; answers within three seconds. What it says names no host and no secret. */
export function createReadinessCheck(pool: pg.Pool): () => Promise<Readiness> {
  const files = readMigrations();
  let running: Promise<Readiness> | undefined;
  return async () => {
    // Who asks while one is under way gets its answer: a slow database is not asked ever more.
    running ??= check(pool, files).finally(() => {
      running = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, reason: 'the database does not answer' }), LIMIT_MS);
    });
    return Promise.race([running, limit]).finally(() => clearTimeout(timer));
  };
}
