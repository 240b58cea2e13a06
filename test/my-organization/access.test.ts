/**
 * Access to the My Organization API: every operation with the right scope, a wrong one, none, and with rights that were
 * taken a moment ago. A refused call changes no row.
 */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { MY_ORGANIZATION_OPERATIONS } from '../../src/management/my-organization/operations.js';
import { DOCUMENTED } from '../../src/management/my-organization/requests.js';
import { CALLBACK } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  DOCUMENTED_ANSWERS,
  type MyOrganization,
  myOrg,
  organizationAudience,
  registerMyOrganization,
  sendSample,
  UNKNOWN,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
});

const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const organization = (path = '') => `/organizations/${stage.cast.acme.id}${path}`;
const KEYS = Object.keys(MY_ORGANIZATION_OPERATIONS);

/** A new administrator of Acme, after a minute in which the rate limits forget. */
function administrator(scope?: string, roles?: readonly string[]) {
  clock.advanceMs(60_000);
  return api.administrator(scope, roles);
}

/** Calls every operation; all have this status and Auth0's code, and nothing changes. */
async function expectRefused(token: string, status: number, code: string): Promise<void> {
  const before = await stage.instance.snapshot();
  for (const key of KEYS) {
    // One write a second is what the limit of a person permits.
    clock.advanceMs(1_000);
    const answer = await sendSample(stage, key, token);
    expect([key, answer.status, answer.body.type]).toEqual([key, status, `https://auth0.com/api-errors#${code}`]);
    // The samples name things that are not there, which is another 404.
    if (status === 404) expect([key, answer.body.detail]).toEqual([key, 'The organization does not exist.']);
    // Auth0's document has no 404 for the list of roles; every other status is one of the operation's.
    if (key !== 'get /roles') expect(DOCUMENTED_ANSWERS[key]?.statuses).toContain(status);
  }
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
}

describe('the API as a resource server', () => {
  test('brings its scopes and settings itself', () => {
    expect(api.server).toMatchObject({
      name: 'Auth0 My Organization API',
      token_lifetime: 600,
      enforce_policies: true,
      subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
    });
    expect(api.scopes).toContain('read:my_org:details');
    expect(api.scopes).not.toContain('delete:my_org:organizations');
  });

  test.each([
    [{ scopes: [{ value: 'read:everything' }] }, 'has no scope'],
    [{ enforce_policies: false }, 'enforce_policies'],
    [{ subject_type_authorization: { user: { policy: 'allow_all' } } }, 'client grant'],
    [{ subject_type_authorization: { client: { policy: 'require_client_grant' } } }, 'deny_all'],
    [{ token_lifetime: 86_400 }, '600 seconds'],
  ])('refuses %j in words', async (changes, words) => {
    const answer = await stage.instance.api('PATCH', `/resource-servers/${api.server.id}`, changes, 400);
    expect(answer.message).toContain(words);
  });
});

describe('tokens', () => {
  test('have what was asked, and roles and application permit, for ten minutes', async () => {
    const reader = await api.createRole('reader', ['read:my_org:details', 'read:my_org:members']);
    const { token } = await administrator('read:my_org:details update:my_org:details', [reader]);
    const { scope, org_id, exp = 0, iat = 0 } = decodeJwt(token);
    expect(scope).toBe('openid read:my_org:details');
    expect(org_id).toBe(stage.cast.acme.id);
    expect(exp - iat).toBe(600);
  });

  test('attack=a member without a role gets none of the scopes by the grant of the application alone', async () => {
    const { token } = await administrator(undefined, []);
    expect(decodeJwt(token).scope).toBe('openid');
    await expectRefused(token, 403, 'A0E-403-0002');
  });

  test('both addresses of the API answer', async () => {
    const { token } = await administrator();
    for (const base of ['', '/v1'])
      expect((await myOrg(stage, token, 'GET', `${base}/details`)).body).toMatchObject({ id: stage.cast.acme.id });
  });
});

