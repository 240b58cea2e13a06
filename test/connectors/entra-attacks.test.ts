/**
 * Lies about whose person a token of Entra names: one test for each, at a connection of one tenant and at one of many. Each fails with its
 * check taken out. The player signs with the key that all tenants of Entra share, so the signature is always right.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entraDialect } from '../../src/connectors/oidc/entra.js';
import { PERSONAL_ACCOUNTS, parseEntra } from '../../src/domain/companies/entra.js';
import type { ConnectorAnswer } from '../../src/ports/connector.js';
import { connectionWith, newWay, type OidcRig, startOidcRig } from '../support/oidc-rig.js';
import { asEntraWrites, guidOf } from '../support/providers.js';
import type { Lie, ScriptedIdpOptions } from '../support/scripted-idp.js';

const HOST = 'https://login.microsoftonline.com';
const ACME = guidOf('acme');
const EVIL = guidOf('evil');
const issuerOf = (tenant: string) => `${HOST}/${tenant}/v2.0`;
const people = { dana: { sub: 'idp-dana', email: 'dana@acme.example', email_verified: true, name: 'Dana Duck' } };
const OID = guidOf('idp-dana');
const refused = (check: string) => ({ ok: false, reason: 'invalid', check });

const startOne = (options = {}) =>
  startOidcRig({
    strategy: 'waad',
    options: { tenantId: ACME, ...options },
    idp: { people, publicUrl: issuerOf(ACME), speak: asEntraWrites(ACME) },
  });
const startMany = (options = {}, endpoint = 'organizations', idp: Partial<ScriptedIdpOptions> = {}) =>
  startOidcRig({
    strategy: 'waad',
    options: { useCommonEndpoint: true, userid_attribute: 'oid', ...options },
    idp: {
      people,
      publicUrl: issuerOf(endpoint),
      documentIssuer: issuerOf('{tenantid}'),
      // The player is known by the endpoint, its tokens are a tenant's.
      speak: (person) => ({ iss: issuerOf(ACME), ...asEntraWrites(ACME)(person) }),
      ...idp,
    },
  });
const loginAfter = (rig: OidcRig, lie: Lie): Promise<ConnectorAnswer> => {
  rig.idp.next(lie);
  return rig.login();
};

describe('one tenant', () => {
  let rig: OidcRig;
  beforeAll(async () => {
    rig = await startOne();
  });
  afterAll(() => rig.stop());

  test('without a lie the login proves Dana: the tenant is the issuer, the object id the subject', async () => {
    expect(await rig.login()).toMatchObject({
      ok: true,
      identity: { issuer: issuerOf(ACME), subject: OID, email: 'dana@acme.example', emailVerified: true },
    });
  });

  test('asks for the code with PKCE and no more than the address and the names', async () => {
    const started = await rig.connector.start(rig.connection, newWay(), { loginHint: 'dana@acme.example' });
    const asked = started.ok ? new URL(started.url).searchParams : new URLSearchParams();
    expect(Object.fromEntries(asked)).toMatchObject({
      scope: 'openid profile email',
      response_type: 'code',
      code_challenge_method: 'S256',
      login_hint: 'dana@acme.example',
    });
  });

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['of another tenant', 'id_token.iss', { iss: issuerOf(EVIL), tid: EVIL }],
    ["of another tenant that names this one's id", 'id_token.iss', { iss: issuerOf(EVIL) }],
    ["with this tenant's issuer and another's id", 'id_token.iss', { tid: EVIL }],
    ['without a tenant id', 'id_token.tid', { tid: undefined }],
    ['with a name for a tenant id', 'id_token.tid', { tid: 'acme.example' }],
    ['with its tenant id in capitals', 'id_token.tid', { tid: ACME.toUpperCase() }],
    ['of version 1.0', 'id_token.iss', { iss: `https://sts.windows.net/${ACME}/`, ver: '1.0' }],
    ['of another cloud', 'id_token.iss', { iss: `https://login.microsoftonline.us/${ACME}/v2.0` }],
    ['without an object id', 'id_token.oid', { oid: undefined }],
    ['with an address for an object id', 'id_token.oid', { oid: 'dana@acme.example' }],
  ])('a token %s fails %s', async (_name, check, claims) => {
    expect(await loginAfter(rig, { claims })).toMatchObject(refused(check));
  });

  test.each([false, undefined, '0', 0, 'false', null, 'yes', [true]])(
    'nOAuth: an address with xms_edov %j is not vouched for',
    async (xms_edov) => {
      const answer = await loginAfter(rig, {
        claims: {
          email: 'chief@acme.example',
          email_verified: true,
          verified_primary_email: ['chief@acme.example'],
          xms_edov,
        },
      });
      expect(answer).toMatchObject({ ok: true, identity: { subject: OID, emailVerified: false } });
    },
  );

  test('a user name is no address, however much it looks like one', async () => {
    const claims = { email: undefined, preferred_username: 'chief@acme.example', upn: 'chief@acme.example' };
    const answer = await loginAfter(rig, { claims });
    expect(answer.ok && [answer.identity.email, answer.identity.subject]).toEqual([undefined, OID]);
  });

  test.each([
    ['the template of all tenants', issuerOf('{tenantid}')],
    ['another tenant', issuerOf(EVIL)],
    ['another host', `https://login.microsoftonline.com.evil.example/${ACME}/v2.0`],
  ])('a discovery document of %s is refused', async (_name, issuer) => {
    rig.idp.next({ discovery: { json: { issuer } } });
    const fresh = { ...rig.connection, revision: issuer };
    expect(await rig.connector.start(fresh, newWay(), {})).toMatchObject(refused('discovery.issuer'));
  });
});

test('userid_attribute sub takes the subject of the application', async () => {
  const rig = await startOne({ userid_attribute: 'sub' });
  expect(await rig.login()).toMatchObject({ ok: true, identity: { subject: `pairwise-${guidOf('idp-dana')}` } });
  await rig.stop();
});

describe('many tenants', () => {
  let rig: OidcRig;
  beforeAll(async () => {
    rig = await startMany();
  });
  afterAll(() => rig.stop());
  const of = (tenant: string, claims = {}) => ({ iss: issuerOf(tenant), tid: tenant, ...claims });

  test('without a lie the issuer is the concrete one of the tenant', async () => {
    expect(await rig.login()).toMatchObject({ ok: true, identity: { issuer: issuerOf(ACME), subject: OID } });
  });

  test('the same object id at another tenant is another identity', async () => {
    const answer = await loginAfter(rig, { claims: of(EVIL) });
    expect(answer).toMatchObject({ ok: true, identity: { issuer: issuerOf(EVIL), subject: OID } });
  });

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["of another tenant that names this one's id", 'id_token.iss', { iss: issuerOf(EVIL) }],
    ["with this tenant's issuer and another's id", 'id_token.iss', { tid: EVIL }],
    ['with the template for an issuer', 'id_token.iss', { iss: issuerOf('{tenantid}') }],
    ['with the template for issuer and tenant', 'id_token.tid', { iss: issuerOf('{tenantid}'), tid: '{tenantid}' }],
    ['whose tenant id is a path', 'id_token.tid', { iss: issuerOf(`${ACME}/../evil`), tid: `${ACME}/../evil` }],
    [
      'whose tenant id leads to another host',
      'id_token.tid',
      { iss: issuerOf('@evil.example/x'), tid: '@evil.example/x' },
    ],
    ['whose tenant id has a line break', 'id_token.tid', { iss: issuerOf(`${ACME}\n`), tid: `${ACME}\n` }],
    ['whose tenant id is an object', 'id_token.tid', { iss: issuerOf('[object Object]'), tid: {} }],
    ['of a personal account', 'id_token.tid', of(PERSONAL_ACCOUNTS)],
  ])('a token %s fails %s', async (_name, check, claims) => {
    expect(await loginAfter(rig, { claims })).toMatchObject(refused(check));
  });

  test.each([
    ['of one tenant', issuerOf(ACME)],
    ['of a template with another host', 'https://evil.example/{tenantid}/v2.0'],
    ['of a template with a place more', `${HOST}/{tenantid}/{tenantid}/v2.0`],
    ['of another template', `${HOST}/{tid}/v2.0`],
  ])('a discovery document %s is refused', async (_name, issuer) => {
    rig.idp.next({ discovery: { json: { issuer } } });
    const fresh = { ...rig.connection, revision: issuer };
    expect(await rig.connector.start(fresh, newWay(), {})).toMatchObject(refused('discovery.issuer'));
  });

  test.each([
    ['another host', 'https://evil.example', false],
    ['the template', issuerOf('{tenantid}'), false],
    ['a tenant', issuerOf(ACME), true],
  ])('an answer that says it is from %s', async (_name, iss, isTaken) => {
    const answer = await loginAfter(rig, { callback: { iss } });
    expect(answer).toMatchObject(isTaken ? { ok: true } : refused('callback.iss'));
  });
});

describe('the issuer that Entra names beside a key', () => {
  test.each<[string, string | null, boolean]>([
    ['of the tenant', issuerOf(ACME), true],
    ['the template', issuerOf('{tenantid}'), true],
    ['the template in other letters', issuerOf('{tenantId}'), true],
    ['of personal accounts', issuerOf(PERSONAL_ACCOUNTS), false],
    ['of another tenant', issuerOf(EVIL), false],
    ['of another cloud', 'https://login.microsoftonline.us/{tenantid}/v2.0', false],
    ['none', null, false],
  ])('case=%s', async (_name, keyIssuer, isTaken) => {
    const rig = await startMany({}, 'organizations', { keyIssuer });
    expect(await rig.login()).toMatchObject(isTaken ? { ok: true } : refused('id_token.key_issuer'));
    await rig.stop();
  });
});

describe('without openid-client, which compares the issuer with the template too', () => {
  const entra = parseEntra({ useCommonEndpoint: true, userid_attribute: 'oid' });
  const nameOf = (claims: Readonly<Record<string, unknown>>) => {
    if ('problem' in entra) throw new Error(entra.problem);
    return entraDialect(entra).name({ sub: 's', oid: OID, ...claims }, issuerOf('{tenantid}'));
  };

  test('a tenant has its own issuer and no other', () => {
    expect(nameOf({ tid: ACME, iss: issuerOf(ACME) })).toEqual({ issuer: issuerOf(ACME), subject: OID });
    for (const iss of [issuerOf(EVIL), issuerOf('{tenantid}'), `${issuerOf(ACME)}/`, undefined, [issuerOf(ACME)]])
      expect(nameOf({ tid: ACME, iss })).toMatchObject(refused('id_token.iss'));
  });
});

describe('listed tenants', () => {
  test('nobody else comes in', async () => {
    const rig = await startMany({ allowed_tenants: [ACME.toUpperCase()] });
    expect(await rig.login()).toMatchObject({ ok: true, identity: { issuer: issuerOf(ACME) } });
    const claims = { iss: issuerOf(EVIL), tid: EVIL };
    expect(await loginAfter(rig, { claims })).toMatchObject(refused('id_token.tid'));
    await rig.stop();
  });

  test('personal accounts come in where their tenant is listed', async () => {
    const rig = await startMany({ allowed_tenants: [PERSONAL_ACCOUNTS] }, 'common');
    const claims = { iss: issuerOf(PERSONAL_ACCOUNTS), tid: PERSONAL_ACCOUNTS };
    expect(await loginAfter(rig, { claims })).toMatchObject({
      ok: true,
      identity: { issuer: issuerOf(PERSONAL_ACCOUNTS) },
    });
    expect(await rig.login()).toMatchObject(refused('id_token.tid'));
    await rig.stop();
  });
});

test('a tenant that is known by its domain only can be asked, and nobody signs in: the domain may change hands', async () => {
  const rig = await startOidcRig({
    strategy: 'waad',
    options: { tenant_domain: 'acme.onmicrosoft.com' },
    idp: { people, publicUrl: issuerOf('acme.onmicrosoft.com'), documentIssuer: issuerOf(ACME) },
  });
  expect(await rig.connector.examine(rig.connection)).toMatchObject({ ok: true, issuer: issuerOf(ACME) });
  expect(await rig.login()).toMatchObject(refused('connection.options'));
  rig.idp.next({ discovery: { json: { issuer: issuerOf('acme.onmicrosoft.com') } } });
  expect(await rig.connector.examine(rig.connection)).toMatchObject(refused('discovery.issuer'));
  await rig.stop();
});

test.each([
  ['no tenant', {}],
  ['a tenant id that is none', { tenantId: 'acme' }],
  ['a domain that is an address', { tenant_domain: 'evil.example/x' }],
  ['a cloud that is an address', { tenantId: ACME, cloud: 'evil.example' }],
  ['a subject that is the address', { tenantId: ACME, userid_attribute: 'email' }],
  ['an empty list of tenants', { useCommonEndpoint: true, allowed_tenants: [] }],
  ['a list with a domain', { useCommonEndpoint: true, allowed_tenants: ['acme.example'] }],
])('%s is refused before anything is sent', async (_name, options) => {
  const rig = await startOne();
  const connection = connectionWith({ client_id: 'c', ...options }, { strategy: 'waad' });
  expect(await rig.connector.start(connection, newWay(), {})).toMatchObject(refused('connection.options'));
  expect(rig.idp.requests).toEqual({});
  await rig.stop();
});

test.each([
  ['us_government', 'https://login.microsoftonline.us'],
  ['china', 'https://login.partner.microsoftonline.cn'],
])('the cloud %s has its own place and its own issuers', async (cloud, host) => {
  const rig = await startOidcRig({
    strategy: 'waad',
    options: { cloud, useCommonEndpoint: true, userid_attribute: 'oid' },
    idp: {
      people,
      publicUrl: `${host}/organizations/v2.0`,
      documentIssuer: `${host}/{tenantid}/v2.0`,
      speak: (person) => ({ iss: `${host}/${ACME}/v2.0`, ...asEntraWrites(ACME)(person) }),
    },
  });
  expect(await rig.login()).toMatchObject({ ok: true, identity: { issuer: `${host}/${ACME}/v2.0`, subject: OID } });
  expect(await loginAfter(rig, { claims: { iss: issuerOf(ACME) } })).toMatchObject(refused('id_token.iss'));
  await rig.stop();
});

test('options of oidc that would move an address or loosen a check are not read', async () => {
  const evil = 'https://evil.example';
  const rig = await startOne({
    issuer: evil,
    discovery_url: evil,
    token_endpoint: `${evil}/token`,
    type: 'front_channel',
    connection_settings: { pkce: 'disabled' },
    attribute_map: {
      mapping_mode: 'use_map',
      attributes: { email: `$${'{context.tokenset.upn}'}` },
    },
  });
  const answer = await loginAfter(rig, { claims: { upn: 'chief@acme.example' } });
  expect(answer).toMatchObject({ ok: true, identity: { issuer: issuerOf(ACME), email: 'dana@acme.example' } });
  await rig.stop();
});
