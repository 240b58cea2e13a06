/**
 * SCIM of connections that members made (My Organization API): the configuration, its attributes and its tokens; and what a
 * company's directory can do with such a token, over the real endpoint.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { callScim, personOf } from '../scim/support.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type Administrator, type MyOrganization, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;
let other: Administrator;

const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const call = (method: string, path: string, body?: unknown, { token } = ada) => {
  clock.advanceMs(2_000);
  return myOrg(stage, token, method, path, body);
};

let made = 0;
const OIDC = {
  ...{ type: 'back_channel', client_id: 'us', client_secret: 'secret', issuer: 'https://idp.example/' },
  ...{ authorization_endpoint: 'https://idp.example/authorize', token_endpoint: 'https://idp.example/token' },
  jwks_uri: 'https://idp.example/jwks',
};

interface Made {
  readonly level?: string;
  readonly by?: string | undefined;
  readonly organization?: string;
  readonly strategy?: string;
  readonly options?: Json;
}

/** A connection as an organization made it by this API. */
async function makeConnection(settings: Made = {}): Promise<string> {
  const { acme } = stage.cast;
  const { level = 'full', organization = acme.id, strategy = 'oidc', options = OIDC } = settings;
  made += 1;
  const { id } = await manage('POST', '/connections?check_discovery=false', { name: `own-${made}`, strategy, options });
  const by = 'by' in settings ? settings.by : acme.id;
  const { pool } = stage.instance.database;
  await pool.query('update connections set managed_by_organization = $2 where id = $1', [id, by ?? null]);
  await manage('POST', `/organizations/${organization}/connections`, {
    ...{ connection_id: id, organization_access_level: level, organization_connection_name: 'ours' },
  });
  return String(id);
}

const at = (id: string, path = '') => `/identity-providers/${id}/provisioning${path}`;

/** A connection with provisioning and a token for its directory. */
async function provision(settings: Made = {}) {
  const id = await makeConnection(settings);
  await call('POST', at(id));
  const { body } = await call('POST', at(id, '/scim-tokens'), {});
  const token = String(body.token);
  const scim = (method: string, path: string, user?: unknown, secret = token) =>
    callScim(stage.instance.origin, id, secret, method, path, user);
  return { id, tokenId: String(body.token_id), scim };
}

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  const globex = await stage.cast.createPlace('globex', {}, { domain: 'globex.example' });
  const id = await api.createMember('boss@globex.example', [api.adminRole], globex.id);
  const token = await api.token(stage.visitor(), 'boss@globex.example', undefined, { organization: globex.id });
  other = { id, email: 'boss@globex.example', token };
});

describe('the configuration', () => {
  test('is created once, shown and removed', async () => {
    const id = await makeConnection();
    expect((await call('GET', at(id))).status).toBe(404);
    const created = await call('POST', at(id));
    expect(created).toMatchObject({
      status: 201,
      body: {
        ...{ identity_provider_id: id, identity_provider_name: `own-${made}`, strategy: 'oidc' },
        ...{ method: 'scim', user_id_attribute: 'externalId' },
      },
    });
    expect(created.body.attributes).toContainEqual({
      ...{ user_attribute: 'email', label: 'Email', provisioning_field: 'emails[primary eq true].value' },
      ...{ is_required: false, is_extra: false, is_missing: false },
    });
    expect((await call('GET', at(id))).body).toEqual(created.body);
    expect((await call('POST', at(id))).status).toBe(409);
    expect((await call('DELETE', at(id))).status).toBe(204);
    expect((await call('GET', at(id))).status).toBe(404);
    expect((await call('DELETE', at(id))).status).toBe(404);
  });

  test('update-attributes takes back what was mapped by hand', async () => {
    const { id } = await provision();
    await manage('PATCH', `/connections/${id}/scim-configuration`, {
      user_id_attribute: 'userName',
      mapping: [
        { scim: 'emails[primary eq true].value', auth0: 'email' },
        { scim: 'title', auth0: 'name' },
        { scim: 'costCenter', auth0: 'app_metadata.power' },
      ],
    });
    const { body } = await call('GET', at(id));
    const of = (name: string, from: Json = body) =>
      (from.attributes as Json[]).find(({ user_attribute }) => user_attribute === name);
    expect(of('email')).toMatchObject({ is_extra: false, is_missing: false });
    expect(of('name')).toMatchObject({ is_extra: true, is_missing: true, provisioning_field: 'title' });
    expect(of('power')).toMatchObject({ is_extra: true, is_missing: false });
    expect(of('given_name')).toMatchObject({ is_extra: false, is_missing: true });
    const updated = await call('PUT', at(id, '/update-attributes'), {});
    expect(updated).toMatchObject({ status: 200, body: { user_id_attribute: 'externalId' } });
    expect(of('power', updated.body)).toBeUndefined();
    expect(of('name', updated.body)).toMatchObject({ provisioning_field: 'displayName', is_extra: false });
    expect((await call('PUT', at(id, '/update-attributes'), { mapping: [] })).status).toBe(400);
  });

  test('is not there for a strategy without SCIM', async () => {
    const options = { domain: 'acme.example', client_id: 'x', client_secret: 'y' };
    const id = await makeConnection({ strategy: 'google-apps', options });
    expect((await call('POST', at(id))).status).toBe(404);
  });
});

