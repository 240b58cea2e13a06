/** Identity providers that members connect (My Organization API): over real providers, compared with Auth0's document. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  CONFIGURATION,
  type MyOrganization,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;
let idp: ScriptedIdp;
let other: ScriptedIdp;
let saml: SamlIdp;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  [idp, other] = await Promise.all([startScriptedIdp({ people: {}, clock }), startScriptedIdp({ people: {}, clock })]);
  saml = await startSamlIdp({});
});
afterAll(() => Promise.all([idp.stop(), other.stop(), saml.stop()]));

const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const call = (method: string, path: string, body?: unknown) => {
  clock.advanceMs(5_000);
  return myOrg(stage, ada.token, method, path, body);
};
let names = 0;
const oidc = (changes: Json = {}, options: Json = {}): Json => {
  names += 1;
  return {
    ...{ name: `oidc-${names}`, strategy: 'oidc', display_name: `OIDC ${names}` },
    options: {
      ...{ type: 'back_channel', discovery_url: `${idp.issuer}/.well-known/openid-configuration` },
      ...{ client_id: idp.clientId, client_secret: idp.clientSecret, ...options },
    },
    ...changes,
  };
};
async function make(body: Json = oidc()): Promise<Json> {
  const { status, body: made } = await call('POST', '/identity-providers', body);
  expect([status, made.detail ?? made.validation_errors]).toEqual([201, undefined]);
  return made;
}
const pathOf = ({ id }: Json, rest = '') => `/identity-providers/${id}${rest}`;
const stored = (made: Json) => manage('GET', `/connections/${made.id}`);
const secretOf = async (made: Json) => ((await stored(made)).options as Json).client_secret;
const prefix = () => `${stage.cast.acme.id.replace('_', '-')}-`;

/** The answer is 400 or another refusal, and nothing changed. */
async function expectRefused(method: string, path: string, body: unknown, status: number, words: string) {
  const before = await stage.instance.snapshot();
  const answer = await call(method, path, body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(words)]);
  const { attempt_counters: _, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed).toEqual({});
}

describe('what the application may set up', () => {
  test('is what an operator chose, as far as this server has it', async () => {
    const client = `/clients/${stage.cast.client.id}`;
    const all = ['adfs', 'google-apps', 'oidc', 'okta', 'pingfederate', 'samlp', 'waad'];
    await manage('PATCH', client, { my_organization_configuration: { ...CONFIGURATION, allowed_strategies: all } });
    const { body } = await call('GET', '/config/identity-providers');
    expect(body.organization).toEqual({ can_set_show_as_button: true, can_set_assign_membership_on_login: true });
    const strategies = body.strategies as Json;
    expect(Object.keys(strategies).sort()).toEqual(['google-apps', 'googleapps', 'oidc', 'okta', 'samlp', 'waad']);
    expect(strategies.oidc).toEqual({ enabled_features: ['provisioning'], provisioning_methods: ['scim'] });
    expect(strategies.googleapps).toEqual({ enabled_features: [], provisioning_methods: [] });
    expect((await call('GET', '/config')).body.allowed_strategies).toEqual([
      'oidc',
      'okta',
      'waad',
      'google-apps',
      'samlp',
    ]);
    await manage('PATCH', client, { my_organization_configuration: CONFIGURATION });
  });

  test('attack=another strategy is set up all the same', async () => {
    const body = {
      ...{ name: 'w', strategy: 'waad' },
      options: { tenant_domain: 'acme.example', client_id: 'x', client_secret: 'y' },
    };
    await expectRefused('POST', '/identity-providers', body, 403, 'this application sets up oidc, okta, samlp');
  });

  test.each([
    ['adfs', { adfs_server: 'https://adfs.acme.example' }],
    ['pingfederate', { pingFederateBaseUrl: 'https://ping.acme.example' }],
  ])('%s is refused with the strategy to use', async (strategy, options) => {
    await expectRefused('POST', '/identity-providers', { name: 'x', strategy, options }, 400, 'Use samlp');
  });
});

