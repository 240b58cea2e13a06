/**
 * Attacks on identity providers by way of the My Organization API: an administrator of one customer reaches for those of
 * others, for settings of operators, and for networks inside. A refused call changes no row.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { playInOrder } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  CONFIGURATION,
  type MyOrganization,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;
let boss: Administrator;
let globex: string;
let idp: ScriptedIdp;

const manage = (method: string, path: string, body?: unknown, status?: number) =>
  stage.instance.api(method, path, body, status);
const call = (method: string, path: string, body?: unknown, { token } = ada) => {
  clock.advanceMs(5_000);
  return myOrg(stage, token, method, path, body);
};
/** A new token: they are good for ten minutes. */
async function signIn(): Promise<void> {
  clock.advanceMs(60_000);
  ada = { ...ada, token: await api.token(stage.visitor(), ada.email) };
  boss = { ...boss, token: await api.token(stage.visitor(), boss.email, undefined, { organization: globex }) };
}

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  globex = (await stage.cast.createPlace('globex', {}, { domain: 'globex.example' })).id;
  boss = {
    id: await api.createMember('boss@globex.example', [api.adminRole], globex),
    email: 'boss@globex.example',
    token: '',
  };
  idp = await startScriptedIdp({ people: {}, clock });
  await signIn();
});
afterAll(() => idp.stop());

let names = 0;
const options = () => ({
  ...{ type: 'back_channel', discovery_url: `${idp.issuer}/.well-known/openid-configuration` },
  ...{ client_id: idp.clientId, client_secret: idp.clientSecret },
});
function body(changes: Json = {}, more: Json = {}): Json {
  names += 1;
  return { name: `own-${names}`, strategy: 'oidc', options: { ...options(), ...more }, ...changes };
}
async function make(person = ada, changes: Json = {}): Promise<string> {
  const answer = await call('POST', '/identity-providers', body(changes), person);
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body.id as string;
}
const at = (id: string, rest = '') => `/identity-providers/${id}${rest}`;
const enablement = (id: string, organization = stage.cast.acme.id) =>
  `/organizations/${organization}/connections/${id}`;
const changed = async (before: Awaited<ReturnType<typeof stage.instance.snapshot>>) => {
  const { attempt_counters: _, ...others } = diffSnapshots(before, await stage.instance.snapshot());
  return others;
};

/** Every operation on a connection, with its status. Nothing changes. */
async function expectAll(id: string, person: Administrator, statuses: Readonly<Record<string, number>>): Promise<void> {
  const before = await stage.instance.snapshot();
  const all: readonly (readonly [string, string, unknown?])[] = [
    ['GET', at(id)],
    ['PATCH', at(id), { is_enabled: true }],
    ['PATCH', at(id), { display_name: 'Mine' }],
    ['PATCH', at(id), { options: options() }],
    ['DELETE', at(id)],
    ['POST', at(id, '/detach')],
    ['POST', at(id, '/domains'), { domain: 'globex.example' }],
    ['DELETE', at(id, '/domains/acme.example')],
  ];
  for (const [method, path, sent] of all) {
    const key =
      sent === undefined ? `${method} ${path.slice(at(id).length)}` : `${method} ${Object.keys(sent as Json)}`;
    if (statuses[key] === undefined && statuses.other === undefined) continue;
    const answer = await call(method, path, sent, person);
    expect([key, answer.status]).toEqual([key, statuses[key] ?? statuses.other]);
    if (answer.status === 404) expect(answer.body.detail).toBe('The IdP does not exist.');
  }
  expect(await changed(before)).toEqual({});
}