describe('the attributes of sign-ins', () => {
  const map = { mapping_mode: 'use_map', attributes: { email: '', nickname: '' } };

  test('update-attributes takes back a map that was made by hand, and nothing else', async () => {
    const { options: played } = await stage.cast.play('attributes');
    const options = { ...played, attribute_map: map, domain_aliases: ['acme.example'] };
    const id = await makeConnection({ options });
    const find = (body: Json, name: string) =>
      (body.attributes as Json[]).find(({ user_attribute }) => user_attribute === name);
    const { body } = await call('GET', `/identity-providers/${id}`);
    expect(find(body, 'email')).toMatchObject({ is_extra: true, is_missing: true, sso_field: [] });
    expect(find(body, 'given_name')).toMatchObject({ is_extra: false, is_missing: true });
    const { pool } = stage.instance.database;
    const read = async () =>
      (
        await pool.query(
          'select options, domain_aliases, secrets_sealed is not null as has_secret from connections where id = $1',
          [id],
        )
      ).rows[0];
    const before = await read();
    const { status, body: after } = await call('PUT', `/identity-providers/${id}/update-attributes`, {});
    expect([status, after.id]).toEqual([200, id]);
    for (const one of after.attributes as Json[]) expect([one.is_extra, one.is_missing]).toEqual([false, false]);
    const attribute_map = { mapping_mode: 'bind_all' };
    expect(await read()).toEqual({ ...before, options: { ...before.options, attribute_map } });
  });

  test('attack=update-attributes again and again, so that this server floods the provider', async () => {
    const { options, idp } = await stage.cast.play('quiet');
    const id = await makeConnection({ options });
    const asked = () => Object.values(idp.requests).reduce((sum, count) => sum + count, 0);
    const before = asked();
    expect((await call('PUT', `/identity-providers/${id}/update-attributes`, {})).status).toBe(200);
    expect(asked(), 'no address changes').toBe(before);
  });

  test('attack=a map in the body, or a connection that is not theirs to change', async () => {
    const { options } = await stage.cast.play('attributes-of-others');
    const operators = await makeConnection({ by: undefined, options });
    const own = await makeConnection({ options });
    const before = await stage.instance.snapshot();
    const put = (id: string, body: Json, who = ada) =>
      call('PUT', `/identity-providers/${id}/update-attributes`, body, who);
    expect((await put(own, { attributes: [] })).status).toBe(400);
    expect((await put(own, { attribute_map: map })).status).toBe(400);
    expect((await put(operators, {})).status).toBe(403);
    expect((await put(own, {}, other)).status).toBe(404);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });
});

