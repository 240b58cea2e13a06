/**
 * Finds the kinds and costs of stored password hashes, so that a wrong password can take equally long for every
 * account. Reads only the parameters at the beginning of hashes, never salt or hash.
 */
import type pg from 'pg';
import type { Clock } from '../../kernel/clock.js';
import { queryRows } from '../database/pool.js';

/**
 * Finds the beginnings of stored hashes, except those with this server's own parameters. Expression and condition are
 * those of the index `password_credentials_imported`.
 */
const FIND = `
  select distinct substring(hash from '^(\\$2[aby]\\$\\d\\d\\$|\\$argon2(?:id|i|d)\\$v=\\d+\\$[^$]+\\$|\\$wrapped\\$[^$]+\\$)') as beginning
    from password_credentials where hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'`;
/** Age of the cached result: imported hashes count after this time at the latest. */
const REMEMBERED_MS = 60_000;

/**
 * Returns the beginnings (`$2b$10$`, `$argon2id$v=19$m=65536,t=3,p=1$`, `$wrapped$scrypt=131072$`) of all imported
 * hashes, at most a minute old.
 */
export function createStoredHashes(pool: pg.Pool, clock: Clock): () => Promise<readonly string[]> {
  let known: { readonly atMs: number; readonly found: Promise<readonly string[]> } | undefined;
  const find = async (): Promise<readonly string[]> => {
    const rows = await queryRows<{ beginning: string | null }>(pool, FIND, []);
    return rows.flatMap(({ beginning }) => beginning ?? []);
  };
  return () => {
    if (known === undefined || clock.monotonicMs() - known.atMs >= REMEMBERED_MS) {
      const found = find();
      const entry = { atMs: clock.monotonicMs(), found };
      known = entry;
      found.catch(() => {
        if (known === entry) known = undefined;
      });
    }
    return known.found;
  };
}
