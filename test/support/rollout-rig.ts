/**
 * A company on a server behind a proxy, a plan that changes every kind of setting, and the ways to carry it out: the command in this process,
 * the command as a process that can be killed, and the library with short waits. And the digest that a rollback has to give back.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/program.js';
import { systemClock } from '../../src/kernel/clock.js';
import { connectTenant, type RemoteOptions } from '../../src/tenant-tools/remote/tenant.js';
import { type ApplyResult, applyPlan } from '../../src/tenant-tools/rollout/apply.js';
import type { TenantKind } from '../../src/tenant-tools/rollout/classify.js';
import { openTenant } from '../../src/tenant-tools/rollout/connect.js';
import { type Journal, openJournal } from '../../src/tenant-tools/rollout/journal.js';
import { type Plan, parsePlan } from '../../src/tenant-tools/rollout/plan-file.js';
import { type RollbackResult, rollBack } from '../../src/tenant-tools/rollout/rollback.js';
import type { RolloutTenant, UsedDecision } from '../../src/tenant-tools/rollout/tenant.js';
import { type ApiProxy, startApiProxy } from './api-proxy.js';
import type { Cast } from './cast.js';
import { addCompany, type Company } from './company.js';
import { COMPILED } from './compiled.js';
import { type Snapshot, snapshotTables } from './database.js';
import { type Instance, MANAGEMENT_CLIENT } from './instance.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every setting that a rollout can change, each from its other value. */
export const ALL_SETTINGS = [
  ...['--prove-domain', 'acme.example', '--alias', 'second.example'],
  ...['--sso-rollout', 'required', '--auto-membership', 'off'],
];

/** Every setting that a rollout can change on Auth0: `sso_rollout` is not one of its. */
export const ALL_SETTINGS_OF_AUTH0 = [
  ...['--prove-domain', 'acme.example', '--alias', 'second.example'],
  // Home realm discovery shuts the password on everybody of the domain there: the plan names them, and the operator allows it.
  ...['--auto-membership', 'off', '--allow-lockout'],
];

/** Columns that differ after a rollback although everything is as before, each with the reason. */
export const MOVING_COLUMNS: Readonly<Record<string, string>> = {
  'connections.revision': 'a new one at each change of options: a login under way with the old ones is refused',
  'connections.updated_at': 'the time of the last change',
  'connections.secrets_sealed':
    'the same secrets, sealed anew with another nonce: sign-ins by SSO say that they are the same',
  'organization_connections.revision': 'a new one at each change of the enabled connection',
};

/** Tables that are not compared, each with the reason. */
export const MOVING_TABLES: Readonly<Record<string, string>> = {
  logs: 'append only: the rollout and its rollback are in it',
  settings_revision: 'another value after each write of settings',
};

/** The same on Auth0's double. */
export const MOVING_TABLES_OF_AUTH0: Readonly<Record<string, string>> = {
  user_id_prefixes:
    'the prefix of user ids of an identity provider, given with its first user; the same at the next one',
};

/** Tables that sign-ins of people write, whether or not there was a rollout. */
export const SIGN_IN_TABLES: Readonly<Record<string, string>> = {
  sessions: 'a session that did not begin with the removed identity goes on',
  authorization_codes: 'the code of a sign-in, until it is swept',
  refresh_tokens: 'the token of a sign-in that did not begin with the removed identity',
  login_receipts: 'the one-time id of a sign-in',
  attempt_counters: 'tries are counted',
  user_id_prefixes: 'the prefix of user ids of an identity provider, given at the unlink; the same at the next one',
};
export const SIGN_IN_COLUMNS: Readonly<Record<string, string>> = {
  'users.logins_count': 'counts sign-ins',
  'users.last_login_at': 'time of the last sign-in',
  'users.last_ip': 'address of the last sign-in',
  'users.updated_at': 'the time of the last change, and a sign-in is one',
  'users.last_login_day': 'the day of the last sign-in',
  'users.updated_day': 'the day of the last change, and a sign-in is one',
  'members.first_used_at': 'the time of the first proof of the account in a sign-in to the organization',
  'members.first_login_at': 'the time of the first sign-in to the organization',
  'members.last_login_at': 'the time of the last sign-in to the organization',
};