describe('whose connection it is', () => {
  test('attack=the id of another organization’s own connection in every place', async () => {
    const theirs = await make(boss);
    await expectAll(theirs, ada, { other: 404 });
    const { body: list } = await call('GET', '/identity-providers');
    expect(JSON.stringify(list)).not.toContain(theirs);
  });

  test('attack=ids of a database, of an operator’s connection that is not shown, of nothing', async () => {
    for (const id of [stage.cast.databaseId, stage.cast.acme.connectionId, 'con_0000000000000000'])
      await expectAll(id, ada, { other: 404 });
    expect((await call('GET', '/identity-providers')).body).toEqual({ identity_providers: [] });
  });

  test('readonly: it is shown, and nothing more', async () => {
    const { connectionId } = stage.cast.acme;
    await manage('PATCH', enablement(connectionId), { organization_access_level: 'readonly' });
    await expectAll(connectionId, ada, { 'GET ': 200, other: 403 });
    const { body: shown } = await call('GET', at(connectionId));
    // Its own name is the tenant's. An operator gives it one for the organization.
    expect(shown).toMatchObject({ name: null, access_level: 'readonly', domains: ['acme.example'] });
    expect(JSON.stringify(shown)).not.toContain('secret');
  });

  test('attack=an operator’s connection is changed as a whole, whatever its level says', async () => {
    const { connectionId } = stage.cast.acme;
    await manage('PATCH', enablement(connectionId), { organization_access_level: 'full' });
    expect((await call('GET', at(connectionId))).body.access_level).toBe('limited');
    const refused = { 'PATCH display_name': 403, 'PATCH options': 403, 'DELETE ': 409, 'POST domain': 403 };
    await expectAll(connectionId, ada, { ...refused, 'DELETE /domains/acme.example': 403 });
  });

  test('attack=a shared connection: its members change and end their own use alone', async () => {
    const { id: shared } = await manage('POST', '/connections', {
      ...{ name: 'shared', strategy: 'oidc', display_name: 'Shared' },
      options: { ...options(), domain_aliases: ['acme.example', 'globex.example'] },
    });
    const level = { connection_id: shared, organization_access_level: 'limited', assign_membership_on_login: false };
    await manage('POST', `/organizations/${stage.cast.acme.id}/connections`, {
      ...level,
      organization_access_level: 'full',
    });
    await manage('POST', `/organizations/${globex}/connections`, level);
    const refused = { 'PATCH display_name': 403, 'PATCH options': 403, 'DELETE ': 409, 'POST domain': 403 };
    await expectAll(String(shared), ada, refused);
    // Domains of the other customer are not shown.
    expect((await call('GET', at(String(shared)))).body).toMatchObject({ name: null, domains: ['acme.example'] });
    const theirs = await manage('GET', enablement(String(shared), globex));
    const lets = await call('PATCH', at(String(shared)), { assign_membership_on_login: true });
    expect(lets.status).toBe(403);
    expect((await call('PATCH', at(String(shared)), { is_enabled: false, show_as_button: false })).status).toBe(200);
    expect((await call('POST', at(String(shared), '/detach'))).status).toBe(204);
    expect(await manage('GET', enablement(String(shared), globex))).toEqual(theirs);
    expect((await manage('GET', `/connections/${shared}`)).id).toBe(shared);
  });

  test('attack=a connection of one’s own that others use meanwhile', async () => {
    const id = await make();
    const { pool } = stage.instance.database;
    await pool.query(
      'insert into organization_connections (organization_id, connection_id, revision, created_at) values ($1, $2, $3, now())',
      [globex, id, 'r'],
    );
    await expectAll(id, ada, { 'PATCH display_name': 403, 'PATCH options': 403, 'DELETE ': 409, 'POST domain': 403 });
    await pool.query('delete from organization_connections where organization_id = $1 and connection_id = $2', [
      globex,
      id,
    ]);
    await pool.query('insert into connection_clients (connection_id, client_id) values ($1, $2)', [
      id,
      stage.cast.client.id,
    ]);
    await expectAll(id, ada, { 'PATCH display_name': 403, 'PATCH options': 403, 'DELETE ': 409, 'POST domain': 403 });
  });

  test('attack=auto-membership is turned on, at a connection that an operator lowered or takes over meanwhile', async () => {
    const id = await make();
    const on = { assign_membership_on_login: true };
    await manage('PATCH', enablement(id), { organization_access_level: 'limited' });
    expect((await call('PATCH', at(id), on)).status).toBe(403);
    await manage('PATCH', enablement(id), { organization_access_level: 'full' });
    const client = await stage.instance.database.pool.connect();
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtextextended('my-organization ' || $1, 0))", [
      stage.cast.acme.id,
    ]);
    const asked = call('PATCH', at(id), on);
    // The write has passed its first checks, and waits.
    const early = await Promise.race([asked, new Promise((done) => setTimeout(done, 400, 'waits'))]);
    expect(early).toBe('waits');
    await manage('PATCH', `/connections/${id}`, { managed_by_organization: null });
    await client.query('commit');
    client.release();
    expect((await asked).status).toBe(403);
    expect((await manage('GET', enablement(id))).assign_membership_on_login).toBe(false);
  });

  test('an operator takes the full access back', async () => {
    const id = await make();
    await manage('PATCH', enablement(id), { organization_access_level: 'readonly' });
    await expectAll(id, ada, { 'GET ': 200, other: 403 });
  });

  test('attack=a name tells what another organization has', async () => {
    await make(boss, { name: 'secret-project' });
    await make(ada, { name: 'secret-project' });
  });
});