describe('a provider of OpenID Connect', () => {
  test('is connected, shown without its secret, and kept as the organization’s own', async () => {
    const made = await make(oidc({ name: 'first', display_name: 'Acme & Söhne' }));
    expect(made).toEqual({
      ...{ id: expect.stringMatching(/^con_/), name: `${prefix()}first`, strategy: 'oidc', domains: [] },
      ...{ display_name: 'Acme & Söhne', show_as_button: true, assign_membership_on_login: false, is_enabled: true },
      ...{ access_level: 'full', attributes: expect.any(Array) },
      options: {
        ...{ type: 'back_channel', client_id: idp.clientId },
        discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
      },
    });
    expect(await stored(made)).toMatchObject({
      managed_by_organization: stage.cast.acme.id,
      needs_organization: true,
      enabled_clients: [],
    });
    expect(await secretOf(made)).toBe(idp.clientSecret);
    expect((await call('GET', pathOf(made))).body).toEqual(made);
    const { body } = await call('GET', '/identity-providers');
    for (const wanted of [true, false]) {
      const { body: some } = await call('GET', `/identity-providers?is_enabled=${wanted}`);
      const kept = (body.identity_providers as Json[]).filter((one) => one.is_enabled === wanted);
      expect(some.identity_providers).toEqual(kept);
    }
    expect((body.identity_providers as Json[]).map(({ id }) => id)).toContain(made.id);
    expect(JSON.stringify(body)).not.toContain(idp.clientSecret);
  });

  test('the issuer alone will do as its address', async () => {
    const made = await make(oidc({}, { discovery_url: idp.issuer }));
    expect((made.options as Json).discovery_url).toBe(`${idp.issuer}/.well-known/openid-configuration`);
  });

  test('a change keeps the secret, what is left out, and what an operator added', async () => {
    const made = await make();
    const { options } = await stored(made);
    await manage('PATCH', `/connections/${made.id}`, { options: { ...(options as Json), scope: 'openid email' } });
    const changes = { display_name: 'Another', is_enabled: false, show_as_button: false };
    expect((await call('PATCH', pathOf(made), changes)).body).toEqual({ ...made, ...changes });
    const { client_secret: _, ...rest } = oidc().options as Json;
    expect((await call('PATCH', pathOf(made), { options: rest })).body).toEqual({ ...made, ...changes });
    expect(await secretOf(made)).toBe(idp.clientSecret);
    expect(((await stored(made)).options as Json).scope).toBe('openid email');
    expect((await call('PATCH', pathOf(made), {})).body).toEqual({ ...made, ...changes });
    const put = { ...rest, client_secret: 'other' };
    expect((await call('PATCH', pathOf(made), { options: put })).status).toBe(200);
    expect(await secretOf(made)).toBe('other');
  });

  test('attack=a change of the address, or of the client, takes the stored secret along', async () => {
    const made = await make();
    const { client_secret: _, ...rest } = oidc().options as Json;
    const elsewhere = { ...rest, discovery_url: `${other.issuer}/.well-known/openid-configuration` };
    await expectRefused('PATCH', pathOf(made), { options: elsewhere }, 400, '/options/client_secret');
    await expectRefused('PATCH', pathOf(made), { options: { ...rest, client_id: 'x' } }, 400, '/options/client_secret');
    const whole = { ...elsewhere, client_id: other.clientId, client_secret: other.clientSecret };
    expect((await call('PATCH', pathOf(made), { options: whole })).status).toBe(200);
    expect(await secretOf(made)).toBe(other.clientSecret);
  });

  test('one name is used once, and the answer is the one that components read', async () => {
    const made = await make(oidc({ name: 'twice' }));
    const answer = await call('POST', '/identity-providers', oidc({ name: 'twice' }));
    expect(answer).toMatchObject({ status: 409, body: { type: 'https://auth0.com/api-errors#A0E-409-0001' } });
    expect((await call('DELETE', pathOf(made))).status).toBe(204);
    expect((await call('GET', pathOf(made))).status).toBe(404);
    expect((await call('POST', '/identity-providers', oidc({ name: 'twice' }))).status).toBe(201);
  });
});

describe('a connection that cannot be read is not made', () => {
  const discovery = () => `${idp.issuer}/nothing/.well-known/openid-configuration`;
  test('nobody answers, or somebody else', async () => {
    const wrong = oidc({}, { discovery_url: discovery() });
    await expectRefused('POST', '/identity-providers', wrong, 400, `discovery failure: ${discovery()}`);
    const silent = oidc({}, { discovery_url: 'http://127.0.0.1:9/.well-known/openid-configuration' });
    await expectRefused('POST', '/identity-providers', silent, 400, 'discovery failure: http://127.0.0.1:9/');
    const noMetadata = { metadataUrl: `${idp.issuer}/metadata`, signSAMLRequest: false };
    const body = { name: 'm', strategy: 'samlp', options: noMetadata };
    await expectRefused('POST', '/identity-providers', body, 400, `discovery failure: ${idp.issuer}/metadata`);
  });

  test('nor is one changed so', async () => {
    const made = await make();
    const options = { ...(oidc().options as Json), discovery_url: discovery() };
    await expectRefused('PATCH', pathOf(made), { options }, 400, 'discovery failure: ');
  });
});

