/** Whether this node can serve: the database answers and has exactly this program's schema. Reads only, never waits for long. */
import type pg from 'pg';
import { StartError } from '../kernel/errors.js';
import { findPending, type Migration, readAppliedMigrations, readMigrations } from './migrate.js';

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

const LIMIT_MS = 3_000;

async function checkSchema(pool: pg.Pool, files: readonly Migration[]): Promise<Readiness> {
  try {
    const pending = findPending(files, await readAppliedMigrations(pool));
    const first = pending[0];
    return first === undefined
      ? { ready: true }
      : { ready: false, reason: `the database is not migrated: ${first.name} is missing` };
  } catch (error) {
    // A StartError is about the schema; everything else means that the database does not answer. Its text may name hosts.
    const reason = error instanceof StartError ? error.message : 'the database cannot be reached';
    return { ready: false, reason };
  }
}

/** The readiness check. Never throws; answers within three seconds. The reason names no host and no secret. */
export function createReadinessCheck(pool: pg.Pool): () => Promise<Readiness> {
  const files = readMigrations();
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, reason: 'the database does not answer' }), LIMIT_MS);
    });
    return Promise.race([checkSchema(pool, files), limit]).finally(() => clearTimeout(timer));
  };
}
