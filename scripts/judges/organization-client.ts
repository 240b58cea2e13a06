/**
 * Tests the My Organization API with Auth0's myorganization-python (`organization-client.py`): its methods, its types,
 * its errors and its pages, with a member's token.
 */
import assert from 'node:assert/strict';
import { CALLBACK } from '../../test/support/cast.js';
import { txt } from '../../test/support/text-name-server.js';
import type { Ground } from './browser-ground.js';
import type { Checks } from './checks.js';
import type { Json } from './keycloak-server.js';
import { addAdministrator, allowMyOrganization, openMyOrganization, POLICY_SCOPES } from './own-organization-ground.js';
import { type Program, signIn, startPython } from './python-client.js';

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly status?: number;
  readonly body?: Json;
  readonly thrown?: string;
}

interface Sdk {
  /** Calls a method of the SDK, and throws unless it returned something. `of` are arguments without a name. */
  get<T = Json>(method: string, of?: readonly unknown[], named?: Json): Promise<T>;
  /** Calls a method that has to be refused. Returns the class of the error and the status. */
  refused(method: string, of?: readonly unknown[], named?: Json): Promise<readonly [string, number]>;
}

function createSdk(program: Program, as: Json): Sdk {
  const ask = (method: string, of: readonly unknown[] = [], named: Json = {}) =>
    program.ask<Answer>(method, { as, of, with: named });
  return {
    async get<T>(method: string, of?: readonly unknown[], named?: Json) {
      const { value, ...wrong } = await ask(method, of, named);
      assert.deepEqual(wrong, {}, method);
      return value as T;
    },
    async refused(method, of, named) {
      const { error, status, ...more } = await ask(method, of, named);
      assert.ok(error !== undefined && status !== undefined, `${method}: ${JSON.stringify(more)}`);
      return [error, status];
    },
  };
}

/** Signs a member in at the company. Returns an access token of the My Organization API. */
async function readToken(
  { vestibule: { origin }, place }: Ground,
  client: { readonly id: string; readonly secret: string },
  login: string,
): Promise<string> {
  const asked = { audience: `${origin}/my-org/`, organization: place.id, scope: `openid ${POLICY_SCOPES.join(' ')}` };
  const query = { response_type: 'code', client_id: client.id, redirect_uri: CALLBACK, state: 's', ...asked };
  const { url } = await signIn(
    `${origin}/authorize?${new URLSearchParams(query)}`,
    `${login}@acme-browser.example`,
    login,
  );
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code: url.searchParams.get('code') ?? '', redirect_uri: CALLBACK },
      ...{ client_id: client.id, client_secret: client.secret },
    }),
  });
  const { access_token, ...wrong } = (await response.json()) as { readonly access_token?: string };
  assert.ok(access_token !== undefined, JSON.stringify(wrong));
  return access_token;
}

/** Publishes the record of a claimed domain, and has it looked up. Returns the domain. */
async function prove({ vestibule }: Ground, sdk: Sdk, { id, verification_host, verification_txt }: Json) {
  const record = txt(String(verification_host).toLowerCase(), String(verification_txt));
  vestibule.names.answer((name) => ({ records: name === record.name ? [record] : [] }));
  return sdk.get('organization.domains.verify.create', [id]);
}

async function playDomains(ground: Ground, checks: Checks, sdk: Sdk): Promise<void> {
  await checks.play('details and configuration are read and changed', async () => {
    await sdk.get('organization_details.update', [], { display_name: 'Acme by Python' });
    assert.equal((await sdk.get('organization_details.get')).display_name, 'Acme by Python');
    assert.deepEqual((await sdk.get('organization.configuration.get')).allowed_strategies, ['oidc']);
    const { strategies } = await sdk.get('organization.configuration.identity_providers.get');
    assert.deepEqual(Object.keys(strategies as Json), ['oidc']);
  });
  await checks.play('a domain is claimed, proved and removed; a second claim is a ConflictError', async () => {
    const domain = 'python-domain.example';
    const made = await sdk.get('organization.domains.create', [], { domain });
    assert.equal(made.status, 'pending');
    assert.deepEqual(await sdk.refused('organization.domains.create', [], { domain }), ['ConflictError', 409]);
    assert.equal((await prove(ground, sdk, made)).status, 'verified');
    assert.equal((await sdk.get('organization.domains.get', [made.id])).domain, domain);
    const list = await sdk.get<readonly Json[]>('organization.domains.list');
    assert.ok(list.some(({ id }) => id === made.id));
    await sdk.get('organization.domains.identity_providers.list', [made.id]);
    await sdk.get('organization.domains.delete', [made.id]);
    assert.deepEqual(await sdk.refused('organization.domains.get', [made.id]), ['NotFoundError', 404]);
  });
}

