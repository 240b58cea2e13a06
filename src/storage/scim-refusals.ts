/**
 * Reads from the log which refusals of the SCIM endpoint repeat, for the doctor. Stores nothing: the log's own limits
 * bound what is kept.
 */
import type pg from 'pg';
import { REPORTED_SCIM_CODES, SCIM_REPEAT_DAYS, SCIM_REPEATS } from '../facts/scim-refusals.js';
import { addSeconds, type Clock } from '../kernel/clock.js';
import type { RepeatedScimRefusal } from '../ports/examiner.js';
import { queryRows } from './database/pool.js';

/** Maximum number of refusals in the report. */
const MOST = 20;

/** The condition on the code is that of the index `logs_by_code`. Counts as `toRepeatedText` compares. */
const READ = `
select c.name as connection, l.code, (array_agg(l.detail order by l.date desc))[1] as detail,
  count(*)::integer as count, max(l.date) as latest
from (
  select connection_id, date, details ->> 'token_id' as token, coalesce(details ->> 'code', details ->> 'check') as code,
    coalesce(details ->> 'detail', '') as detail
  from logs where coalesce(details ->> 'code', details ->> 'check') = any ($1) and date >= $2) l
left join connections c on c.id = l.connection_id
group by l.connection_id, c.name, l.token, l.code, regexp_replace(l.detail, '\\d+', '#', 'g')
having count(*) >= $3
order by max(l.date) desc limit ${MOST}`;

/** Lists the refusals that repeat, the latest first. Throws {@link Fault} when the database failed. */
export async function listScimRefusals(pool: pg.Pool, clock: Clock): Promise<readonly RepeatedScimRefusal[]> {
  const since = addSeconds(clock.now(), -86_400 * SCIM_REPEAT_DAYS);
  const rows = await queryRows<Omit<RepeatedScimRefusal, 'connection'> & { connection: string | null }>(pool, READ, [
    REPORTED_SCIM_CODES,
    since,
    SCIM_REPEATS,
  ]);
  return rows.map((row) => ({ ...row, connection: row.connection ?? undefined }));
}