/** The rows of all tables without what moves, ready to compare. */
export function settle(
  picture: Snapshot,
  people: 'nobody signed in' | 'somebody signed in',
  kind: TenantKind = 'vestibule',
): Snapshot {
  const signedIn = people === 'somebody signed in';
  const tables = { ...MOVING_TABLES, ...(kind === 'auth0' && MOVING_TABLES_OF_AUTH0), ...(signedIn && SIGN_IN_TABLES) };
  const columns = Object.keys({ ...MOVING_COLUMNS, ...(signedIn && SIGN_IN_COLUMNS) });
  const settled: Record<string, string[]> = {};
  for (const [table, rows] of Object.entries(picture)) {
    if (table in tables) continue;
    const moving = columns.filter((name) => name.startsWith(`${table}.`)).map((name) => name.slice(table.length + 1));
    const strip = (row: string): string => {
      const cells = Object.entries(JSON.parse(row) as Record<string, unknown>);
      const kept = cells.flatMap(([name, cell]) => {
        if (!moving.includes(name)) return [[name, cell]];
        // Whether there is a value at all is compared where nobody signed in.
        return signedIn ? [] : [[name, cell === null ? null : 'moves']];
      });
      return JSON.stringify(Object.fromEntries(kept));
    };
    settled[table] = rows.map(strip).sort();
  }
  return settled;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

export interface RolloutRig {
  readonly proxy: ApiProxy;
  readonly company: Company;
  readonly folder: string;
  readonly planFile: string;
  readonly env: Readonly<Record<string, string>>;
  plan(): Plan;
  /** Makes the plan by the command, in this process. */
  makePlan(...more: string[]): Promise<Run>;
  /** The command in this process. */
  run(...args: string[]): Promise<Run>;
  /** The command as a process of its own. */
  start(...args: string[]): Child;
  /** The library, with waits of milliseconds. `journal` is told before each entry that is appended. */
  apply(options?: WorkOptions): Promise<ApplyResult>;
  rollBack(used?: UsedDecision, options?: WorkOptions): Promise<RollbackResult>;
  /** Starts over: no journal, the proxy passes everything. */
  reset(): Promise<void>;
  /** A line of the journal that a crash tore. */
  tearJournal(): Promise<void>;
  /** Everything that does not move (see {@link settle}), as one text. */
  digest(people?: Parameters<typeof settle>[1]): Promise<string>;
  /** Returns the state after an apply, without the ids and times that are new each time. */
  reached(): Promise<string>;
  snapshot(): Promise<Snapshot>;
  stop(): Promise<void>;
}

export interface WorkOptions {
  readonly remote?: RemoteOptions;
  readonly limit?: number;
  readonly only?: ReadonlySet<string>;
  readonly strict?: boolean;
  readonly allowLockout?: boolean;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runHere(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCommandLine(args, {
    env,
    out: (line) => void out.push(`${line}\n`),
    note: (line) => void notes.push(`${line}\n`),
    width: 80,
    colourful: false,
    readInput: async () => '',
    startServer: () => Promise.reject(new Error('no server is started here')),
    openKeys: () => Promise.reject(new Error('no keys are opened here')),
    openActions: () => Promise.reject(new Error('no Actions are kept here')),
    openOperators: () => Promise.reject(new Error('no operators are kept here')),
    openExaminer: () => Promise.reject(new Error('nothing is examined here')),
    onHangup: () => {},
    untilStopped: () => new Promise(() => {}),
  });
  return { code, stdout: out.join(''), stderr: notes.join('') };
}

function startChild(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [...COMPILED, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
  return { process: child, ended };
}

/** The state before the rollout: nothing is proved, nothing leads to the connection, everybody whom the provider knows becomes a member. */
async function takeDoorsOff(instance: Instance, cast: Cast): Promise<void> {
  const organization = `/organizations/${cast.acme.id}`;
  const domain = await instance.api('GET', `${organization}/discovery-domains/name/acme.example`);
  await instance.api('DELETE', `${organization}/discovery-domains/${domain.id}`);
  const connection = await instance.api('GET', `/connections/${cast.acme.connectionId}`);
  const options = { ...(connection.options as object), domain_aliases: ['third.example'] };
  await instance.api('PATCH', `/connections/${cast.acme.connectionId}`, { options });
  await instance.api('PATCH', `${organization}/enabled_connections/${cast.acme.connectionId}`, {
    assign_membership_on_login: true,
  });
}

/** People who have no way in but the password keep it under `required`, so that the plan may have every setting. */
async function breakGlassFor(instance: Instance, cast: Cast, { expected }: Company): Promise<void> {
  const classes = ['not_in_directory', 'inactive_in_directory', 'several_candidates', 'collides', 'other_subject'];
  await instance.database.pool.query(
    'update members set break_glass = true where organization_id = $1 and user_id = any($2)',
    [cast.acme.id, classes.flatMap((name) => expected[name] ?? [])],
  );
}

async function readReached({ database }: Instance): Promise<string> {
  const identities = await database.pool.query(
    'select user_id, connection_id, status, issuer, subject, expected_email, is_primary from identities order by 1, 2, 5',
  );
  const settings = await database.pool.query(
    `select (select json_agg(json_build_array(domain, status) order by domain) from discovery_domains) as domains,
      (select json_agg(json_build_array(id, domain_aliases, options) order by id) from connections) as connections,
      (select json_agg(json_build_array(connection_id, sso_rollout, assign_membership_on_login) order by connection_id, organization_id)
        from organization_connections) as enabled`,
  );
  return JSON.stringify([identities.rows, settings.rows]);
}

/** Waits of milliseconds, and no request that hangs for long. */
export const IMPATIENT: RemoteOptions = { tries: 12, firstWaitMs: 2, timeoutMs: 1_500 };

/** Puts `size` people, one of every special class among them, on the instance, and a proxy before it. `kind`: what the instance is. */
export async function startRolloutRig(
  { instance, cast }: { readonly instance: Instance; readonly cast: Cast },
  size: number,
  kind: TenantKind = 'vestibule',
): Promise<RolloutRig> {
  const { pool } = instance.database;
  const proxy = await startApiProxy(instance.origin);
  const folder = await mkdtemp(join(tmpdir(), 'rollout-rig-'));
  const company = await addCompany(pool, cast, size, 1);
  await takeDoorsOff(instance, cast);
  if (kind === 'vestibule') await breakGlassFor(instance, cast, company);
  await writeFile(join(folder, 'people.csv'), company.directory);
  const planFile = join(folder, 'plan.jsonl');
  const journalFile = `${planFile}.journal`;
  const env = {
    VESTIBULE_URL: proxy.origin,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
  };
  let plan: Plan | undefined;
  const getPlan = (): Plan => {
    if (plan === undefined) throw new Error('no plan was made');
    return plan;
  };

  const reach = async (options: WorkOptions): Promise<{ tenant: RolloutTenant; journal: Journal }> => {
    const access = { origin: proxy.origin, clientId: MANAGEMENT_CLIENT.id, clientSecret: MANAGEMENT_CLIENT.secret };
    const remote = await connectTenant(access, { ...IMPATIENT, ...options.remote });
    const { organization, connection } = getPlan().head;
    const target = {
      organizationId: organization.id,
      connectionId: connection.id,
      connectionName: connection.name,
      strategy: connection.strategy,
    };
    const tenant = openTenant(remote, kind, 'write', target, systemClock);
    return { tenant, journal: await openJournal(journalFile, getPlan().digest, systemClock) };
  };
  const place = { organizationId: cast.acme.id, connectionId: cast.acme.connectionId };
  const shared = () => ({ plan: getPlan(), place, allowLockout: false, onProgress: () => {}, isStopped: () => false });
  const snapshot = () => snapshotTables(pool);

  return {
    proxy,
    company,
    folder,
    planFile,
    env,
    snapshot,
    plan: getPlan,
    async makePlan(...more) {
      const args = ['--organization', 'acme', '--connection', 'acme-oidc', '--out', planFile, ...more];
      const run = await runHere(['rollout', 'plan', '--directory', join(folder, 'people.csv'), ...args], env);
      if (run.code !== 0) throw new Error(`no plan: ${run.stderr}`);
      plan = parsePlan(await readFile(planFile, 'utf8'));
      return run;
    },
    run: (...args) => runHere(['rollout', ...args], env),
    start: (...args) => startChild(['rollout', ...args], env),
    async apply(options = {}) {
      const { tenant, journal } = await reach(options);
      const { only, limit, strict = false, allowLockout = false } = options;
      try {
        return await applyPlan({ ...shared(), tenant, journal, only, limit, strict, allowLockout });
      } finally {
        await journal.close();
      }
    },
    async rollBack(used, options = {}) {
      const { tenant, journal } = await reach(options);
      try {
        return await rollBack({ ...shared(), ...options, tenant, journal, used, only: options.only });
      } finally {
        await journal.close();
      }
    },
    async reset() {
      proxy.reset();
      await rm(journalFile, { force: true });
    },
    tearJournal: () => appendFile(journalFile, '{"at":"2026-01-01T00:00:00.000Z","ids":["auth0|comp'),
    async digest(people = 'nobody signed in') {
      return createHash('sha256')
        .update(JSON.stringify(settle(await snapshot(), people, kind)))
        .digest('hex');
    },
    reached: () => readReached(instance),
    async stop() {
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
