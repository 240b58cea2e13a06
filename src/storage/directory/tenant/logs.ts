/** Reads the login log for administrators, and appends the line of their own write. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { DayCounts, LogDirectory, LogFilter, LogRecord } from '../../../ports/directory/logs.js';
import type { Ledger } from '../../../ports/ledger.js';
import { APPEND, valuesOf } from '../../database/ledger.js';
import { runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';

/** Creates the ledger over a transaction or a pool. */
export function createDirectoryLedger(db: Kysely<Database>): Ledger {
  return {
    async append(entry) {
      await runPrepared(db, APPEND, valuesOf(entry));
    },
  };
}

function selectLogs(db: Kysely<Database>) {
  return db
    .selectFrom('logs')
    .leftJoin('clients', 'clients.client_id', 'logs.client_id')
    .leftJoin('connections', 'connections.id', 'logs.connection_id')
    .leftJoin('users', 'users.user_id', 'logs.user_id')
    .leftJoin('organizations', 'organizations.id', 'logs.organization_id')
    .selectAll('logs')
    .select([
      'clients.name as client_name',
      'connections.name as connection_name',
      'users.email as user_name',
      'organizations.name as organization_name',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectLogs>['execute']>>[number];

function toLog(row: Row): LogRecord {
  return {
    logId: row.log_id,
    date: row.date,
    type: row.type,
    details: row.details,
    clientName: row.client_name ?? undefined,
    connectionName: row.connection_name ?? undefined,
    userName: row.user_name ?? undefined,
    organizationName: row.organization_name ?? undefined,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.organization_id === '' ? {} : { organizationId: row.organization_id }),
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    ...(row.user_id === null ? {} : { userId: row.user_id }),
    ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
    ...(row.ip === null ? {} : { ip: row.ip }),
    ...(row.user_agent === null ? {} : { userAgent: row.user_agent }),
  };
}

/**
 * Condition on the expression of the index `logs_by_code`. One code is compared directly: the index then returns its
 * lines in order. Lines of several codes are collected first; otherwise the planner overestimates their number and
 * scans the whole log. Reads for each code only the `newest` lines that a page can show: a code may have a line for
 * each minute of the whole log. Undefined where other conditions choose among the lines, or all are counted.
 */
function hasCode(codes: readonly string[], { from, to }: LogFilter, newest: number | undefined) {
  const code = sql`coalesce(details ->> 'code', details ->> 'check')`;
  if (codes.length === 1)
    return sql<boolean>`coalesce(logs.details ->> 'code', logs.details ->> 'check') = ${codes[0]}`;
  const since = from === undefined ? sql`` : sql`and date >= ${from}`;
  const until = to === undefined ? sql`` : sql`and date <= ${to}`;
  const most = newest === undefined ? sql`` : sql`order by log_id desc limit ${newest}`;
  const lines = sql.join(
    codes.map((one) => sql`(select log_id from logs where ${code} = ${one} ${since} ${until} ${most})`),
    sql` union all `,
  );
  return sql<boolean>`logs.log_id = any(array(${lines}))`;
}

/** Maximum number of applications of one name whose lines are found. */
const MOST_NAMED = 100;

/** The ids of the objects that a filter names; undefined where it names none of that kind. */
interface NamedIds {
  readonly connections: readonly string[] | undefined;
  readonly clients: readonly string[] | undefined;
}

/**
 * Finds the ids by their names first, by an index each: a name that nobody has then finds nothing at once, and does not
 * go through the whole log.
 */
async function findNamed(db: Kysely<Database>, { connectionName, clientName }: LogFilter): Promise<NamedIds> {
  const of = async (table: 'connections' | 'clients', column: 'id' | 'client_id', name: string | undefined) => {
    if (name === undefined) return undefined;
    const { rows } = await sql<{ id: string }>`
      select ${sql.ref(column)} as id from ${sql.table(table)}
      where lower(name) collate "C" = lower(${name}) collate "C" order by created_at limit ${MOST_NAMED}`.execute(db);
    return rows.map(({ id }) => id);
  };
  return {
    connections: await of('connections', 'id', connectionName),
    clients: await of('clients', 'client_id', clientName),
  };
}

const findsNothing = ({ connections, clients }: NamedIds) => connections?.length === 0 || clients?.length === 0;

function narrow<Tables extends keyof Database, Out>(
  query: SelectQueryBuilder<Database, Tables, Out>,
  filter: LogFilter,
  named: NamedIds,
  newest?: number,
): SelectQueryBuilder<Database, Tables, Out> {
  const equal = (column: string, value: string) => sql<boolean>`${sql.ref(`logs.${column}`)} = ${value}`;
  let narrowed = query;
  if (filter.types !== undefined)
    narrowed = narrowed.where(sql<boolean>`logs.type = any(${[...filter.types]}::text[])`);
  if (filter.codes !== undefined) narrowed = narrowed.where(hasCode(filter.codes, filter, newest));
  if (filter.clientId !== undefined) narrowed = narrowed.where(equal('client_id', filter.clientId));
  if (filter.userId !== undefined) narrowed = narrowed.where(equal('user_id', filter.userId));
  if (filter.connectionId !== undefined) narrowed = narrowed.where(equal('connection_id', filter.connectionId));
  if (filter.organizationId !== undefined) narrowed = narrowed.where(equal('organization_id', filter.organizationId));
  // Collects the matching lines first: the planner cannot know how rare a reference is and would scan the lines in
  // order until it meets one.
  if (filter.reference !== undefined)
    narrowed = narrowed.where(
      sql<boolean>`logs.log_id = any(array(select l.log_id from logs l where l.details ->> 'reference' = ${filter.reference}))`,
    );
  if (filter.address !== undefined) {
    const address = filter.address;
    const stands = sql<boolean>`jsonb_path_exists(logs.details, '$.** ? (@ == $a)', jsonb_build_object('a', ${address}::text))`;
    const isTheirs = sql<boolean>`logs.user_id in (select users.user_id from users where users.email = ${address})`;
    narrowed = narrowed.where((where) => where.or([isTheirs, stands]));
  }
  if (named.connections !== undefined)
    narrowed = narrowed.where(sql<boolean>`logs.connection_id = any(${[...named.connections]}::text[])`);
  if (named.clients !== undefined)
    narrowed = narrowed.where(sql<boolean>`logs.client_id = any(${[...named.clients]}::text[])`);
  if (filter.ip !== undefined) narrowed = narrowed.where(equal('ip', filter.ip));
  if (filter.from !== undefined) narrowed = narrowed.where(sql<boolean>`logs.date >= ${filter.from}`);
  if (filter.to !== undefined) narrowed = narrowed.where(sql<boolean>`logs.date <= ${filter.to}`);
  return narrowed;
}

/** The conditions that `hasCode` applies to the lines of each code. */
const OF_CODES: ReadonlySet<string> = new Set(['codes', 'from', 'to']);

/** Returns how many of the newest lines a page can show, its offset included, if only codes and dates choose them. */
function countNewest(filter: LogFilter, page: Parameters<LogDirectory['list']>[1]): number | undefined {
  const isOfCodes = Object.entries(filter).every(([name, value]) => value === undefined || OF_CODES.has(name));
  if (!isOfCodes || !page.newestFirst || page.afterLogId !== undefined) return undefined;
  return page.limit + (page.offset ?? 0);
}

/** Creates the directory of the login log. */
export function createLogDirectory(db: Kysely<Database>): LogDirectory {
  return {
    ...createCounts(db),
    async list(filter, page) {
      const direction = page.newestFirst && page.afterLogId === undefined ? 'desc' : 'asc';
      const named = await findNamed(db, filter);
      if (findsNothing(named)) return { items: [], ...(page.count && { total: 0 }) };
      // A log id begins with its time, so its unique index sorts by date.
      let query = narrow(selectLogs(db), filter, named, countNewest(filter, page))
        .orderBy('logs.log_id', direction)
        .limit(page.limit);
      if (page.afterLogId !== undefined) query = query.where('logs.log_id', '>', page.afterLogId);
      if (page.offset !== undefined) query = query.offset(page.offset);
      const items = (await query.execute()).map(toLog);
      if (!page.count) return { items };
      const counted = narrow(db.selectFrom('logs'), filter, named).select(sql<number>`count(*)`.as('total'));
      return { items, total: Number((await counted.executeTakeFirstOrThrow()).total) };
    },
    async listSettled(after, limit) {
      // A line's `position` is the id of the transaction that wrote it. Reads only lines older than every transaction
      // open in this statement's snapshot: no line can appear among them later.
      const rows = await selectLogs(db)
        .where(sql<boolean>`(logs.position, logs.log_id) > (${after.position}::bigint, ${after.logId}::text)`)
        .where(sql<boolean>`logs.position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`)
        .orderBy('logs.position')
        .orderBy('logs.log_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...toLog(row), position: row.position }));
    },
    async find(logId) {
      const row = await selectLogs(db).where('logs.log_id', '=', logId).executeTakeFirst();
      return row && toLog(row);
    },
  };
}

/** Returns counts over log and accounts. An index by date finds the log lines, one by age the accounts. */
function createCounts(db: Kysely<Database>): Pick<LogDirectory, 'countDays' | 'countActiveUsers'> {
  return {
    async countDays(from, to) {
      const { rows } = await sql<DayCounts>`
        select day at time zone 'UTC' as day, sum(logins)::integer as logins, sum(refusals)::integer as refusals,
          sum(accounts)::integer as accounts
        from (
          select date_trunc('day', date at time zone 'UTC') as day, 
            sum(coalesce((details #>> '{repeats,count}')::integer, 1)) filter (where type = 's') as logins,
            count(*) filter (where type <> 's') as refusals, 0 as accounts
          from logs where date >= ${from} and date < ${to} and type in ('s', 'f', 'fp', 'fu', 'fs', 'fi', 'mfar') group by 1
          union all
          select date_trunc('day', created_at at time zone 'UTC'), 0, 0, count(*)
          from users where created_at >= ${from} and created_at < ${to} group by 1) counted
        group by day`.execute(db);
      return rows;
    },
    async countActiveUsers(since) {
      const { rows } = await sql<{ users: number }>`
        select count(distinct user_id)::integer as users from logs where date >= ${since} and type = 's'`.execute(db);
      return rows[0]?.users ?? 0;
    },
  };
}