describe('scopes', () => {
  test.each(KEYS)('%s needs the scope of the document, and no other will do', async (key) => {
    const needed = DOCUMENTED[key]?.scopes ?? [];
    const right = await administrator(needed.join(' '));
    // 404: nothing has the ids of the samples, and 400: nobody answers for the sample of a provider.
    const usual = key === 'post /identity-providers' ? 400 : 404;
    expect([DOCUMENTED[key]?.status, usual]).toContain((await sendSample(stage, key, right.token)).status);
    const others = api.scopes.filter((scope) => !needed.includes(scope));
    const wrong = await administrator(others.join(' '));
    const before = await stage.instance.snapshot();
    expect(await sendSample(stage, key, wrong.token)).toMatchObject({
      status: 403,
      body: { title: 'Insufficient Scope', detail: expect.stringContaining(needed[0] ?? '?') },
    });
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });
});

describe('what was taken a moment ago', () => {
  const gone =
    (status: number, code: string, take: (person: { id: string; email: string }) => Promise<unknown>) => async () => {
      const { token, ...person } = await administrator();
      expect((await myOrg(stage, token, 'GET', '/details')).status).toBe(200);
      await take(person);
      await expectRefused(token, status, code);
    };
  const [NOT_FOUND, NO_SCOPE] = ['A0E-404-0002', 'A0E-403-0002'];

  test(
    'the membership',
    gone(404, NOT_FOUND, ({ id }) => manage('DELETE', organization('/members'), { members: [id] })),
  );

  test(
    'the role',
    gone(403, NO_SCOPE, ({ id }) =>
      manage('DELETE', organization(`/members/${encodeURIComponent(id)}/roles`), { roles: [api.adminRole] }),
    ),
  );

  test(
    'the person is blocked',
    gone(404, NOT_FOUND, ({ id }) => manage('PATCH', `/users/${encodeURIComponent(id)}`, { blocked: true })),
  );

  test(
    'the account',
    gone(404, NOT_FOUND, ({ id }) => manage('DELETE', `/users/${encodeURIComponent(id)}`)),
  );

  test('the application may do less', async () => {
    const grant = `/client-grants/${api.grantId}`;
    await gone(403, NO_SCOPE, () => manage('PATCH', grant, { scope: [] }))();
    await manage('PATCH', grant, { scope: api.scopes });
  });

  test('the access of the application, though its configuration stays', async () => {
    const query = `client_id=${stage.cast.client.id}&audience=${encodeURIComponent(organizationAudience(stage))}`;
    const grants = await manage('GET', `/client-grants?${query}`);
    const { id, ...grant } = (grants as unknown as Json[])[0] ?? {};
    await gone(404, NOT_FOUND, () => manage('DELETE', `/client-grants/${id}`))();
    expect(await manage('GET', `/clients/${stage.cast.client.id}`)).toHaveProperty('my_organization_configuration');
    const { client_id, audience, subject_type, scope } = grant;
    await manage('POST', '/client-grants', { client_id, audience, subject_type, scope });
  });

  test('the API is closed', async () => {
    const server = `/resource-servers/${api.server.id}`;
    const policy = (name: string) =>
      manage('PATCH', server, { subject_type_authorization: { user: { policy: name } } });
    await gone(404, NOT_FOUND, () => policy('deny_all'))();
    await policy('require_client_grant');
  });

  test('the way in: the organization signs nobody in by this connection any more', async () => {
    const enablement = organization('/enabled_connections');
    await gone(404, NOT_FOUND, () => manage('DELETE', `${enablement}/${stage.cast.databaseId}`))();
    await manage('POST', enablement, { connection_id: stage.cast.databaseId, assign_membership_on_login: false });
  });

  test('the way in: the organization switched this connection off', async () => {
    const used = organization(`/connections/${stage.cast.databaseId}`);
    await gone(404, NOT_FOUND, () => manage('PATCH', used, { is_enabled: false }))();
    await manage('PATCH', used, { is_enabled: true });
  });

  test('the organization is blocked', async () => {
    const { token } = await administrator();
    await stage.instance.database.pool.query('update organizations set blocked = true where id = $1', [
      stage.cast.acme.id,
    ]);
    await expectRefused(token, 404, 'A0E-404-0002');
    await stage.instance.database.pool.query('update organizations set blocked = false where id = $1', [
      stage.cast.acme.id,
    ]);
  });

  test('the configuration of the application: 409, and 404 for /config alone', async () => {
    const { token } = await administrator();
    const client = `/clients/${stage.cast.client.id}`;
    const { my_organization_configuration: configuration } = await manage('GET', client);
    await manage('PATCH', client, { my_organization_configuration: null });
    expect(await myOrg(stage, token, 'GET', '/config')).toMatchObject({ status: 404 });
    expect(await myOrg(stage, token, 'GET', '/details')).toMatchObject({
      status: 409,
      body: { title: 'Configuration issue', detail: 'Invalid or missing configuration, please contact tenant admin.' },
    });
    await manage('PATCH', client, { my_organization_configuration: configuration });
  });
});

