/**
 * `/connections` of the strategies with a provider of their own, `waad` and `google-apps`: which of Auth0's options are accepted, which are
 * refused and with which advice, and how the tenant of Entra is pinned.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderFinding } from '../../src/ports/connector.js';
import { type Management, startManagement } from './harness.js';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

const TENANT = '11111111-2222-4333-8444-555555555555';
const OTHER = '99999999-2222-4333-8444-555555555555';
const issuerOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
let number = 0;
const post = (strategy: string, options: object) => {
  number += 1;
  return api.post('/connections', { name: `s-${number}`, strategy, options });
};
/** Entra answers with this issuer; `asked` are the tenants that it was asked about. */
function answers(issuer: string): unknown[] {
  const asked: unknown[] = [];
  const endpoints = { authorization_endpoint: `${issuer}/auth`, jwks_uri: `${issuer}/keys` };
  api.examine(async ({ options }) => {
    asked.push(options.tenantId ?? options.tenant_domain);
    return { ok: true, issuer, endpoints, signingKeys: 2 };
  });
  return asked;
}
const SILENT: ProviderFinding = { ok: false, reason: 'unreachable', check: 'discovery.timeout', detail: 'silent' };
const refusal = async (strategy: string, options: object) => {
  const { status, body } = await post(strategy, { client_id: 'c', ...options });
  expect(status).toBe(400);
  return body.message as string;
};

