/** Export jobs of users: the requests, never their results. Jobs older than a day are not read. */
import type { Kysely } from 'kysely';
import { addSeconds } from '../../../kernel/clock.js';
import type { UserExportDirectory } from '../../../ports/directory/user-exports.js';
import type { Database } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';

/** Seconds until a job is deleted, as on Auth0. A statement of src/storage/housekeeping.ts repeats it as '1 day'. */
const KEEP_SECONDS = 86_400;

/** Creates the directory of export jobs over a transaction or a pool. */
export function createUserExportDirectory(db: Kysely<Database>): UserExportDirectory {
  return {
    async create({ id, connectionId, format, limit, fields, clientId, createdAt }) {
      await db
        .insertInto('user_export_jobs')
        .values({
          id,
          connection_id: orNull(connectionId),
          format,
          people_limit: orNull(limit),
          fields: fields === undefined ? null : JSON.stringify(fields),
          client_id: clientId,
          created_at: createdAt,
        })
        .execute();
    },
    async find(id, now) {
      const row = await db
        .selectFrom('user_export_jobs')
        .selectAll()
        .where('id', '=', id)
        .where('created_at', '>', addSeconds(now, -KEEP_SECONDS))
        .executeTakeFirst();
      return (
        row && {
          id: row.id,
          connectionId: orUndefined(row.connection_id),
          format: row.format,
          limit: orUndefined(row.people_limit),
          fields: orUndefined(row.fields),
          clientId: row.client_id,
          createdAt: row.created_at,
        }
      );
    },
  };
}
