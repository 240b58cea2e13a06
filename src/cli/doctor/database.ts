/** Judges the database: can a server start on it, and would anything disturb a running one. */
import type { Config } from '../../config/config.js';
import type { BacklogFacts, DatabaseFacts, DiskFacts } from '../../ports/examiner.js';
import { type Finding, findingsOf } from './finding.js';

const { ok, warn, fail, skip } = findingsOf('database');

/** Connections of a node besides its pool: readiness, a migration, an operator. */
const BESIDE_POOL = 3;

function judgeSchema({ schema }: DatabaseFacts): readonly Finding[] {
  if (schema === 'empty')
    return [warn('The database has no tables yet.', '`vestibule serve` makes them at its start.')];
  if (schema === 'behind')
    return [
      warn(
        'The tables are of an earlier version.',
        'The next start of this version migrates them: make a backup first, then start it.',
      ),
    ];
  if (schema === 'current') return [];
  return [
    fail(
      'A later version has migrated the database: this one could not start on it again.',
      'Install the version that migrated it, or a newer one.',
    ),
  ];
}

function judgeWriting({ isStandby, isReadOnly, waitingCommits }: DatabaseFacts): readonly Finding[] {
  if (waitingCommits > 0)
    return [
      fail(
        `${waitingCommits} commits wait for a synchronous standby that does not answer.`,
        'Start the standby, or take it out of synchronous_standby_names and reload PostgreSQL.',
      ),
    ];
  if (isStandby)
    return [fail('The database is a standby: it can be read, but not written.', 'Point DATABASE_URL to the primary.')];
  if (!isReadOnly) return [];
  return [
    fail(
      'The database takes no writes.',
      'Look at default_transaction_read_only of the role and the server, and at the disk.',
    ),
  ];
}

function judgeRights({ lackedRights }: DatabaseFacts): readonly Finding[] {
  if (lackedRights.length === 0) return [];
  const [first, ...others] = lackedRights;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return [
    fail(
      `The role of DATABASE_URL lacks the right ${first}${more}.`,
      'Make it the owner of the database and its tables: alter database NAME owner to ROLE; reassign owned by OTHER to ROLE.',
    ),
  ];
}

function judgeConnections({ connections: { most, used } }: DatabaseFacts, config: Config): readonly Finding[] {
  const wanted = config.database.connections + BESIDE_POOL;
  if (wanted <= most && used < most * 0.9) return [];
  return [
    warn(
      `PostgreSQL takes ${most} connections, of which ${used} are in use; this node alone may want ${wanted}.`,
      'Raise max_connections, or lower VESTIBULE_DATABASE_CONNECTIONS.',
    ),
  ];
}

function judgeTransactions({ longTransactions, seesOthers }: DatabaseFacts): readonly Finding[] {
  const long = longTransactions.map(({ pid, application, minutes }) =>
    warn(
      `A transaction of ${application || 'a program without a name'} (process ${pid}) has been open for ${minutes} minutes.`,
      `It keeps old rows, and blocks migrations. If nobody needs it: select pg_terminate_backend(${pid})`,
    ),
  );
  if (seesOthers) return long;
  const why = 'Transactions of other roles were not looked at: the role may not see them.';
  return [...long, skip(why, 'grant pg_read_all_stats to ROLE, if you want them to be.')];
}

/** Judges the database; `facts` is undefined where the data directory has none yet. */
export function judgeDatabase(facts: DatabaseFacts | undefined, config: Config): readonly Finding[] {
  if (facts === undefined)
    return [skip(`There is no database in ${config.dataDir} yet.`, '`vestibule serve` makes it at its first start.')];
  const rehearsal = facts.isRehearsal
    ? [warn('This is the database of a rehearsal tenant (--profile auth0).', 'Never let real people sign in with it.')]
    : [];
  const worries = [
    ...facts.obstacles.map((obstacle) => fail(obstacle)),
    ...judgeSchema(facts),
    ...judgeWriting(facts),
    ...judgeRights(facts),
    ...rehearsal,
    ...judgeConnections(facts, config),
    ...judgeTransactions(facts),
  ];
  const isWell = worries.every(({ state }) => state === 'skip');
  return isWell ? [ok(`PostgreSQL ${facts.version}; its tables are of this version.`), ...worries] : worries;
}

/**
 * Warns of mails, jobs and notices of logouts that are overdue by ten minutes, and of log streams that are suspended or
 * have failed for ten minutes.
 */
export function judgeBacklog({ mails, streams, actionJobs, logoutNotices }: BacklogFacts): readonly Finding[] {
  const here = findingsOf('waiting work');
  const because = (error: string | undefined) => (error === undefined ? '' : ` The last error: ${error}`);
  const found = [
    ...(mails.count === 0
      ? []
      : [
          here.warn(
            `${mails.count} mails have waited for more than ten minutes.${because(mails.lastError)}`,
            'See the finding about mail.',
          ),
        ]),
    ...streams.map(({ name, lastError }) =>
      here.warn(
        `The log stream ${name} does not get its lines.${because(lastError)}`,
        'Let its endpoint answer again, then set its status to active (docs/guides/log-streams.md).',
      ),
    ),
    ...logoutNotices.map(({ clientId, count }) =>
      here.warn(
        `The application ${clientId} has not confirmed ${count} logouts.`,
        'Its back-channel logout URL must answer 200 or 204. The log says why it does not: oidc_backchannel_logout_failed.',
      ),
    ),
    ...(actionJobs === 0
      ? []
      : [
          here.warn(
            `${actionJobs} jobs for Actions have waited for more than ten minutes.`,
            'See the finding about actions, and the executions of the Actions after a registration.',
          ),
        ]),
  ];
  return found.length > 0 ? found : [here.ok('Nothing waits that should have been done.')];
}

const MB = 1_048_576;

/** Judges the bundled database's disk: PostgreSQL stops when it is full. */
export function judgeDisk(facts: DiskFacts | undefined): readonly Finding[] {
  const here = findingsOf('disk');
  if (facts === undefined) return [here.skip('The database has its own disk, which is not seen from here.')];
  const { directory, freeBytes, totalBytes } = facts;
  const words = `${Math.floor(freeBytes / MB)} MB are free at ${directory}`;
  const change = 'Free some space, or move VESTIBULE_DATA_DIR to a larger disk while the server is stopped.';
  if (freeBytes < 256 * MB) return [here.fail(`Only ${words}.`, change)];
  if (freeBytes < 1_024 * MB || freeBytes < totalBytes * 0.05) return [here.warn(`Only ${words}.`, change)];
  return [here.ok(`${words}.`)];
}