describe('SAML', () => {
  const certificate = () => String(saml.settings.keys[0]?.cert);
  const samlp = (options: Json): Json => {
    names += 1;
    return { name: `saml-${names}`, strategy: 'samlp', options: { signSAMLRequest: true, ...options } };
  };

  test('by the address of its metadata', async () => {
    const made = await make(samlp({ metadataUrl: saml.metadataUrl }));
    expect(made).toMatchObject({
      strategy: 'samlp',
      display_name: `saml-${names}`,
      options: { metadataUrl: saml.metadataUrl, signSAMLRequest: true },
    });
    expect(((await stored(made)).options as Json).issuer).toBe(saml.entityId);
    const changed = await call('PATCH', pathOf(made), {
      options: { metadataUrl: saml.metadataUrl, signSAMLRequest: false, signatureAlgorithm: 'rsa-sha256' },
    });
    expect(changed.body.options).toMatchObject({ signSAMLRequest: false, signatureAlgorithm: 'rsa-sha256' });
    expect(((await stored(made)).options as Json).issuer).toBe(saml.entityId);
  });

  test.each(['cert', 'signingCert'])('by endpoint and %s, with the entity ID', async (name) => {
    const endpoint = { signInEndpoint: saml.ssoUrl, [name]: certificate() };
    await expectRefused('POST', '/identity-providers', samlp(endpoint), 400, 'options.issuer');
    const made = await make(samlp({ ...endpoint, issuer: saml.entityId }));
    expect(made.options).toEqual({
      signInEndpoint: saml.ssoUrl,
      cert: certificate(),
      signSAMLRequest: true,
    });
    expect((await call('PATCH', pathOf(made), { options: { ...endpoint, signSAMLRequest: false } })).status).toBe(200);
    expect(((await stored(made)).options as Json).issuer).toBe(saml.entityId);
  });

  test.each([
    [{ idpInitiated: { enabled: true, client_id: 'x' } }, 'idpInitiated'],
    [{ icon_url: 'javascript:alert(1)' }, 'icon_url'],
    [{ icon_url: 'http://acme.example/i.png' }, 'icon_url'],
    [{ bindingMethod: 'x' }, 'bindingMethod'],
    [{ discovery_url: 'https://acme.example' }, 'discovery_url'],
    [{ signingCert: 'no certificate' }, 'certificate'],
    [{ signInEndpoint: 'https://acme.example' }, '/options/signInEndpoint'],
    [{ fieldsMap: { email: 'x' } }, '/options/fieldsMap'],
  ])('%j is refused', async (options, words) => {
    await expectRefused(
      'POST',
      '/identity-providers',
      samlp({ metadataUrl: saml.metadataUrl, ...options }),
      400,
      words,
    );
  });
});

describe('a refusal of an option names it as the request does', () => {
  const allow = (allowed_strategies: readonly string[]) =>
    manage('PATCH', `/clients/${stage.cast.client.id}`, {
      my_organization_configuration: { ...CONFIGURATION, allowed_strategies },
    });
  beforeAll(() => allow(['google-apps', 'oidc', 'samlp']));
  afterAll(() => allow(CONFIGURATION.allowed_strategies));

  test.each([
    ['google-apps', { domain: 'no domain', client_id: 'x', client_secret: 'y' }, '/options/domain'],
    [
      'oidc',
      { type: 'back_channel', discovery_url: 'no address', client_id: 'x', client_secret: 'y' },
      '/options/discovery_url',
    ],
    ['samlp', { metadataUrl: 'no address', signSAMLRequest: true }, '/options/metadataUrl'],
  ])('%s: %j', async (strategy, options, pointer) => {
    const { status, body } = await call('POST', '/identity-providers', { name: `bad-${strategy}`, strategy, options });
    expect([status, body.validation_errors ?? body]).toMatchObject([400, [{ pointer, source: 'body' }]]);
  });
});