describe('tokens', () => {
  test('are shown once, with their scopes and their end, and two at most', async () => {
    const id = await makeConnection();
    expect((await call('POST', at(id, '/scim-tokens'), {})).status).toBe(404);
    await call('POST', at(id));
    const { status, body } = await call('POST', at(id, '/scim-tokens'), { token_lifetime: 3_600 });
    expect(status).toBe(201);
    expect(body.token).toMatch(/^tok_[A-Za-z0-9]{16}\.[0-9a-f]{64}$/);
    expect(body.scopes).toEqual(['get:users', 'post:users', 'put:users', 'patch:users', 'delete:users']);
    expect(Date.parse(String(body.valid_until)) - Date.parse(String(body.created_at))).toBe(3_600_000);
    const { body: endless } = await call('POST', at(id, '/scim-tokens'), {});
    expect(endless).not.toHaveProperty('valid_until');
    expect((await call('POST', at(id, '/scim-tokens'), {})).status).toBe(409);
    const { body: listed } = await call('GET', at(id, '/scim-tokens'));
    expect((listed.scim_tokens as Json[]).map(({ token_id }) => token_id)).toContain(body.token_id);
    expect(JSON.stringify(listed)).not.toContain(String(body.token).split('.')[1]);
    expect((await call('DELETE', at(id, `/scim-tokens/${body.token_id}`))).status).toBe(204);
    expect((await call('DELETE', at(id, `/scim-tokens/${body.token_id}`))).status).toBe(404);
  });

  const wrong = [
    { token_lifetime: 900 },
    { token_lifetime: 0 },
    { token_lifetime: -1 },
    { token_lifetime: 946_080_001 },
    { token_lifetime: '3600' },
    { token_lifetime: 1_000.5 },
    { scopes: ['post:groups'] },
    { token: 'tok_mine' },
    { token_id: 'tok_0000000000000000' },
    { connection_id: 'con_0000000000000000' },
  ];
  test.each(wrong)('%j is refused at its place', async (body) => {
    const id = await makeConnection();
    await call('POST', at(id));
    const before = await stage.instance.snapshot();
    const pointer = `/${Object.keys(body)[0]}`;
    expect(await call('POST', at(id, '/scim-tokens'), body)).toMatchObject({
      ...{ status: 400, body: { validation_errors: [{ pointer }] } },
    });
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test('race=two administrators issue the last one at once: one has it', async () => {
    const { id } = await provision();
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', at(id, '/scim-tokens'), {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

/** Every operation, on the connection `id`. */
const CALLS: readonly (readonly [string, string, Json?])[] = [
  ['GET', ''],
  ['POST', ''],
  ['DELETE', ''],
  ['PUT', '/update-attributes', {}],
  ['GET', '/scim-tokens'],
  ['POST', '/scim-tokens', {}],
  ['DELETE', '/scim-tokens/tok_0000000000000000'],
];

async function expectOutOfReach(id: string, status: number, who = ada): Promise<void> {
  const before = await stage.instance.snapshot();
  for (const [method, path, body] of CALLS)
    expect([method, path, (await call(method, at(id, path), body, who)).status]).toEqual([method, path, status]);
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
}

describe('a connection that is not theirs to change', () => {
  test('attack=of another organization: 404', async () => {
    const { id } = await provision();
    await expectOutOfReach(id, 404, other);
  });

  test('attack=an operator made it: 403, whatever level it has', async () => {
    await expectOutOfReach(await makeConnection({ by: undefined }), 403);
  });

  test.each(['limited', 'readonly'])('attack=level %s: 403', async (level) => {
    await expectOutOfReach(await makeConnection({ level }), 403);
  });

  test('attack=level none, a database, and an id that nothing has: 404', async () => {
    await expectOutOfReach(await makeConnection({ level: 'none' }), 404);
    await expectOutOfReach(stage.cast.databaseId, 404);
    await expectOutOfReach('con_0000000000000000', 404);
  });

  test('attack=another organization uses it too: 403', async () => {
    const { id } = await provision();
    await shareWithOthers(id);
    await expectOutOfReach(id, 403);
  });
});

/** Past the Management API, which refuses it: another organization has the connection too. */
async function shareWithOthers(id: string): Promise<void> {
  const globex = await manage('GET', '/organizations/name/globex');
  await stage.instance.database.pool.query(
    `insert into organization_connections
     select (jsonb_populate_record(o, jsonb_build_object('organization_id', $2::text, 'created_at', o.created_at + interval '1 hour'))).*
     from organization_connections o where o.connection_id = $1`,
    [id, globex.id],
  );
}

describe('the directory with such a token', () => {
  test('creates people of the connection, without a membership and without a voucher', async () => {
    const { scim } = await provision();
    const created = await scim('POST', '/Users', personOf('dana'));
    expect(created.status).toBe(201);
    const user = await manage('GET', `/users/${encodeURIComponent(created.body.id)}`);
    expect(user).toMatchObject({ email_verified: false });
    expect(await manage('GET', `/users/${encodeURIComponent(created.body.id)}/organizations`)).toEqual([]);
  });

  test('attack=it claims the address of a colleague, or of another organization: neither is linked nor changed', async () => {
    const { scim } = await provision();
    const { people } = await stage.instance.snapshot().then((all) => ({ people: all.members }));
    for (const email of [ada.email, other.email]) {
      const person = personOf(`x-${email}`);
      const created = await scim('POST', '/Users', { ...person, emails: [{ value: email, primary: true }] });
      expect(created.status).toBe(201);
      expect([ada.id, other.id]).not.toContain(created.body.id);
    }
    expect((await stage.instance.snapshot()).members).toEqual(people);
  });

  test('attack=it writes an address of its own to a colleague, whose account a mailed code would prove', async () => {
    const { scim } = await provision();
    const { pool } = stage.instance.database;
    const addressOf = async (user: string) => (await manage('GET', `/users/${encodeURIComponent(user)}`)).email;
    const write = async (user: string, value: string) => {
      const emails = [{ value, primary: true }];
      expect((await scim('PUT', `/Users/${encodeURIComponent(user)}`, { ...personOf('carl'), emails })).status).toBe(
        200,
      );
      return addressOf(user);
    };
    const { body } = await scim('POST', '/Users', personOf('carl'));
    const carl = String(body.id);
    expect(await write(carl, 'carl@else.example'), 'before the first sign-in').toBe('carl@else.example');
    await manage('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [carl] });
    expect(await write(carl, 'mallory@evil.example'), 'a member').toBe('carl@else.example');
    await manage('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [carl] });
    await pool.query("update identities set status = 'bound', bound_at = now() where user_id = $1", [carl]);
    expect(await write(carl, 'mallory@evil.example'), 'who has signed in').toBe('carl@else.example');
    expect(
      (
        await scim('PATCH', `/Users/${encodeURIComponent(carl)}`, {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [
            { op: 'replace', path: 'active', value: false },
            { op: 'replace', path: 'emails', value: [] },
          ],
        })
      ).status,
    ).toBe(200);
    expect(await addressOf(carl), 'with a deactivation').toBe('carl@else.example');
  });

  test('attack=it names people of another connection or organization: 404', async () => {
    const { scim } = await provision();
    for (const { id } of [ada, other])
      for (const [method, body] of [['GET'], ['DELETE'], ['PUT', personOf('x')]] as const)
        expect((await scim(method, `/Users/${encodeURIComponent(id)}`, body)).status).toBe(404);
  });

  test('attack=its token at another connection of the same organization opens nothing', async () => {
    const [one, two] = [await provision(), await provision()];
    const { origin } = stage.instance;
    const { body } = await call('GET', at(two.id));
    expect(body.identity_provider_id).toBe(two.id);
    const secret = await call('POST', at(one.id, '/scim-tokens'), {});
    expect((await callScim(origin, two.id, String(secret.body.token), 'GET', '/Users')).status).toBe(401);
  });

  const ends: readonly (readonly [string, (id: string, tokenId: string) => Promise<unknown>])[] = [
    ['was revoked', (id, tokenId) => call('DELETE', at(id, `/scim-tokens/${tokenId}`))],
    ['the configuration was removed', (id) => call('DELETE', at(id))],
    ['the connection was deleted', (id) => manage('DELETE', `/connections/${id}`)],
    [
      'the connection was detached',
      (id) => manage('DELETE', `/organizations/${stage.cast.acme.id}/enabled_connections/${id}`),
    ],
    [
      'an operator took the connection over',
      (id) => manage('PATCH', `/connections/${id}`, { managed_by_organization: null }),
    ],
    ['another organization has the connection too', (id) => shareWithOthers(id)],
    [
      'the connection was passed on to another organization',
      async (id) => {
        await shareWithOthers(id);
        await manage('DELETE', `/organizations/${stage.cast.acme.id}/enabled_connections/${id}`);
      },
    ],
  ];
  test.each(ends)('attack=its token after it, or what it is of, ended: %s', async (_name, end) => {
    const { id, tokenId, scim } = await provision();
    expect((await scim('GET', '/Users')).status).toBe(200);
    await end(id, tokenId);
    const before = await stage.instance.snapshot();
    for (const [method, path, body] of [
      ['GET', '/Users'],
      ['POST', '/Users', personOf('late')],
    ] as const)
      expect((await scim(method, path, body)).status).toBe(401);
    const after = await stage.instance.snapshot();
    for (const table of ['users', 'identities', 'members']) expect(after[table]).toEqual(before[table]);
  });

  test('attack=a token of an earlier configuration, after there is a new one', async () => {
    const { id, scim } = await provision();
    await call('DELETE', at(id));
    await call('POST', at(id));
    expect((await scim('GET', '/Users')).status).toBe(401);
  });

  test('ends in time', async () => {
    const id = await makeConnection();
    await call('POST', at(id));
    const { body } = await call('POST', at(id, '/scim-tokens'), { token_lifetime: 901 });
    const get = () => callScim(stage.instance.origin, id, String(body.token), 'GET', '/Users');
    expect((await get()).status).toBe(200);
    clock.advanceMs(902_000);
    expect((await get()).status).toBe(401);
  });
});

test('the log says who, in which organization', async () => {
  ada = await api.administrator();
  const id = await makeConnection();
  await call('POST', at(id));
  await call('POST', at(id, '/scim-tokens'), {});
  const { rows } = await stage.instance.database.pool.query<{ line: string }>(
    `select to_jsonb(logs)::text as line from logs where type = 'sapi' order by date desc, log_id desc limit 2`,
  );
  expect(rows).toHaveLength(2);
  for (const { line } of rows) {
    expect(line).toContain(ada.id);
    expect(line).toContain('/my-org/identity-providers/');
    expect(line).not.toMatch(/[0-9a-f]{64}/);
  }
});
