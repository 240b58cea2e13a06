/** Exports of users as rows: the questions, never an answer. A job that is older than a day is not read any more. */
import type { Kysely } from 'kysely';
import { addSeconds } from '../../../kernel/clock.js';
import type { UserExportDirectory } from '../../../ports/directory/user-exports.js';
import type { Database } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';

/** As at Auth0; the statement of src/storage/housekeeping.ts has the same day. */
const KEEP_SECONDS = 86_400;

/** Over the transaction (or pool) of `db`. */
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