describe('mass assignment', () => {
  const TOP = {
    ...{ id: 'x', enabled_clients: [], realms: ['x'], metadata: { a: 'b' }, is_domain_connection: true },
    ...{ needs_organization: false, managed_by_organization: null, organization_id: 'org_0000000000000000' },
    ...{ organization_access_level: 'full', auto_membership_condition: 'true', link_existing_members: 'never' },
    ...{ sso_rollout: 'required', pilot_emails: [], is_signup_enabled: true, authentication: { active: false } },
    ...{ connection_id: 'con_0000000000000000', break_glass: true, organization_connection_name: 'x' },
  };
  const OPTIONS = {
    ...{
      issuer: 'https://x.example',
      authorization_endpoint: 'https://x.example',
      token_endpoint: 'https://x.example',
    },
    ...{ jwks_uri: 'https://x.example', oidc_metadata: {}, domain_aliases: ['globex.example'], scope: 'openid' },
    ...{ attribute_map: {}, upstream_params: {}, set_user_root_attributes: 'never', non_persistent_attrs: [] },
    ...{ token_endpoint_auth_method: 'none', id_token_signed_response_algs: ['RS256'], connection_settings: {} },
    ...{ useCommonEndpoint: true, fieldsMap: {}, configuration: {}, signing_key: 'x', idpinitiated: { enabled: true } },
  };
  test.each([
    ...Object.entries(TOP).map(([name, value]) => [name, { [name]: value }, {}] as const),
    ...Object.entries(OPTIONS).map(([name, value]) => [`options.${name}`, {}, { [name]: value }] as const),
  ])('attack=%s', async (name, top, more) => {
    const before = await stage.instance.snapshot();
    const made = await call('POST', '/identity-providers', body(top, more));
    expect([name, made.status]).toEqual([name, 400]);
    expect(await changed(before)).toEqual({});
  });

  test('attack=the same in a change', async () => {
    await signIn();
    const id = await make();
    const before = await stage.instance.snapshot();
    for (const [name, value] of Object.entries({
      ...TOP,
      name: 'x',
      strategy: 'okta',
      domains: [],
      access_level: 'full',
    }))
      expect([name, (await call('PATCH', at(id), { [name]: value })).status]).toEqual([name, 400]);
    for (const [name, value] of Object.entries(OPTIONS))
      expect([name, (await call('PATCH', at(id), { options: { ...options(), [name]: value } })).status]).toEqual([
        name,
        400,
      ]);
    expect(await changed(before)).toEqual({});
  });

  test('the fault names its place', async () => {
    const { body: told } = await call('POST', '/identity-providers', body({}, { client_id: 7 }));
    const pointers = (told.validation_errors as Json[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/options/client_id']));
    expect((await call('POST', '/identity-providers', { name: 'x', strategy: 'ldap' })).body.validation_errors).toEqual(
      [expect.objectContaining({ pointer: '/strategy', field: 'strategy', source: 'body' })],
    );
  });
});

describe('texts and addresses', () => {
  beforeAll(signIn);

  test('attack=markup in the title of a button', async () => {
    const id = await make(ada, { display_name: '<img src=x onerror=alert(1)>' });
    const page = await stage.visitor().open({ organization: stage.cast.acme.id });
    expect(page.text).not.toContain('<img src=x');
    for (const title of ['two\nlines', 'right\u202eto left', 'zero\u200bwidth'])
      expect([title, (await call('PATCH', at(id), { display_name: title })).status]).toEqual([title, 400]);
  });

  test.each(['<b>', '../x', 'a b', '-a', 'a--b', 'org_x', 'ä', 'x'.repeat(128)])('attack=name %s', async (name) => {
    const before = await stage.instance.snapshot();
    expect((await call('POST', '/identity-providers', body({ name }))).status).toBe(400);
    expect(await changed(before)).toEqual({});
  });

  test.each([
    'https://10.0.0.1/.well-known/openid-configuration',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/.well-known/openid-configuration',
    'http://192.168.0.1/.well-known/openid-configuration',
    'file:///etc/passwd',
  ])('attack=discovery inside: %s', async (address) => {
    const before = await stage.instance.snapshot();
    const { status, body: told } = await call('POST', '/identity-providers', body({}, { discovery_url: address }));
    expect(status).toBe(400);
    // No word tells a server that is there from one that is not.
    expect(JSON.stringify(told)).not.toMatch(/VESTIBULE|ECONN|network of/);
    expect(await changed(before)).toEqual({});
  });

  test.each([
    ['samlp', { metadataUrl: 'https://10.0.0.1/metadata', signSAMLRequest: false }],
    ['samlp', { metadataUrl: 'https://[fd00::1]/metadata', signSAMLRequest: false }],
    ['samlp', { metadataUrl: 'http://169.254.169.254/latest/meta-data', signSAMLRequest: false }],
    ['okta', { domain: '10.0.0.1', client_id: 'c', client_secret: 's' }],
    ['okta', { domain: 'localhost', client_id: 'c', client_secret: 's' }],
  ])('attack=metadata inside: %s %j', async (strategy, inside) => {
    const before = await stage.instance.snapshot();
    names += 1;
    const sent = { name: `own-${names}`, strategy, options: inside };
    const { status, body: told } = await call('POST', '/identity-providers', sent);
    expect([status, told.title]).toEqual([400, 'Bad Request']);
    expect(told.detail).toMatch(/cannot be reached|https/);
    expect(JSON.stringify(told)).not.toMatch(/VESTIBULE|ECONN|network of/);
    expect(await changed(before)).toEqual({});
  });
});

describe('domains', () => {
  test('attack=one that another organization verified, one that is pending, one whose proof has expired', async () => {
    await signIn();
    const id = await make();
    const discovery = `/organizations/${stage.cast.acme.id}/discovery-domains`;
    await manage('POST', discovery, { domain: 'waiting.example', status: 'pending' });
    const { id: old } = await manage('POST', discovery, { domain: 'old.example', status: 'verified' });
    await stage.instance.database.pool.query(
      "update discovery_domains set proof = 'dns', expires_at = $2 where id = $1",
      [old, new Date(clock.now().getTime() - 1_000)],
    );
    const before = await stage.instance.snapshot();
    for (const domain of ['globex.example', 'waiting.example', 'old.example', 'gmail.com', 'co.uk'])
      expect([domain, (await call('POST', at(id, '/domains'), { domain })).status]).toEqual([domain, 400]);
    expect(await changed(before)).toEqual({});
  });
});

describe('people', () => {
  const bind = async (userId: string, connectionId: string) => {
    await stage.instance.database.pool.query('update identities set connection_id = $2 where user_id = $1', [
      userId,
      connectionId,
    ]);
  };

  test('attack=a connection is deleted with people of others', async () => {
    await signIn();
    const id = await make();
    const guest = await stage.cast.createMember('guest@acme.example');
    await bind(guest, id);
    await manage('POST', `/organizations/${globex}/members`, { members: [guest] });
    const before = await stage.instance.snapshot();
    expect(await call('DELETE', at(id))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('members of other organizations') },
    });
    expect(await changed(before)).toEqual({});
    await manage('DELETE', `/organizations/${globex}/members`, { members: [guest] });
    expect((await call('DELETE', at(id))).status).toBe(204);
    expect((await stage.instance.database.pool.query('select 1 from users where user_id = $1', [guest])).rows).toEqual(
      [],
    );
  });

  test('attack=another organization takes one of them in at the moment of the deletion', async () => {
    await signIn();
    const id = await make();
    const guest = await stage.cast.createMember('late@acme.example');
    await bind(guest, id);
    const { server, database } = stage.instance;
    const join = () => manage('POST', `/organizations/${globex}/members`, { members: [guest] });
    const first = { pool: server.pool, matches: /^insert into "members"/, run: join };
    const { second: deleted } = await playInOrder(database.pool, first, { run: () => call('DELETE', at(id)) });
    expect(deleted.status).toBe(409);
    const { rows } = await database.pool.query('select 1 from members where user_id = $1 and organization_id = $2', [
      guest,
      globex,
    ]);
    expect(rows).toHaveLength(1);
  });

  test('allow_if_empty: not while it has people', async () => {
    const client = `/clients/${stage.cast.client.id}`;
    const configure = (behavior: string) =>
      manage('PATCH', client, {
        my_organization_configuration: { ...CONFIGURATION, connection_deletion_behavior: behavior },
      });
    const [id, empty] = [await make(), await make()];
    await bind(await stage.cast.createMember('one@acme.example'), id);
    await configure('allow_if_empty');
    const before = await stage.instance.snapshot();
    expect((await call('DELETE', at(id))).status).toBe(409);
    expect(await changed(before)).toEqual({});
    expect((await call('DELETE', at(empty))).status).toBe(204);
    await configure('allow');
  });
});