describe('other tokens', () => {
  const NO_TOKEN = 'A0E-401-0002';

  test('none, and what is no token', async () => {
    for (const token of ['', 'not.a.token']) await expectRefused(token, 401, NO_TOKEN);
  });

  test('attack=a JWT of another API with scopes of the same name; an ID token; one of /userinfo', async () => {
    const { email } = await administrator();
    const visitor = stage.visitor();
    const { accessToken, idToken } = await visitor.redeem(await visitor.withPassword(email));
    for (const token of [accessToken, idToken]) await expectRefused(token, 401, NO_TOKEN);
    const audience = 'https://notes.example/';
    await manage('POST', '/resource-servers', { identifier: audience, scopes: [{ value: 'read:my_org:details' }] });
    const other = await api.token(stage.visitor(), email, 'read:my_org:details', { audience });
    expect(decodeJwt(other)).toMatchObject({ org_id: stage.cast.acme.id, scope: 'openid read:my_org:details' });
    expect([decodeJwt(other).aud].flat()).toContain(audience);
    await expectRefused(other, 401, NO_TOKEN);
    const management = await fetch(`${stage.instance.origin}/api/v2/clients`, {
      headers: { authorization: `Bearer ${(await administrator()).token}` },
    });
    expect(management.status).toBe(401);
  });

  test('an expired one', async () => {
    const { token } = await administrator();
    clock.advanceMs(601_000);
    await expectRefused(token, 401, NO_TOKEN);
  });

  test('attack=a machine acts for an organization', async () => {
    const audience = organizationAudience(stage);
    const machine = await manage('POST', '/clients', {
      ...{ name: 'Machine', app_type: 'non_interactive', grant_types: ['client_credentials'] },
      my_organization_configuration: { allowed_strategies: [], connection_deletion_behavior: 'allow' },
    });
    const ask = async () => {
      const response = await fetch(`${stage.instance.origin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: String(machine.client_id) },
          ...{ client_secret: String(machine.client_secret), audience, organization: stage.cast.acme.id },
        }),
      });
      return { status: response.status, body: (await response.json()) as { access_token?: string } };
    };
    await manage('POST', '/client-grants', {
      ...{
        client_id: machine.client_id,
        audience,
        scope: api.scopes,
        organization_usage: 'allow',
        allow_any_organization: true,
      },
    }).catch(() => undefined);
    expect((await ask()).status).toBeGreaterThanOrEqual(400);
    // Even where the policy was opened by hand, the API refuses the token.
    const { pool } = stage.instance.database;
    await pool.query(`update resource_servers set client_policy = 'require_client_grant' where identifier = $1`, [
      audience,
    ]);
    const { body } = await ask();
    await pool.query(`update resource_servers set client_policy = 'deny_all' where identifier = $1`, [audience]);
    expect(body.access_token).toBeDefined();
    await expectRefused(body.access_token ?? '', 401, NO_TOKEN);
  });

  test('of a person without an organization', async () => {
    const client = `/clients/${stage.cast.client.id}`;
    await manage('PATCH', client, { organization_usage: 'allow' });
    const { email, id } = await administrator();
    await manage('POST', `/users/${encodeURIComponent(id)}/roles`, { roles: [api.adminRole] });
    const token = await api.token(stage.visitor(), email, undefined, { organization: '' });
    await manage('PATCH', client, { organization_usage: 'require' });
    expect(decodeJwt(token)).not.toHaveProperty('org_id');
    expect(decodeJwt(token).scope).toContain('read:my_org:details');
    await expectRefused(token, 404, 'A0E-404-0002');
  });

  test('an application without a grant gets none', async () => {
    const { email } = await administrator();
    const greedy = await manage('POST', '/clients', {
      ...{ name: 'Greedy', app_type: 'regular_web', callbacks: [CALLBACK], organization_usage: 'allow' },
    });
    const visitor = stage.visitor();
    const answer = await visitor.open({
      ...{ client_id: String(greedy.client_id), audience: organizationAudience(stage), login_hint: email },
    });
    expect(answer.url.searchParams.get('error')).not.toBeNull();
  });
});

describe('of another organization', () => {
  test('attack=its administrator uses the ids of this one in every place', async () => {
    const globex = await stage.cast.createPlace('globex', {}, { domain: 'globex.example' });
    await api.createMember('boss@globex.example', [api.adminRole], globex.id);
    const victim = await administrator();
    const domain = await manage('POST', organization('/discovery-domains'), { domain: 'acme-two.example' });
    const invitation = await stage.cast.invite('guest@acme.example', { roles: [] });
    const token = await api.token(stage.visitor(), 'boss@globex.example', undefined, { organization: globex.id });
    expect(decodeJwt(token).org_id).toBe(globex.id);
    const ids = {
      ...{ domain_id: String(domain.id), user_id: victim.id, invitation_id: invitation.id, role: api.adminRole },
      ...{ idp_id: stage.cast.acme.connectionId, domain: 'acme.example' },
      idp_scim_token_id: UNKNOWN.idp_scim_token_id,
    };
    const before = await stage.instance.snapshot();
    // Those that name nothing act on the person's own organization.
    const own = ['patch /details', 'post /domains', 'post /member-invitations', 'post /identity-providers'];
    for (const key of KEYS.filter((one) => !own.includes(one))) {
      clock.advanceMs(1_000);
      const answer = await sendSample(stage, key, token, ids);
      const names = key.includes('{') || key.startsWith('post') || key.startsWith('put');
      expect([key, answer.status]).toEqual([key, names ? 404 : 200]);
      const text = JSON.stringify(answer.body);
      for (const secret of [stage.cast.acme.id, victim.id, invitation.id, 'acme.example'])
        expect(text).not.toContain(secret);
    }
    const more = [
      [
        'POST',
        '/member-invitations',
        { invitees: [{ email: 'x@globex.example' }], identity_provider_id: stage.cast.acme.connectionId },
        404,
      ],
      ['PATCH', '/details', { id: stage.cast.acme.id, display_name: 'Mine' }, 400],
      ['PATCH', '/details', { name: 'acme' }, 403],
      ['PATCH', '/details', { organization_id: stage.cast.acme.id }, 400],
      ['GET', `/details?organization=${stage.cast.acme.id}`, undefined, 400],
    ] as const;
    clock.advanceMs(60_000);
    for (const [method, path, body, status] of more)
      expect([path, (await myOrg(stage, token, method, path, body)).status]).toEqual([path, status]);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });
});