async function playProviders(ground: Ground, checks: Checks, sdk: Sdk): Promise<void> {
  const path = 'organization.identity_providers';
  await checks.play('an identity provider is created, changed, provisioned by SCIM and deleted', async () => {
    const options = {
      type: 'front_channel',
      client_id: 'c',
      discovery_url: `${ground.issuer}/.well-known/openid-configuration`,
    };
    const request = { strategy: 'oidc', name: 'python', display_name: 'By Python', is_enabled: true, options };
    const made = await sdk.get(`${path}.create`, [], { request });
    const id = made.id;
    assert.equal((await sdk.get(`${path}.get`, [id])).strategy, 'oidc');
    const { identity_providers: all } = await sdk.get(`${path}.list`);
    assert.ok((all as readonly Json[]).some((one) => one.id === id));
    const renamed = await sdk.get(`${path}.update`, [id], { request: { display_name: 'Renamed' } });
    assert.equal(renamed.display_name, 'Renamed');
    await sdk.get(`${path}.update_attributes`, [id], { request: {} });
    const domain = 'led-by-python.example';
    const claimed = await sdk.get('organization.domains.create', [], { domain });
    await prove(ground, sdk, claimed);
    await sdk.get(`${path}.domains.create`, [id], { domain });
    assert.deepEqual((await sdk.get(`${path}.get`, [id])).domains, [domain]);
    await sdk.get(`${path}.domains.delete`, [id, domain]);
    await sdk.get('organization.domains.delete', [claimed.id]);
    await sdk.get(`${path}.provisioning.create`, [id]);
    assert.equal((await sdk.get(`${path}.provisioning.get`, [id])).method, 'scim');
    await sdk.get(`${path}.provisioning.update_attributes`, [id], { request: {} });
    const token = await sdk.get(`${path}.provisioning.scim_tokens.create`, [id], { token_lifetime: 86_400 });
    assert.ok(String(token.token).length > 20);
    const { scim_tokens: tokens } = await sdk.get(`${path}.provisioning.scim_tokens.list`, [id]);
    assert.deepEqual(
      (tokens as readonly Json[]).map((one) => one.token_id),
      [token.token_id],
    );
    await sdk.get(`${path}.provisioning.scim_tokens.delete`, [id, token.token_id]);
    await sdk.get(`${path}.provisioning.delete`, [id]);
    await sdk.get(`${path}.delete`, [id]);
    assert.deepEqual(await sdk.refused(`${path}.get`, [id]), ['NotFoundError', 404]);
    const other = await sdk.get(`${path}.create`, [], { request: { ...request, name: 'python-2' } });
    await sdk.get(`${path}.detach`, [other.id]);
  });
}

async function playPeople(ground: Ground, checks: Checks, sdk: Sdk, adminRole: string): Promise<void> {
  await checks.play('all pages of the members are read; roles are given and taken; a member is removed', async () => {
    const id = await ground.addMember('cy');
    const people = await sdk.get<readonly Json[]>('organization.members.list', [], { take: 1 });
    assert.deepEqual(
      people.map(({ user_id }) => user_id).filter((one) => one === id),
      [id],
    );
    assert.equal((await sdk.get('organization.members.get', [id])).user_id, id);
    assert.ok((await sdk.get<readonly Json[]>('organization.roles.list')).some((role) => role.id === adminRole));
    await sdk.get('organization.members.roles.assign', [id], { role_ids: [adminRole] });
    const held = await sdk.get<readonly Json[]>('organization.members.roles.list', [id]);
    assert.deepEqual(
      held.map((role) => role.id),
      [adminRole],
    );
    await sdk.get('organization.members.roles.unassign', [id], { role_ids: [adminRole] });
    await sdk.get('organization.memberships.delete_memberships', [], { members: [id] });
    assert.deepEqual(await sdk.refused('organization.members.get', [id]), ['NotFoundError', 404]);
  });
  await checks.play('somebody is invited, listed and no longer invited', async () => {
    const invitees = [{ email: 'new@acme-browser.example', roles: [adminRole] }];
    const [made] = await sdk.get<readonly Json[]>('organization.invitations.create', [], { invitees });
    assert.equal((await sdk.get('organization.invitations.get', [made?.id])).id, made?.id);
    const list = await sdk.get<readonly Json[]>('organization.invitations.list');
    assert.ok(list.some(({ id }) => id === made?.id));
    await sdk.get('organization.invitations.roles.list', [made?.id]);
    await sdk.get('organization.invitations.delete', [], { invitations: [made?.id] });
    assert.deepEqual(await sdk.refused('organization.invitations.get', [made?.id]), ['NotFoundError', 404]);
  });
}

/** Runs all checks with this Python, which has the package. */
export async function playOrganizationClient(ground: Ground, checks: Checks, python: string): Promise<void> {
  const { vestibule, certificate, place } = ground;
  const { audience, adminRole } = await openMyOrganization(ground);
  const client = await ground.register({
    ...{ name: 'Settings in Python', app_type: 'regular_web', token_endpoint_auth_method: 'client_secret_post' },
    ...{ grant_types: ['authorization_code', 'client_credentials'], callbacks: [CALLBACK] },
    initiate_login_uri: 'https://127.0.0.1:9/login',
  });
  await allowMyOrganization(ground, client.id, audience);
  await addAdministrator(ground, 'ada', adminRole);
  await ground.addMember('eve');
  const domain = new URL(vestibule.origin).host;
  const program = startPython(python, 'organization-client.py', { domain }, certificate.ca);
  try {
    const sdk = createSdk(program, { token: await readToken(ground, client, 'ada') });
    await playDomains(ground, checks, sdk);
    await playProviders(ground, checks, sdk);
    await playPeople(ground, checks, sdk, adminRole);
    await checks.play('a member without a role is a ForbiddenError, a wrong token an UnauthorizedError', async () => {
      const member = createSdk(program, { token: await readToken(ground, client, 'eve') });
      assert.deepEqual(await member.refused('organization_details.get'), ['ForbiddenError', 403]);
      const nobody = createSdk(program, { token: 'wrong' });
      assert.deepEqual(await nobody.refused('organization_details.get'), ['UnauthorizedError', 401]);
    });
    await checks.play('user stores and the deletion of an organization are 404, and the SDK reads why', async () => {
      for (const method of ['organization.user_stores.list', 'organization_details.delete'])
        assert.equal((await sdk.refused(method))[1], 404, method);
    });
    await checks.play('client credentials give no token for an organization', async () => {
      const as = { client_id: client.id, client_secret: client.secret, organization: place.id };
      const { thrown } = await program.ask<Answer>('organization_details.get', { as });
      assert.match(String(thrown), /403|400/);
    });
  } finally {
    program.stop();
  }
}