describe('waad', () => {
  /** As a tenant of Auth0's has it after an export. */
  const EXPORTED = {
    client_id: 'c',
    tenant_domain: 'acme.onmicrosoft.com',
    domain: 'acme.onmicrosoft.com',
    domain_aliases: ['acme.example'],
    app_id: 'api://acme',
    waad_protocol: 'openid-connect',
    use_wsfed: false,
    useCommonEndpoint: false,
    waad_common_endpoint: false,
    identity_api: 'microsoft-identity-platform-v2.0',
    userid_attribute: 'oid',
    api_enable_users: true,
    basic_profile: true,
    ext_profile: true,
    ext_groups: false,
    max_groups_to_retrieve: '250',
    scope: ['User.Read'],
    granted: true,
    thumbprints: [],
    set_user_root_attributes: 'on_each_login',
    should_trust_email_verified_connection: 'never_set_emails_as_verified',
    federated_connections_access_tokens: { active: false },
  };

  test('is stored as Auth0 exports it, its secret apart, and its tenant pinned by the id that Entra tells', async () => {
    const asked = answers(issuerOf(TENANT));
    const { status, body } = await post('waad', { ...EXPORTED, client_secret: 'hush' });
    expect([status, body.options]).toEqual([201, { ...EXPORTED, tenantId: TENANT }]);
    expect(asked).toEqual(['acme.onmicrosoft.com']);
    expect(JSON.stringify((await api.get('/connections')).body)).not.toContain('hush');
  });

  test('an update that names the tenant as before keeps the pin, and the secret, whoever the domain belongs to now', async () => {
    answers(issuerOf(TENANT));
    const { body } = await post('waad', { ...EXPORTED, client_secret: 'hush' });
    const asked = answers(issuerOf(OTHER));
    const again = await api.patch(`/connections/${body.id}`, {
      options: { ...EXPORTED, icon_url: 'https://a.example/i' },
    });
    expect(again.body.options).toMatchObject({ tenantId: TENANT, icon_url: 'https://a.example/i' });
    expect([again.body.warnings, asked]).toEqual([undefined, []]);
  });

  test('an update that names another domain is another tenant: Entra is asked, and the secret goes', async () => {
    answers(issuerOf(TENANT));
    const { body } = await post('waad', { ...EXPORTED, client_secret: 'hush' });
    const asked = answers(issuerOf(OTHER));
    const tenant_domain = 'other.onmicrosoft.com';
    const moved = await api.patch(`/connections/${body.id}`, { options: { ...EXPORTED, tenant_domain } });
    expect(moved.body.options).toMatchObject({ tenantId: OTHER, tenant_domain });
    expect(moved.body.warnings).toMatchObject([{ id: 'client_secret_removed' }]);
    expect(asked).toEqual([tenant_domain]);
  });

  test('where Entra does not answer the tenant stays open, and the next update pins it', async () => {
    api.examine(async () => SILENT);
    const { body } = await post('waad', { ...EXPORTED, client_secret: 'hush' });
    expect([body.options.tenantId, body.discovery.status]).toEqual([undefined, 'unreachable']);
    answers(issuerOf(TENANT));
    const later = await api.patch(`/connections/${body.id}`, { options: EXPORTED });
    expect([later.body.options.tenantId, later.body.warnings]).toEqual([TENANT, undefined]);
  });

  test('an id that is given is not asked for, and an issuer of anything else pins nothing', async () => {
    answers('https://evil.example/x/v2.0');
    const rest = { ...EXPORTED, tenant_domain: undefined, domain: undefined };
    expect((await post('waad', { ...rest, tenantId: TENANT })).body.options.tenantId).toBe(TENANT);
    expect(
      (await post('waad', { ...rest, tenant_domain: TENANT.toUpperCase() })).body.options.tenantId,
    ).toBeUndefined();
    expect((await post('waad', EXPORTED)).body.options.tenantId).toBeUndefined();
  });

  test.each<[object, RegExp]>([
    [{ waad_protocol: 'ws-federation' }, /^options\.waad_protocol takes openid-connect: WS-Federation is not spoken/],
    [{ use_wsfed: true }, /^options\.use_wsfed is not available/],
    [{ identity_api: 'azure-active-directory-v1.0' }, /^options\.identity_api takes microsoft-identity-platform-v2\.0/],
    [{ should_trust_email_verified_connection: 'always_set_emails_as_verified' }, /Prove the domain.*or.*xms_edov/],
    [{ ext_groups: true }, /needs Microsoft Graph.*Add groups claim.*claims\.groups/],
    [{ ext_nested_groups: true }, /needs Microsoft Graph/],
    [{ federated_connections_access_tokens: { active: true } }, /access tokens of people/],
    [{ discovery_url: 'https://evil.example/' }, /not an option of waad.*use the strategy oidc/],
    [{ oidc_metadata: { token_endpoint: 'https://evil.example/' } }, /not an option of waad/],
    [{ tenantId: 'acme' }, /tenantId takes the id of a tenant/],
    [{ tenant_domain: 'evil.example/x' }, /neither a tenant id nor a domain/],
    [{ cloud: 'moon' }, /cloud takes public, us_government, china/],
    [{ userid_attribute: 'email' }, /userid_attribute takes oid or sub/],
    [{ useCommonEndpoint: true, allowed_tenants: ['acme.example'] }, /allowed_tenants takes a list/],
    [{ waad_common_endpoint: true, allowed_tenants: [] }, /allowed_tenants takes a list/],
    [{ scope: 'x', tenantId: 7 }, /options\.tenantId takes a text/],
  ])('%j is refused with the reason', async (options, message) => {
    expect(await refusal('waad', options)).toMatch(message);
  });

  test('many tenants cannot be provisioned by SCIM, one tenant can', async () => {
    answers(issuerOf('{tenantid}'));
    const many = (await post('waad', { client_id: 'c', useCommonEndpoint: true })).body.id;
    const refused = await api.post(`/connections/${many}/scim-configuration`, {});
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('many tenants')]);
    const one = (await post('waad', { client_id: 'c', tenantId: TENANT })).body.id;
    const made = await api.post(`/connections/${one}/scim-configuration`, {});
    expect(made.body).toMatchObject({ strategy: 'waad', user_id_attribute: 'externalId' });
  });

  test('a seat is not moved to a subject of many tenants, but to an address', async () => {
    answers(issuerOf('{tenantid}'));
    const id = (await post('waad', { client_id: 'c', useCommonEndpoint: true })).body.id;
    const { rows } = await api.database.pool.query(
      `insert into users (user_id, email, created_at, updated_at) values ('waad|s|x', 'x@acme.example', now(), now()) returning user_id`,
    );
    await api.database.pool.query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, bound_at, created_at)
       values ($1, 'idn', $2, 'bound', $3, 'old', true, '{}', now(), now())`,
      [rows[0].user_id, id, issuerOf(TENANT)],
    );
    const name = (await api.get(`/connections/${id}`)).body.name;
    const path = `/users/${encodeURIComponent('waad|s|x')}/identities/waad/${encodeURIComponent(`${name}|old`)}/move`;
    expect((await api.post(path, { subject: 'new', dry_run: true })).status).toBe(400);
    expect((await api.post(path, { expected_email: 'x@acme.example', dry_run: true })).status).toBe(200);
    const again = { expect_by: 'subject', former_issuer: issuerOf(OTHER) };
    const former = await api.post(`/connections/${id}/former-identities`, again);
    expect([former.status, former.body.message]).toEqual([400, expect.stringContaining('former_issuer is the issuer')]);
    const older = { ...again, former_issuer: 'https://old.example' };
    expect((await api.post(`/connections/${id}/former-identities`, older)).body.message).toMatch(/whose person it is/);
  });
});

describe('google-apps', () => {
  test('is stored as Auth0 exports it, its secret apart', async () => {
    answers('https://accounts.google.com');
    const options = {
      client_id: 'c',
      tenant_domain: 'acme.example',
      domain: 'acme.example',
      domain_aliases: ['acme-labs.example'],
      api_enable_users: true,
      api_enable_groups: false,
      map_user_id_to_id: false,
      handle_login_from_social: true,
      email: true,
      profile: true,
      scope: ['email', 'profile'],
      ext_agreed_terms: true,
      ext_is_admin: false,
      admin_access_token: '',
    };
    const { status, body } = await post('google-apps', { ...options, client_secret: 'hush' });
    const { admin_access_token, ...shown } = options;
    expect([status, body.options, admin_access_token]).toEqual([201, shown, '']);
    expect(JSON.stringify(body)).not.toContain('hush');
    const scim = await api.post(`/connections/${body.id}/scim-configuration`, {});
    expect([scim.status, scim.body.message]).toEqual([404, 'This connection type does not support SCIM.']);
  });

  test.each<[object, RegExp]>([
    [{ ext_groups: true }, /Directory API/],
    [{ api_enable_groups: true }, /Directory API/],
    [{ federated_connections_access_tokens: { active: true } }, /access tokens of people/],
    [{ admin_refresh_token: 'secret' }, /holds secrets that nothing here would use/],
    [{ tenant_domain: 'no domain' }, /tenant_domain takes a domain/],
    [{ tenant_domain: ['acme.example'] }, /tenant_domain takes a text/],
    [{ issuer: 'https://evil.example' }, /not an option of google-apps/],
  ])('%j is refused with the reason', async (options, message) => {
    expect(await refusal('google-apps', options)).toMatch(message);
  });

  test('without a domain it is stored, and the answer says that nobody can sign in yet', async () => {
    const detail = 'tenant_domain is missing';
    api.examine(async () => ({ ok: false, reason: 'invalid', check: 'connection.options', detail }));
    const { status, body } = await post('google-apps', { client_id: 'c' });
    expect([status, body.discovery]).toMatchObject([201, { status: 'incomplete', message: detail }]);
  });
});

test.each([
  ['adfs', { adfs_server: 'fs.acme.example' }, /Connect AD FS as oidc.*as samlp/],
  ['pingfederate', { pingFederateBaseUrl: 'https://ping.acme.example' }, /Connect PingFederate as oidc.*as samlp/],
])('%s is not spoken here, and the answer says what to use', async (strategy, options, message) => {
  expect(await refusal(strategy, options)).toMatch(message);
});
