/**
 * How applications get tokens of the My Organization API without asking the person again: by a refresh token
 * (`refresh_token.policies`) and by a hidden frame (`web_message`); and what scripts of other origins may send and read.
 */
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type MyOrganization,
  myOrg,
  organizationAudience,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';
import { messageOf, redeemMessage } from '../support/web-message.js';

const clock = createManualClock();
const stage = useStage({ clock });
const SCOPES = 'openid offline_access';
const ROTATING = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 };
let api: MyOrganization;
let audience = '';
let me = '';

const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const client = () => `/clients/${stage.cast.client.id}`;
const organization = (path: string) => `/organizations/${stage.cast.acme.id}${path}`;
const allow = (...policies: unknown[]) =>
  manage('PATCH', client(), { refresh_token: { ...ROTATING, policies: policies.length > 0 ? policies : null } });

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  audience = organizationAudience(stage);
  me = `${stage.instance.origin}/me/`;
  await manage('POST', '/resource-servers', { identifier: me });
  await manage('PATCH', client(), { grant_types: ['authorization_code', 'refresh_token'] });
  await allow({ audience, scope: api.scopes });
});
afterEach(async () => {
  await allow({ audience, scope: api.scopes });
});

let people = 0;
/** A new administrator of Acme with a refresh token of a login that did not ask for the API. */
async function signIn(roles: readonly string[] = [api.adminRole]) {
  people += 1;
  clock.advanceMs(60_000);
  const email = `teller${people}@acme.example`;
  const id = await api.createMember(email, roles);
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword(email, undefined, { scope: SCOPES }));
  return { id, email, visitor, refreshToken };
}