describe('races and floods', () => {
  beforeAll(signIn);
  const colleague = async () => {
    clock.advanceMs(60_000);
    return api.administrator();
  };

  test('race=two administrators make one name', async () => {
    const [bea, same] = [await colleague(), body({ name: 'raced' })];
    const answers = await Promise.all([
      call('POST', '/identity-providers', same),
      call('POST', '/identity-providers', same, bea),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('race=two changes of one connection, and its deletion', async () => {
    const [bea, id] = [await colleague(), await make()];
    const answers = await Promise.all([
      call('PATCH', at(id), { options: { ...options(), client_secret: 'a' } }),
      call('PATCH', at(id), { options: { ...options(), client_secret: 'b' } }, bea),
      call('PATCH', at(id), { display_name: 'Raced' }),
    ]);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(answers.slice(0, 2).filter(({ status }) => status === 200)).toHaveLength(1);
    const ends = await Promise.all([
      call('DELETE', at(id)),
      call('PATCH', at(id), { display_name: 'x' }, bea),
      call('POST', at(id, '/detach'), undefined, bea),
    ]);
    expect(ends.filter(({ status }) => status >= 500)).toEqual([]);
    expect((await call('GET', at(id))).status).toBe(404);
  });

  test('attack=connections without end', async () => {
    const { body: list } = await call('GET', '/identity-providers');
    for (let left = 20 - (list.identity_providers as Json[]).length; left > -3; left -= 1) {
      const { status } = await call('POST', '/identity-providers', body());
      if (status !== 409) continue;
      const { body: full } = await call('GET', '/identity-providers');
      const id = String((full.identity_providers as Json[]).find(({ access_level }) => access_level === 'full')?.id);
      expect((await call('POST', at(id, '/detach'))).status).toBe(204);
      expect((await call('POST', '/identity-providers', body())).status, 'in the place of a detached one').toBe(409);
      return;
    }
    throw new Error('there was no end');
  });

  test('attack=a provider is asked without end', async () => {
    const id = await make(boss);
    let status = 200;
    for (let turn = 0; turn < 125 && status === 200; turn += 1) {
      clock.advanceMs(1_000);
      ({ status } = await myOrg(stage, boss.token, 'PATCH', at(id), { options: options() }));
    }
    expect(status).toBe(429);
  });
});
