/** Log streams. Headers and keys are sealed with the row's id as context. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { LogStream, LogStreamSink } from '../../../domain/log-stream.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { LogStreamChanges, LogStreamDirectory } from '../../../ports/directory/log-streams.js';
import { openStreamSecrets, sealStreamSecrets } from '../../jobs/log-streams.js';
import type { Database } from '../../schema/schema.js';
import type { LogStreamsTable } from '../../schema/schema-log-streams.js';
import { orNull, orUndefined } from '../rows.js';

function toStream(box: SecretBox, row: Selectable<LogStreamsTable>): LogStream {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    isPriority: row.is_priority,
    filters: row.filters,
    sink: {
      endpoint: row.endpoint,
      contentType: row.content_type,
      format: row.content_format,
      ...(openStreamSecrets(box, row) ?? { authorization: undefined, headers: [], signingSecret: '' }),
    },
    startFrom: orUndefined(row.start_from),
    trouble:
      row.failing_since === null
        ? undefined
        : { since: row.failing_since, tries: row.failures, reason: orUndefined(row.last_error) },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const toSinkColumns = (box: SecretBox, id: string, sink: LogStreamSink) => ({
  endpoint: sink.endpoint,
  content_type: sink.contentType,
  content_format: sink.format,
  secrets_sealed: sealStreamSecrets(box, id, sink),
});

/** Returns the position of the last log line that the stream does not send. */
const lastBefore = (startFrom: Date | undefined) =>
  startFrom === undefined
    ? sql<number>`pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1`
    : sql<number>`coalesce((select min(position) from logs where date >= ${startFrom}),
                           pg_snapshot_xmin(pg_current_snapshot())::text::bigint) - 1`;

/** A changed stream is retried at once, and its earlier failures no longer count. */
const AFRESH = { failing_since: null, failures: 0, last_error: null };

function toChangedColumns(box: SecretBox, id: string, changes: LogStreamChanges, at: Date) {
  return {
    ...(changes.name !== undefined && { name: changes.name }),
    ...(changes.status !== undefined && { status: changes.status }),
    ...(changes.isPriority !== undefined && { is_priority: changes.isPriority }),
    ...(changes.filters !== undefined && { filters: [...changes.filters] }),
    ...(changes.sink !== undefined && toSinkColumns(box, id, changes.sink)),
    ...((changes.sink !== undefined || changes.status === 'active') && { ...AFRESH, next_attempt_at: at }),
    revision: sql<string>`gen_random_uuid()::text`,
    updated_at: at,
  };
}

/** Creates the {@link LogStreamDirectory}. */
export function createLogStreamDirectory(db: Kysely<Database>, box: SecretBox): LogStreamDirectory {
  const find = async (id: string) => {
    const row = await db.selectFrom('log_streams').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toStream(box, row);
  };
  return {
    find,
    async list() {
      const rows = await db.selectFrom('log_streams').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map((row) => toStream(box, row));
    },
    async create(stream) {
      await db
        .insertInto('log_streams')
        .values({
          id: stream.id,
          name: stream.name,
          status: stream.status,
          is_priority: stream.isPriority,
          filters: [...stream.filters],
          ...toSinkColumns(box, stream.id, stream.sink),
          start_from: orNull(stream.startFrom),
          sent_position: lastBefore(stream.startFrom),
          sent_log_id: '~',
          revision: sql<string>`gen_random_uuid()::text`,
          created_at: stream.createdAt,
          updated_at: stream.createdAt,
          next_attempt_at: stream.createdAt,
        })
        .execute();
    },
    async update(id, changes, at) {
      await db
        .updateTable('log_streams')
        .set(toChangedColumns(box, id, changes, at))
        .where('id', '=', id)
        .execute();
      return find(id);
    },
    async delete(id) {
      const result = await db.deleteFrom('log_streams').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
