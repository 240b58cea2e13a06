/** Signing keys, in the transaction of a directory. Private keys are sealed as in signing-key-store.ts. */
import { type Kysely, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type { SigningKeyDirectory } from '../../../ports/signing-key-store.js';
import type { Database } from '../../schema/schema.js';
import { LOCK_KEY, openSigningKey, sealSigningKey } from '../../secrets/signing-key-store.js';

/** Returns the directory of signing keys. `box`: the secret box for rows. */
export function createSigningKeyDirectory(db: Kysely<Database>, box: SecretBox): SigningKeyDirectory {
  const list = async () => {
    const rows = await db.selectFrom('signing_keys').selectAll().orderBy('created_at').orderBy('kid').execute();
    return rows.map((row) => openSigningKey(box, row));
  };
  return {
    list,
    async listForChange() {
      await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(db);
      return list();
    },
    async add(key) {
      await db.insertInto('signing_keys').values(sealSigningKey(box, key)).execute();
    },
    async remove(kid) {
      const { numDeletedRows } = await db.deleteFrom('signing_keys').where('kid', '=', kid).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
