// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of profiles, not of this file
/** Connection profiles and user attribute profiles in the Management API: Auth0's shapes, limits, and who uses them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTRIBUTE_TEMPLATES, CONNECTION_TEMPLATES } from '../../src/management/profiles/templates.js';
import { createCast, type Management, startManagement } from './harness.js';

let api: Management;
let made = 0;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const CONNECTION = '/connection-profiles';
const ATTRIBUTE = '/user-attribute-profiles';
const EMAIL = { label: 'Email', description: 'The address', profile_required: true, auth0_mapping: 'email' };
const newName = () => {
  made += 1;
  return `profile ${made}`;
};
const create = (path: string, more: object = {}) =>
  api.post(path, { name: newName(), ...(path === ATTRIBUTE && { user_attributes: { email: EMAIL } }), ...more });

describe('what Auth0 has', () => {
  test('a connection profile as recorded: made, shown, changed, deleted', async () => {
    const body = {
      name: 'Recorded',
      organization: { show_as_button: 'required', assign_membership_on_login: 'optional' },
      connection_name_prefix_template: 'template1',
      enabled_features: ['scim', 'universal_logout'],
      connection_config: {},
    };
    const { status, body: profile, headers } = await api.post(CONNECTION, body);
    expect({ status, profile }).toEqual({
      status: 201,
      profile: { ...body, id: expect.stringMatching(/^cop_[A-Za-z0-9]{22}$/) },
    });
    expect(headers['vestibule-without-effect']).toBe('enabled_features');
    const path = `${CONNECTION}/${profile.id}`;
    expect((await api.get(path)).body).toEqual(profile);
    const changed = await api.patch(path, { enabled_features: ['scim'], strategy_overrides: null });
    expect(changed.body).toEqual({ ...profile, enabled_features: ['scim'] });
    expect(changed.headers['vestibule-without-effect']).toBeUndefined();
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).body.message).toBe('Connection profile not found.');
    // As in Auth0's document, which has no 404 here.
    expect((await api.delete(path)).status).toBe(204);
  });

  test('a user attribute profile: user_id is completed, and null makes it the usual one again', async () => {
    const { status, body } = await create(ATTRIBUTE);
    const usual = {
      oidc_mapping: 'sub',
      saml_mapping: ['nameidentifier', 'upn', 'name'].map(
        (name) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`,
      ),
      scim_mapping: 'externalId',
    };
    expect(status).toBe(201);
    expect(body).toMatchObject({ id: expect.stringMatching(/^uap_[A-Za-z0-9]{22}$/), user_id: usual });
    const path = `${ATTRIBUTE}/${body.id}`;
    const user_id = { scim_mapping: 'userName', strategy_overrides: { waad: { oidc_mapping: 'oid' } } };
    expect((await api.patch(path, { user_id })).body.user_id).toEqual({ ...usual, ...user_id });
    expect((await api.patch(path, { user_id: null })).body.user_id).toEqual(usual);
    expect((await api.get(path)).body.user_attributes).toEqual({ email: EMAIL });
    const unknown = await api.patch(`${ATTRIBUTE}/uap_0000000000000000000000`, { name: 'x' });
    expect(unknown).toMatchObject({ status: 404, body: { message: 'User attribute profile not found.' } });
  });

  test.each([
    [CONNECTION, CONNECTION_TEMPLATES],
    [ATTRIBUTE, ATTRIBUTE_TEMPLATES],
  ])('%s: a template is a body', async (path, templates) => {
    const key = `${path.slice(1, -1).replaceAll('-', '_')}_templates`;
    expect((await api.get(`${path}/templates`)).body).toEqual({ [key]: templates });
    const [{ id, template }] = (await api.get(`${path}/templates`)).body[key];
    expect((await api.get(`${path}/templates/${id}`)).body.template).toEqual(template);
    expect((await api.get(`${path}/templates/other`)).status).toBe(404);
    const answer = await api.post(path, { ...template, name: newName() });
    expect(answer).toMatchObject({ status: 201, body: { ...template, name: expect.any(String) } });
    expect(answer.headers['vestibule-without-effect']).toBeUndefined();
  });

  test.each([CONNECTION, ATTRIBUTE])('%s: pages of five, with a cursor', async (path) => {
    for (let count = 0; count < 7; count += 1) expect((await create(path)).status).toBe(201);
    const key = path.slice(1).replaceAll('-', '_');
    const first = await api.get(path);
    expect(first.body[key]).toHaveLength(5);
    const all = (await api.get(`${path}?take=50`)).body[key];
    const rest = (await api.get(`${path}?take=50&from=${first.body.next}`)).body[key];
    expect([...first.body[key], ...rest]).toEqual(all);
    expect((await api.get(`${path}?take=0`)).status).toBe(400);
    expect((await api.get(`${path}?from=nonsense`)).status).toBe(400);
  });

  test.each([CONNECTION, ATTRIBUTE])('%s: a name is unique among its kind, and names are plain texts', async (path) => {
    const { body } = await create(path, { name: `<b>${path}</b> {org_id}` });
    expect(body.name).toBe(`<b>${path}</b> {org_id}`);
    expect((await create(path, { name: body.name })).status).toBe(409);
    const other = await create(path);
    expect((await api.patch(`${path}/${other.body.id}`, { name: body.name })).status).toBe(409);
    expect((await create(path, { name: '' })).status).toBe(400);
    expect((await create(path, { name: 'n'.repeat(129) })).status).toBe(400);
  });
});

describe('attacks', () => {
  test.each([
    '-con',
    'a--b',
    'con_x',
    '<b>',
    '{org_secret}',
    '{{org_id}}',
    '${org_id}',
    '{constructor}',
    'con-{org_id}\n',
    'a'.repeat(16),
  ])('a prefix that is no prefix: %j', async (connection_name_prefix_template) => {
    expect((await create(CONNECTION, { connection_name_prefix_template })).status).toBe(400);
  });

  test.each([
    [{ user_id: {} }],
    [{ user_attributes: { email: EMAIL } }],
    [{ id: 'cop_0000000000000000000000' }],
    [{ enabled_features: ['everything'] }],
    [{ organization: { show_as_button: true } }],
    [{ organization: { is_signup_enabled: 'required' } }],
    [{ strategy_overrides: { auth0: { enabled_features: [] } } }],
    [{ connection_config: { options: {} } }],
  ])('a connection profile of another shape: %j', async (body) => {
    expect((await create(CONNECTION, body)).status).toBe(400);
  });

  test.each([
    [{ user_attributes: {} }],
    [{ user_attributes: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, EMAIL])) }],
    [{ user_attributes: { email: { ...EMAIL, app_metadata: {} } } }],
    [{ user_attributes: { email: 'email' } }],
    [{ user_id: { oidc_mapping: 'email' } }],
    [{ user_id: { strategy_overrides: { oidc: { oidc_mapping: 'preferred_username' } } } }],
    [{ organization: {} }],
    [{ enabled_features: ['scim'] }],
  ])('a user attribute profile of another shape: %j', async (body) => {
    expect((await create(ATTRIBUTE, body)).status).toBe(400);
  });

  test.each([
    'email_verified',
    'phone_verified',
    'user_id',
    '__proto__',
    'app_metadata.__proto__',
    'constructor.prototype',
    'prototype',
    'a b',
    '.x',
    '<script>',
    '$where',
  ])('an attribute that would set %s', async (auth0_mapping) => {
    const answer = await create(ATTRIBUTE, { user_attributes: { one: { ...EMAIL, auth0_mapping } } });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('auth0_mapping') } });
  });

  test('a key that changes what all objects have', async () => {
    const attributes = `{"__proto__": ${JSON.stringify(EMAIL)}}`;
    const answer = await api.app.inject({
      ...{ method: 'POST', url: `/api/v2${ATTRIBUTE}` },
      headers: { authorization: 'Bearer all', 'content-type': 'application/json' },
      payload: `{"name": "polluted", "user_attributes": ${attributes}}`,
    });
    expect(answer.statusCode).toBe(400);
    expect({}).not.toHaveProperty('label');
    const { status, body } = await create(ATTRIBUTE, { user_attributes: { constructor: EMAIL, toString: EMAIL } });
    expect({ status, body }).toMatchObject({ status: 400, body: { message: expect.stringContaining('two of them') } });
  });

  test.each(['${env.SECRET}', '${context.tokenset.email', '${context.tokenset.email}${x}', '${context.secrets.email}'])(
    'a mapping that is filled with something else: %s',
    async (mapping) => {
      for (const one of [
        { ...EMAIL, oidc_mapping: { mapping } },
        { ...EMAIL, strategy_overrides: { okta: { oidc_mapping: { mapping } } } },
      ]) {
        const answer = await create(ATTRIBUTE, { user_attributes: { one } });
        expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('context.tokenset') } });
      }
    },
  );

  test('two attributes of one field', async () => {
    const answer = await create(ATTRIBUTE, { user_attributes: { one: EMAIL, two: EMAIL } });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringContaining('two of them set email') } });
  });

  test('a profile of absurd size, at once and by a change', async () => {
    const saml_mapping = Array.from({ length: 1_000 }, () => 'a'.repeat(100));
    const large = { user_attributes: { email: { ...EMAIL, saml_mapping } } };
    const refusal = { status: 400, body: { message: expect.stringContaining('65536 characters') } };
    expect(await create(ATTRIBUTE, large)).toMatchObject(refusal);
    const { body } = await create(ATTRIBUTE);
    expect(await api.patch(`${ATTRIBUTE}/${body.id}`, large)).toMatchObject(refusal);
  });

  test('profiles without end', async () => {
    const others = await startManagement();
    const answers = [];
    for (let count = 0; count < 51; count += 1) answers.push(await others.post(CONNECTION, { name: `n${count}` }));
    await others.close();
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.at(-1)).toMatchObject({ status: 409, body: { message: expect.stringContaining('50') } });
  });

  test('an id of the other kind is not found', async () => {
    const one = (await create(CONNECTION)).body.id;
    expect((await api.get(`${ATTRIBUTE}/${one}`)).status).toBe(404);
    expect((await api.patch(`${ATTRIBUTE}/${one}`, { name: 'x' })).status).toBe(404);
    expect((await api.delete(`${ATTRIBUTE}/${one}`)).status).toBe(204);
    expect((await api.get(`${CONNECTION}/${one}`)).status).toBe(200);
  });
});

describe('applications that name a profile', () => {
  const BASE = { allowed_strategies: ['oidc'], connection_deletion_behavior: 'allow' };
  const createClient = (more: object) =>
    api.post('/clients', { name: 'app', my_organization_configuration: { ...BASE, ...more } });
  const cases = [
    { path: CONNECTION, property: 'connection_profile_id', other: ATTRIBUTE },
    { path: ATTRIBUTE, property: 'user_attribute_profile_id', other: CONNECTION },
  ];

  test.each(cases)('$property must exist', async ({ path, property, other }) => {
    const ids = ['cop_0000000000000000000000', "' or true", (await create(other)).body.id];
    for (const id of ids) {
      const answer = await createClient({ [property]: id });
      expect(answer.status).toBe(400);
    }
    const { body } = await create(path);
    const client = await createClient({ [property]: body.id });
    expect(client).toMatchObject({ status: 201, body: { my_organization_configuration: { [property]: body.id } } });
    expect(client.headers['vestibule-without-effect'] ?? '').not.toContain('profile_id');
    const changed = await api.patch(`/clients/${client.body.client_id}`, {
      my_organization_configuration: { ...BASE, [property]: ids[2] },
    });
    expect(changed).toMatchObject({ status: 400, body: { message: expect.stringContaining(property) } });
  });

  test.each(cases)('$property: it cannot be deleted while it is in use', async ({ path, property }) => {
    const { body } = await create(path);
    const client = (await createClient({ [property]: body.id })).body.client_id;
    expect(await api.delete(`${path}/${body.id}`)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('(app)') },
    });
    expect((await api.get(`${path}/${body.id}`)).status).toBe(200);
    await api.patch(`/clients/${client}`, { my_organization_configuration: null });
    expect((await api.delete(`${path}/${body.id}`)).status).toBe(204);
  });

  test.each(cases)('$property: of a deletion and a use at once, one is refused', async ({ path, property }) => {
    for (let round = 0; round < 8; round += 1) {
      const { body } = await create(path);
      const [client, deleted] = await Promise.all([
        createClient({ [property]: body.id }),
        api.delete(`${path}/${body.id}`),
      ]);
      expect([
        [201, 409],
        [400, 204],
      ]).toContainEqual([client.status, deleted.status]);
    }
  });
});

describe('organization_access_level', () => {
  test('full only where no other organization uses the connection; none at a database', async () => {
    const cast = await createCast(api);
    const other = (await api.post('/organizations', { name: newName().replace(' ', '-') })).body.id;
    const at = (organization: string) => `/organizations/${organization}/connections`;
    const one = `${at(cast.organization)}/${cast.oidcConnection}`;
    const level = (organization_access_level: string) => ({ organization_access_level });
    for (const name of ['readonly', 'limited', 'full', 'none'])
      expect((await api.patch(one, level(name))).body).toMatchObject(level(name));
    expect((await api.patch(one, level('admin'))).status).toBe(400);
    const body = { connection_id: cast.oidcConnection };
    const refusal = { status: 400, body: { message: expect.stringContaining('other organizations use') } };
    expect(await api.post(at(other), { ...body, ...level('full') })).toMatchObject(refusal);
    expect((await api.post(at(other), { ...body, ...level('limited') })).status).toBe(201);
    expect(await api.patch(one, level('full'))).toMatchObject(refusal);
    expect(await api.patch(`${at(other)}/${cast.oidcConnection}`, level('full'))).toMatchObject(refusal);
    const database = (await api.get(at(cast.organization))).body.find(
      (item: { connection: { strategy: string } }) => item.connection.strategy === 'auth0',
    );
    expect(await api.patch(`${at(cast.organization)}/${database.connection_id}`, level('readonly'))).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('database') },
    });
  });
});
