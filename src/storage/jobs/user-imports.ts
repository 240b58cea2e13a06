/** The sealed files of bulk imports and the retention of jobs, for the directory and the worker. */
import type pg from 'pg';
import { addSeconds } from '../../kernel/clock.js';
import type { SecretBox } from '../../kernel/seal.js';
import { queryRows } from '../database/pool.js';

/** Seconds for which a finished job is kept, as on Auth0. */
export const KEEP_IMPORTS_SECONDS = 86_400;

const context = (id: string) => `user_import_jobs:${id}`;

/** Seals the file. The row's id is authenticated: a file moved to another job does not open. */
export function sealImportFile(box: SecretBox, id: string, file: Uint8Array): Buffer {
  return box.seal(file, context(id));
}

/** Returns the file of a row, or undefined when it was sealed under another key or changed. */
export function openImportFile(box: SecretBox, id: string, sealed: Uint8Array): Buffer | undefined {
  return box.openBytes(sealed, context(id));
}

/** Deletes the jobs that finished a day ago and the errors of their users. */
export async function deleteEndedImports(pool: pg.Pool, at: Date): Promise<void> {
  await queryRows(pool, 'delete from user_import_jobs where finished_at <= $1', [
    addSeconds(at, -KEEP_IMPORTS_SECONDS),
  ]);
}
