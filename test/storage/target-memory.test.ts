/**
 * The memory for targets of logins equals the database after every change. Each table that a target is read from
 * changes the revision; without its triggers people would sign in by settings that no longer exist.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import { INVITATION_JSON } from '../../src/storage/login-store/invitation-json.js';
import { AT, dnsProof, EARLIER, makeWorld, type World } from '../conformance/login-store-world.js';
import { createTestDatabase, snapshotTables, type TestDatabase } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';
import { createSqlSeed } from '../support/sql-seed.js';

/** Tables of the statement that hold invitations, which are never kept, and the revision itself. */
const NEVER_KEPT = ['invitations', 'settings_revision'];

const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
const clock = createManualClock(AT);
const sealSecrets = (id: string, secrets: object) => box.seal(JSON.stringify(secrets), `connections:${id}:secrets`);
let database: TestDatabase;
let world: World;
let sent: { readonly name?: string; readonly text?: string }[] = [];

const startReads = () => createLoginStore(database.pool, box, ['auth0', 'oidc', 'okta'], clock).reads;
/** Names of the statements that `work` sends. */
async function namesOf(work: () => Promise<unknown>): Promise<readonly (string | undefined)[]> {
  sent = [];
  await work();
  return sent.map(({ name }) => name);
}

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
  const { pool } = database;
  const seed = createSqlSeed(pool);
  const { reads, commit } = createLoginStore(pool, box, ['auth0', 'oidc', 'okta'], clock);
  const rig = { reads, commit, clock, seed, sealSecrets, openMail: () => undefined, stop: database.drop };
  world = await makeWorld({ ...rig, snapshot: () => snapshotTables(pool) });
  const { organization, client, sso } = world;
  await pool.query(
    `insert into resource_servers (identifier, id, name, created_at) values ('https://api', 'api_1', 'API', now())`,
  );
  await pool.query(
    `insert into client_grants (id, client_id, audience, scopes, subject_type, created_at) values ('cgr_1', $1, 'https://api', '{}', 'user', now())`,
    [client],
  );
  await pool.query(
    'insert into organization_clients (organization_id, client_id, use_for_member_access, created_at) values ($1, $2, false, now())',
    [organization, client],
  );
  await pool.query('insert into connection_clients (connection_id, client_id) values ($1, $2)', [sso, client]);
  await pool.query(
    `insert into organizations (id, name, created_at, updated_at) values ('org_ops', 'ops', now(), now())`,
  );
  await pool.query(
    `insert into operators (organization_id, connection_id, client_id, owner_role_id, support_role_id, viewer_role_id) values ('org_ops', $1, $2, $3, $3, $3)`,
    [sso, client, world.role],
  );
  const query = pool.query.bind(pool) as unknown as (...args: unknown[]) => unknown;
  pool.query = ((statement: { name?: string; text?: string }, ...rest: unknown[]) => {
    sent.push(statement);
    return query(statement, ...rest);
  }) as unknown as typeof pool.query;
});
afterAll(() => database.drop());

/** The tables that a target is read from. */
async function tablesOfTarget(): Promise<readonly string[]> {
  await namesOf(() => startReads().findTarget({ clientId: world.client }));
  const text = sent.find(({ name }) => name === 'login-find-target')?.text?.replace(INVITATION_JSON, '') ?? '';
  const { rows } = await database.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
  );
  const named = new Set([...text.matchAll(/\b(?:from|join)\s+([a-z_]+)/g)].map(([, table]) => table));
  return rows.map(({ name }) => name).filter((name) => named.has(name) && !NEVER_KEPT.includes(name));
}

test('case=every table that a target is read from changes the revision with each kind of write', async () => {
  const tables = await tablesOfTarget();
  expect(tables).toEqual([
    'client_grants',
    'clients',
    'connection_clients',
    'connections',
    'discovery_domains',
    'operators',
    'organization_clients',
    'organization_connections',
    'organizations',
    'resource_servers',
    'tenant',
  ]);
  // Bits of tgtype (pg_trigger.h): 1 each row, 4 insert, 8 delete, 16 update, 32 truncate.
  const { rows } = await database.pool.query<{ name: string; triggers: string }>(
    `select tgrelid::regclass::text as name, string_agg(tgtype || case when tginitdeferred then ' at the end' else '' end, ', ' order by tgtype) as triggers
     from pg_trigger where tgfoid = 'change_settings_revision'::regproc and tgenabled = 'O' group by 1`,
  );
  expect(Object.fromEntries(rows.map(({ name, triggers }) => [name, triggers]))).toEqual(
    Object.fromEntries(tables.map((name) => [name, `${1 + 4 + 8 + 16} at the end, 32`])),
  );
});

