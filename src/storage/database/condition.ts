/**
 * Reads the condition of a database for `vestibule doctor`: obstacles to starting a server on it, and disturbances of a
 * running one. Reads only, and migrates nothing.
 */
import type pg from 'pg';
import { addSeconds, type Clock } from '../../kernel/clock.js';
import { StartError } from '../../kernel/errors.js';
import type { BacklogFacts, DatabaseFacts } from '../../ports/examiner.js';
import { checkServer, findPending, findUnknown, readAppliedMigrations, readMigrations } from './migrate.js';
import { type PoolOptions, queryRows } from './pool.js';
import { checkPooler } from './pooler.js';

/** Minutes after which a transaction counts as long: it keeps dead rows and blocks migrations. */
const LONG_MINUTES = 5;
const LATE_MINUTES = 10;

/**
 * Returns the message of a check that throws {@link StartError}, or undefined when it passes. Rethrows other errors.
 */
async function findObstacle(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}

const READ_STATE = `select current_setting('server_version') as version, pg_is_in_recovery() as standby,
  current_setting('transaction_read_only') = 'on' as read_only,
  current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as most,
  (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as used,
  (select count(*)::integer from pg_stat_activity
    where wait_event = 'SyncRep' and state_change < clock_timestamp() - interval '2 seconds') as waiting_commits,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_others`;

interface StateRow {
  readonly version: string;
  readonly standby: boolean;
  readonly read_only: boolean;
  readonly most: number;
  readonly used: number;
  readonly waiting_commits: number;
  readonly sees_others: boolean;
}

/**
 * Lists the rights that this role lacks. A migration alters tables, which only their owner may do; a login reads and
 * writes rows.
 */
const READ_RIGHTS = `select * from (
  select 'to create tables in the schema ' || current_schema() as lacked
    where not has_schema_privilege(current_schema(), 'create')
  union all
  select 'to read and write the table ' || c.relname from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and not (has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
        and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
  union all
  select 'to migrate the table ' || c.relname || ', which another role owns' from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and not pg_has_role(c.relowner, 'usage')
  ) one order by lacked limit 20`;

const READ_LONG = `select pid, coalesce(application_name, '') as application,
    (extract(epoch from clock_timestamp() - xact_start) / 60)::integer as minutes
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and xact_start < clock_timestamp() - $1 * interval '1 minute'
  order by xact_start limit 10`;

async function readSchema(pool: pg.Pool): Promise<Pick<DatabaseFacts, 'schema' | 'obstacles'>> {
  const files = readMigrations();
  const applied = await readAppliedMigrations(pool);
  const { unknown, blocking } = findUnknown(files, applied);
  const known = applied.filter(({ name }) => !unknown.includes(name));
  let pending = 0;
  const obstacle = await findObstacle(async () => {
    pending = findPending(files, known).length;
  });
  const schema = blocking.length > 0 ? 'newer' : pending > 0 ? 'behind' : 'current';
  return {
    schema: applied.length === 0 ? 'empty' : schema,
    obstacles: obstacle === undefined ? [] : [obstacle],
  };
}

async function isRehearsal(pool: pg.Pool): Promise<boolean> {
  const rows = await queryRows<{ kind: string | null }>(
    pool,
    `select to_jsonb(t) ->> 'server_kind' as kind from tenant t where id = 1`,
  );
  return rows[0]?.kind === 'auth0_double';
}

/**
 * Returns the database's clock minus ours, in milliseconds. Assumes that its answer was made in the middle of the round
 * trip.
 */
async function readAhead(pool: pg.Pool, clock: Clock): Promise<number> {
  // The first query is not measured: it may open a connection.
  await queryRows(pool, 'select 1');
  const before = clock.now().getTime();
  const [row] = await queryRows<{ now: Date }>(pool, 'select clock_timestamp() as now');
  const after = clock.now().getTime();
  return row === undefined ? 0 : Math.round(row.now.getTime() - (before + after) / 2);
}

/**
 * Reads the facts about a database for the doctor. Throws {@link Fault} when the database failed. `options` are those
 * of `pool`.
 */
export async function readDatabaseFacts(
  pool: pg.Pool,
  options: PoolOptions,
  clock: Clock,
  longMinutes: number = LONG_MINUTES,
): Promise<DatabaseFacts> {
  // This check comes first: when a pooler refuses the connection, nothing else can be read.
  const pooler = await findObstacle(() => checkPooler(pool, options));
  const aheadMs = await readAhead(pool, clock).catch((error: unknown) => {
    throw pooler === undefined ? error : new StartError(pooler, { cause: error });
  });
  const [state] = await queryRows<StateRow>(pool, READ_STATE);
  const { schema, obstacles } = await readSchema(pool);
  const others = [await findObstacle(() => checkServer(pool)), pooler];
  const rights = await queryRows<{ lacked: string }>(pool, READ_RIGHTS);
  const long = await queryRows<{ pid: number; application: string; minutes: number }>(pool, READ_LONG, [longMinutes]);
  return {
    version: (state?.version ?? '').split(' ', 1)[0] ?? '',
    schema,
    obstacles: [...others.filter((one) => one !== undefined), ...obstacles],
    isRehearsal: schema !== 'empty' && (await isRehearsal(pool)),
    isStandby: state?.standby === true,
    waitingCommits: state?.waiting_commits ?? 0,
    isReadOnly: state?.read_only === true,
    lackedRights: rights.map(({ lacked }) => lacked),
    connections: { most: state?.most ?? 0, used: state?.used ?? 0 },
    longTransactions: long,
    seesOthers: state?.sees_others === true,
    aheadMs,
  };
}

/** Returns the overdue work. Throws {@link Fault} when the database failed. */
export async function readBacklog(pool: pg.Pool, clock: Clock): Promise<BacklogFacts> {
  // Compares with the clock of the nodes that wrote the rows, which may differ from the database's.
  const late = [addSeconds(clock.now(), -60 * LATE_MINUTES)];
  const mails = await queryRows<{ last_error: string | null; count: number }>(
    pool,
    `select last_error, (count(*) over ())::integer as count from outbox
      where sent_at is null and next_attempt_at < 'infinity' and created_at < $1 order by created_at limit 1`,
    late,
  );
  const streams = await queryRows<{ name: string; last_error: string | null }>(
    pool,
    `select name, last_error from log_streams where status = 'suspended'
       or status = 'active' and failing_since < $1 order by name limit 20`,
    late,
  );
  const [jobs] = await queryRows<{ count: number }>(
    pool,
    `select count(*)::integer as count from action_jobs
      where next_attempt_at < 'infinity' and created_at < $1`,
    late,
  );
  const notices = await queryRows<{ client_id: string; count: number }>(
    pool,
    `select client_id, count(*)::integer as count from logout_notices where first_attempt_at < $1
      group by client_id order by count(*) desc, client_id limit 20`,
    late,
  );
  return {
    mails: { count: mails[0]?.count ?? 0, lastError: mails[0]?.last_error ?? undefined },
    streams: streams.map(({ name, last_error }) => ({ name, lastError: last_error ?? undefined })),
    actionJobs: jobs?.count ?? 0,
    logoutNotices: notices.map(({ client_id, count }) => ({ clientId: client_id, count })),
  };
}
