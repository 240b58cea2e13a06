/** Public keys of applications. Stores no secrets. */
import type { Kysely, Selectable } from 'kysely';
import type { ClientCredential, ClientCredentialDirectory } from '../../../ports/directory/client-credentials.js';
import type { ClientCredentialsTable, Database } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';

function toCredential(row: Selectable<ClientCredentialsTable>): ClientCredential {
  return {
    id: row.id,
    name: row.name,
    kid: row.kid,
    alg: row.alg,
    publicKey: row.public_key,
    thumbprint: orUndefined(row.thumbprint_sha256),
    expiresAt: orUndefined(row.expires_at),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Creates the {@link ClientCredentialDirectory}. */
export function createClientCredentialDirectory(db: Kysely<Database>): ClientCredentialDirectory {
  const of = (clientId: string) => db.selectFrom('client_credentials').selectAll().where('client_id', '=', clientId);
  return {
    async list(clientId) {
      return (await of(clientId).orderBy('created_at').orderBy('id').execute()).map(toCredential);
    },
    async find(clientId, id) {
      const row = await of(clientId).where('id', '=', id).executeTakeFirst();
      return row && toCredential(row);
    },
    async create(clientId, credential) {
      await db
        .insertInto('client_credentials')
        .values({
          client_id: clientId,
          id: credential.id,
          name: credential.name,
          kid: credential.kid,
          alg: credential.alg,
          public_key: credential.publicKey,
          thumbprint_sha256: orNull(credential.thumbprint),
          expires_at: orNull(credential.expiresAt),
          created_at: credential.createdAt,
          updated_at: credential.updatedAt,
        })
        .execute();
    },
    async setExpiry(clientId, id, expiresAt, at) {
      const row = await db
        .updateTable('client_credentials')
        .set({ expires_at: orNull(expiresAt), updated_at: at })
        .where('client_id', '=', clientId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toCredential(row);
    },
    async delete(clientId, id) {
      await db.deleteFrom('client_credentials').where('client_id', '=', clientId).where('id', '=', id).execute();
    },
  };
}