/** One change of each table, and back. Empty where the change cannot be taken back. */
const CHANGES: readonly (readonly [what: string, change: string, back: string])[] = [
  [
    'an API is closed',
    "update resource_servers set user_policy = 'deny_all'",
    "update resource_servers set user_policy = 'allow_all'",
  ],
  [
    'an API asks for a grant',
    "update resource_servers set user_policy = 'require_client_grant'; delete from client_grants",
    '',
  ],
  ['the tenant is renamed', "update tenant set friendly_name = 'Other'", ''],
  [
    'the application loses its callbacks',
    "update clients set callbacks = '{}'",
    "update clients set callbacks = '{https://b}'",
  ],
  [
    'the organization is blocked',
    'update organizations set blocked = true',
    'update organizations set blocked = false',
  ],
  [
    'the organization limits its applications',
    "update organizations set is_app_entitlement_active = true where id <> 'org_ops'",
    '',
  ],
  [
    'an application is let in',
    'update organization_clients set use_for_member_access = true',
    'delete from organization_clients',
  ],
  ['the connection is changed', `update connections set options = '{"issuer": "https://other"}'`, ''],
  [
    'the connection is switched off',
    'update organization_connections set is_enabled = false',
    'update organization_connections set is_enabled = true',
  ],
  [
    'the proof of a domain is withdrawn',
    "update discovery_domains set status = 'pending'",
    "update discovery_domains set status = 'verified'",
  ],
  [
    'the organization becomes that of the operators',
    "update operators set organization_id = (select id from organizations where id <> 'org_ops')",
    'delete from operators',
  ],
  ['the connection is disabled', 'delete from organization_connections', ''],
  ['the application loses its connection', 'delete from connection_clients', ''],
];

test('case=after each change of settings the memory finds what a new store reads', async () => {
  const remembering = startReads();
  const { client: clientId, organization } = world;
  const queries = [
    { clientId },
    { clientId, organization },
    { clientId, organization: world.key },
    { clientId, organization, audience: 'https://api' },
    { clientId, homeRealm: world.sso },
  ];
  const findAll = (reads: typeof remembering) => Promise.all(queries.map((query) => reads.findTarget(query)));
  let last = await findAll(remembering);
  expect(last.every((target) => target !== undefined)).toBe(true);
  expect(await findAll(remembering)).toEqual(last);
  for (const [what, ...steps] of CHANGES)
    for (const step of steps.filter((text) => text !== '')) {
      await database.pool.query(step);
      const now = await findAll(remembering);
      expect(now, what).toEqual(await findAll(startReads()));
      expect(now, what).not.toEqual(last);
      last = now;
    }
});

test('case=a change is found as soon as it is committed, and not before', async () => {
  const reads = startReads();
  const query = { clientId: world.client };
  const names = async () => (await reads.findTarget(query))?.client.name;
  expect(await names()).toBe('Notebook');
  const held = await createSqlSeed(database.pool).hold();
  await held.update('clients', { client_id: world.client }, { name: 'Renamed' });
  expect(await names()).toBe('Notebook');
  await held.commit();
  expect(await names()).toBe('Renamed');
});

test('case=what is known costs a question about the revision; invitations and unknown names are read each time', async () => {
  const reads = startReads();
  const { client: clientId, organization, invitation } = world;
  const twice = (query: Parameters<typeof reads.findTarget>[0]) => async () => {
    await reads.findTarget(query);
    await reads.findTarget(query);
  };
  const READ = 'login-find-target';
  expect(await namesOf(twice({ clientId, organization }))).toEqual([READ, 'login-find-revision']);
  for (const query of [
    { clientId: 'nobody' },
    { clientId, organization: 'nobody' },
    { clientId, audience: 'https://nothing' },
    { clientId, homeRealm: 'con_nothing' },
    { clientId, organization, invitationTicket: invitation.ticket },
  ])
    expect(await namesOf(twice(query)), JSON.stringify(query)).toEqual([READ, READ]);
});

test('case=the proof of a domain expires without a write', async () => {
  const seed = createSqlSeed(database.pool);
  await database.pool.query('delete from discovery_domains');
  await seed.insert('organization_connections', {
    organization_id: world.organization,
    connection_id: world.sso,
    revision: 'e2',
    created_at: EARLIER,
  });
  await seed.insert('discovery_domains', {
    organization_id: world.organization,
    id: 'ord_1',
    domain: world.domain,
    status: 'verified',
    verification_txt: 'txt',
    created_at: EARLIER,
    ...dnsProof(new Date(AT.getTime() + 5_000)),
  });
  const reads = startReads();
  const proved = async () => {
    const target = await reads.findTarget({ clientId: world.client, organization: world.organization });
    return target?.connections.flatMap(({ provedDomains = [] }) => provedDomains);
  };
  expect(await proved()).toEqual([world.domain]);
  clock.advanceMs(5_000);
  expect(await proved()).toEqual([]);
});