async function refresh(token: string, more: Record<string, string> = {}) {
  const { id, secret } = stage.cast.client;
  const response = await fetch(`${stage.instance.address ?? stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'refresh_token', client_id: id, client_secret: secret, refresh_token: token, audience, ...more },
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const detailsOf = async (token: string | undefined) => (await myOrg(stage, token ?? '', 'GET', '/details')).status;

describe('by a refresh token', () => {
  test('a token of the organization of the login, for ten minutes, which opens the API', async () => {
    const { refreshToken, id } = await signIn();
    const { status, body } = await refresh(refreshToken, { scope: 'openid read:my_org:details' });
    expect([status, body.scope, body.expires_in]).toEqual([200, 'openid read:my_org:details', 600]);
    expect(decodeJwt(body.access_token ?? '')).toMatchObject({ sub: id, org_id: stage.cast.acme.id });
    expect(await detailsOf(body.access_token)).toBe(200);
    // The ID token is for the application, and opens nothing.
    expect(decodeJwt(body.id_token ?? '')).toMatchObject({ aud: stage.cast.client.id, org_id: stage.cast.acme.id });
    expect(await detailsOf(body.id_token)).toBe(401);
  });

  test('attack=scopes beyond role, grant or policy are left out, and the answer says so', async () => {
    const reader = await api.createRole('reads details', ['read:my_org:details', 'read:my_org:members']);
    const { refreshToken } = await signIn([reader]);
    const asked = { scope: `openid ${api.scopes.join(' ')}` };
    const first = (await refresh(refreshToken, asked)).body;
    expect(first.scope).toBe('openid read:my_org:details read:my_org:members');
    await manage('PATCH', `/client-grants/${api.grantId}`, { scope: ['read:my_org:members'] });
    const second = (await refresh(first.refresh_token ?? '', asked)).body;
    await manage('PATCH', `/client-grants/${api.grantId}`, { scope: api.scopes });
    expect(second.scope).toBe('openid read:my_org:members');
    await allow({ audience, scope: ['read:my_org:details'] });
    expect((await refresh(second.refresh_token ?? '', asked)).body.scope).toBe('openid read:my_org:details');
  });

  test('attack=a role that was taken a moment ago, and a member without one', async () => {
    const { refreshToken, id } = await signIn();
    await manage('DELETE', organization(`/members/${encodeURIComponent(id)}/roles`), { roles: [api.adminRole] });
    const { body } = await refresh(refreshToken);
    expect(body.scope).toBe(SCOPES);
    expect(await detailsOf(body.access_token)).toBe(403);
  });

  test.each([
    [
      'a membership that was taken a moment ago',
      (id: string) => manage('DELETE', organization('/members'), { members: [id] }),
    ],
    ['a person who is blocked', (id: string) => manage('PATCH', `/users/${encodeURIComponent(id)}`, { blocked: true })],
  ])('attack=%s', async (_, take) => {
    const { refreshToken, id } = await signIn();
    await take(id);
    expect(await refresh(refreshToken)).toMatchObject({ status: 403, body: { error: 'invalid_grant' } });
  });

  test('attack=a blocked organization', async () => {
    const { refreshToken } = await signIn();
    const block = (blocked: boolean) =>
      stage.instance.database.pool.query('update organizations set blocked = $2 where id = $1', [
        stage.cast.acme.id,
        blocked,
      ]);
    await block(true);
    const answer = await refresh(refreshToken);
    await block(false);
    expect(answer).toMatchObject({ status: 403, body: { error: 'invalid_grant' } });
  });

  test('attack=an application without a client grant: this API, and the one of the person’s account', async () => {
    const { refreshToken } = await signIn();
    await allow({ audience: me, scope: ['read:me:authentication_methods'] });
    expect(await refresh(refreshToken, { audience: me })).toMatchObject({
      status: 403,
      body: { error: 'access_denied' },
    });
    await allow({ audience, scope: api.scopes });
    await manage('DELETE', `/client-grants/${api.grantId}`);
    const refused = await refresh(refreshToken);
    const grant = { client_id: stage.cast.client.id, audience, subject_type: 'user', scope: api.scopes };
    const made = await manage('POST', '/client-grants', grant);
    Object.assign(api, { grantId: made.id });
    expect(refused).toMatchObject({ status: 403, body: { error: 'access_denied' } });
  });

  test('attack=an application without the configuration: the token opens nothing', async () => {
    const { refreshToken } = await signIn();
    const { my_organization_configuration: kept } = await manage('GET', client());
    await manage('PATCH', client(), { my_organization_configuration: null });
    const { body } = await refresh(refreshToken);
    expect(await detailsOf(body.access_token)).toBe(409);
    await manage('PATCH', client(), { my_organization_configuration: kept });
  });

  test('attack=another organization in the request: the token stays of the one of the login', async () => {
    const { refreshToken } = await signIn();
    const other = await manage('POST', '/organizations', { name: 'elsewhere' });
    const { body } = await refresh(refreshToken, { organization: String(other.id) });
    expect(decodeJwt(body.access_token ?? '').org_id).toBe(stage.cast.acme.id);
  });

  test('attack=a login without an organization gets a token that opens none', async () => {
    await manage('PATCH', client(), { organization_usage: 'allow' });
    const { email, id } = await signIn();
    await manage('POST', `/users/${encodeURIComponent(id)}/roles`, { roles: [api.adminRole] });
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(
      await visitor.withPassword(email, undefined, { scope: SCOPES, organization: '' }),
    );
    const { body } = await refresh(refreshToken);
    await manage('PATCH', client(), { organization_usage: 'require' });
    expect(await detailsOf(body.access_token)).toBe(404);
  });

  test('attack=a policy that was removed since', async () => {
    const { refreshToken } = await signIn();
    await allow();
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });
});

describe('by a hidden frame', () => {
  const SILENT = { prompt: 'none', response_mode: 'web_message', scope: 'openid read:my_org:details' };

  beforeAll(() => manage('PATCH', client(), { web_origins: [new URL(CALLBACK).origin] }));

  async function openSilently({ visitor }: { visitor: ReturnType<typeof stage.visitor> }, organization: string) {
    return (await redeemMessage(visitor, await visitor.open({ ...SILENT, audience, organization }))).accessToken;
  }

  test('a member with a session gets a token of the organization that the library kept', async () => {
    const token = await openSilently(await signIn(), stage.cast.acme.id);
    expect(decodeJwt(token)).toMatchObject({ scope: 'openid read:my_org:details', org_id: stage.cast.acme.id });
    expect(await detailsOf(token)).toBe(200);
  });

  test('without an organization in the request the token names none, and opens none', async () => {
    await manage('PATCH', client(), { organization_usage: 'allow' });
    const token = await openSilently(await signIn(), '');
    await manage('PATCH', client(), { organization_usage: 'require' });
    expect(await detailsOf(token)).toBe(404);
  });

  test('nobody with a session: login_required', async () => {
    const page = await stage.visitor().open({ ...SILENT, audience });
    expect(messageOf(page)).toMatchObject({ error: 'login_required' });
  });

  test('a removed member, and an application without a grant, get no code', async () => {
    const { visitor, id } = await signIn();
    await manage('DELETE', organization('/members'), { members: [id] });
    expect(messageOf(await visitor.open({ ...SILENT, audience }))).not.toHaveProperty('code');
    const other = await signIn();
    const answer = messageOf(await other.visitor.open({ ...SILENT, audience: me }));
    expect(answer).not.toHaveProperty('code');
  });
});

describe('scripts of other origins', () => {
  const ORIGIN = new URL(CALLBACK).origin;

  test('may send what the SDKs send, and read what they read', async () => {
    const url = `${stage.instance.address ?? stage.instance.origin}/my-org/identity-providers`;
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,auth0-client,dpop,auth0-scope',
      },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'auth0-client', 'dpop', 'auth0-scope']),
    );
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
    const { refreshToken } = await signIn();
    const { access_token: token = '' } = (await refresh(refreshToken)).body;
    const { headers } = await myOrg(stage, token, 'GET', '/details', undefined, { origin: ORIGIN });
    expect(['*', ORIGIN]).toContain(headers.get('access-control-allow-origin'));
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const exposed = headers.get('access-control-expose-headers')?.split(', ') ?? [];
    for (const name of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
      expect(exposed).toContain(name);
      expect(headers.get(name)).not.toBeNull();
    }
    expect(exposed).toContain('retry-after');
  });

  test.each(['https://evil.example', 'null', 'http://app.acme.example.evil.example'])(
    'attack=a page of %s with somebody’s token',
    async (origin) => {
      const { refreshToken } = await signIn();
      const { access_token: token = '' } = (await refresh(refreshToken)).body;
      expect((await myOrg(stage, token, 'GET', '/details', undefined, { origin })).status).toBe(403);
      expect((await myOrg(stage, token, 'PATCH', '/details', { display_name: 'Evil' }, { origin })).status).toBe(403);
    },
  );
});