describe('domains of a provider', () => {
  const prove = (id: unknown) =>
    stage.instance.database.pool.query(
      "update discovery_domains set status = 'verified', proof = 'dns', expires_at = $2 where id = $1",
      [id, new Date(clock.now().getTime() + 86_400_000)],
    );
  const claim = async (name: string) => {
    const path = `/organizations/${stage.cast.acme.id}/discovery-domains`;
    return String((await manage('POST', path, { domain: name, status: 'pending' })).id);
  };
  const domain = async (name: string) => {
    const id = await claim(name);
    await prove(id);
    return id;
  };

  test('are verified ones of the organization', async () => {
    const id = await domain('one.example');
    await claim('pending.example');
    const made = await make();
    const path = pathOf(made, '/domains');
    await expectRefused('POST', path, { domain: 'pending.example' }, 400, 'not verified');
    await expectRefused('POST', path, { domain: 'elsewhere.example' }, 400, 'not verified');
    // The word of an operator is the operator's.
    await expectRefused('POST', path, { domain: 'acme.example' }, 400, 'not verified');
    const open = { assign_membership_on_login: true };
    await expectRefused('PATCH', pathOf(made), open, 400, '"pointer":"/assign_membership_on_login"');
    expect(await call('POST', path, { domain: 'One.example' })).toMatchObject({
      status: 201,
      body: { domain: 'one.example' },
    });
    expect(await call('POST', path, { domain: 'one.example' })).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('A0E-409-0003') },
    });
    expect((await call('GET', pathOf(made))).body.domains).toEqual(['one.example']);
    expect((await call('PATCH', pathOf(made), { assign_membership_on_login: true })).status).toBe(200);
    expect((await call('GET', `/domains/${id}/identity-providers`)).body).toEqual({
      identity_providers: [{ id: made.id, name: made.name, display_name: made.display_name }],
    });
    // A change of the options keeps them.
    await call('PATCH', pathOf(made), { options: oidc().options });
    expect(await secretOf(made)).toBe(idp.clientSecret);
    expect((await call('DELETE', `${path}/one.example`)).status).toBe(204);
    expect((await call('DELETE', `${path}/one.example`)).status).toBe(404);
    expect((await call('GET', pathOf(made))).body.domains).toEqual([]);
  });

  test('may be named at once, and all of them are looked at', async () => {
    await domain('two.example');
    expect((await make(oidc({ domains: ['two.example'], assign_membership_on_login: true }))).domains).toEqual([
      'two.example',
    ]);
    const wrong = oidc({ domains: ['two.example', 'nobody.example'] });
    await expectRefused('POST', '/identity-providers', wrong, 400, 'nobody.example');
    await expectRefused(
      'POST',
      '/identity-providers',
      oidc({ assign_membership_on_login: true }),
      400,
      'prove a domain',
    );
  });

  test('a domain that is removed leads to no provider any more', async () => {
    const { body } = await call('POST', '/domains', { domain: 'gone.example' });
    await prove(body.id);
    const made = await make(oidc({ domains: ['gone.example'] }));
    expect((await call('DELETE', `/domains/${body.id}`)).status).toBe(204);
    expect((await call('GET', pathOf(made))).body.domains).toEqual([]);
  });
});

describe('attributes', () => {
  test('attack=they are taken from the profile again and again: the provider is not asked', async () => {
    const gone = await startScriptedIdp({ people: {}, clock });
    const made = await make(oidc({}, { discovery_url: `${gone.issuer}/.well-known/openid-configuration` }));
    await gone.stop();
    expect((await call('PUT', pathOf(made, '/update-attributes'), {})).status).toBe(200);
  });
});

describe('the way in stays', () => {
  test('detach keeps the connection, and ends its use', async () => {
    const made = await make();
    expect((await call('POST', pathOf(made, '/detach'))).status).toBe(204);
    expect((await call('GET', pathOf(made))).status).toBe(404);
    expect((await stored(made)).id).toBe(made.id);
  });

  test('the last administrator’s way in is neither switched off, nor detached, nor deleted', async () => {
    // Ada signs in with this provider alone, and nobody else is an administrator.
    const made = await make();
    const { pool } = stage.instance.database;
    const { rows } = await pool.query('select * from identities where user_id = $1', [ada.id]);
    await pool.query('update identities set connection_id = $2 where user_id = $1', [ada.id, made.id]);
    await expectRefused('PATCH', pathOf(made), { is_enabled: false }, 409, 'last administrator');
    await expectRefused('POST', pathOf(made, '/detach'), undefined, 409, 'last administrator');
    await expectRefused('DELETE', pathOf(made), undefined, 409, 'last administrator');
    // The same without any administrator: the person who writes stays able to sign in.
    const manager = await api.createRole('idp manager', ['update:my_org:identity_providers']);
    const member = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(ada.id)}/roles`;
    await manage('POST', member, { roles: [manager] });
    await manage('DELETE', member, { roles: [api.adminRole] });
    await expectRefused('PATCH', pathOf(made), { is_enabled: false }, 409, 'no other administrator');
    await manage('POST', member, { roles: [api.adminRole] });
    // Another issuer refuses all who are bound.
    const set = 'update identities set connection_id = $2, issuer = $3 where user_id = $1';
    await pool.query(set, [ada.id, made.id, idp.issuer]);
    const client = { client_id: other.clientId, client_secret: other.clientSecret };
    const moved = oidc({}, { ...client, discovery_url: `${other.issuer}/.well-known/openid-configuration` }).options;
    await expectRefused('PATCH', pathOf(made), { options: moved }, 409, 'Connect it as a second identity provider');
    await pool.query(set, [ada.id, rows[0].connection_id, rows[0].issuer]);
    expect((await call('PATCH', pathOf(made), { options: moved })).status, 'while it has signed in nobody').toBe(200);
    // Ada has another way in again.
    expect((await call('PATCH', pathOf(made), { is_enabled: false })).status).toBe(200);
  });
});
