/** Shared by the two sides of bulk imports: how a file is sealed, and how long a job is kept. */
import type pg from 'pg';
import { addSeconds } from '../../kernel/clock.js';
import type { SecretBox } from '../../kernel/seal.js';
import { queryRows } from '../database/pool.js';

/** After its end, as at Auth0. */
export const KEEP_IMPORTS_SECONDS = 86_400;

const context = (id: string) => `user_import_jobs:${id}`;

/** The sealed file; the row's id is authenticated, so that a file moved to another job does not open. */
export function sealImportFile(box: SecretBox, id: string, file: Uint8Array): Buffer {
  return box.seal(file, context(id));
}

/** The file of a row, or undefined when it was sealed under another key or changed. */
export function openImportFile(box: SecretBox, id: string, sealed: Uint8Array): Buffer | undefined {
  return box.openBytes(sealed, context(id));
}

/** Removes the jobs that ended a day ago, and what was told of their users. */
export async function deleteEndedImports(pool: pg.Pool, at: Date): Promise<void> {
  await queryRows(pool, 'delete from user_import_jobs where finished_at <= $1', [
    addSeconds(at, -KEEP_IMPORTS_SECONDS),
  ]);
}
