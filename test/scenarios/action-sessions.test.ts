/** Commands of Actions about the session and the refresh token, as the browser and the application meet them; and post-login at a refresh. */
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let remove: (() => Promise<void>) | undefined;
afterEach(async () => {
  await remove?.();
  remove = undefined;
});

const use = async (body: string) => {
  await remove?.();
  const code = `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
  remove = await useActions(stage.instance, 'post-login', { name: 'sessions', code });
};
const CLAIM = "api.idToken.setCustomClaim('https://n.example/event', event);";
const eventOf = (claims: Json) => claims['https://n.example/event'] as Json;
const isAskedAgain = async (visitor: Visitor) => (await visitor.open()).status !== 0;

async function refresh(token: string): Promise<{ status: number; body: Json }> {
  const { client, instance } = stage.cast;
  const response = await fetch(`${instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: client.id,
      client_secret: client.secret,
      refresh_token: token,
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

const FAILED = 'an Action failed; the log has its error under the error_reference';
/** The error of the Action, which the log alone has. */
const logged = async ({ error_reference: reference }: Readonly<Record<string, unknown>>) =>
  (await stage.logs()).find(({ details }) => details.reference === reference)?.description;

/** Session cookies that the browser is given during `work`, as lines. */
async function cookiesOf(visitor: Visitor, work: () => Promise<unknown>): Promise<string[]> {
  const { browser } = visitor;
  const request = browser.request.bind(browser);
  const lines: string[] = [];
  browser.request = async (...args) => {
    const response = await request(...args);
    lines.push(...response.headers.getSetCookie().filter((line) => line.includes('vestibule_session=')));
    return response;
  };
  await work();
  browser.request = request;
  return lines;
}

describe('the session', () => {
  test('metadata is kept with it, and the next login’s event tells of it', async () => {
    const userId = await stage.cast.createMember('meta@plain.example');
    await use(`${CLAIM}
      if (event.stats.logins_count === 1) api.session.setMetadata('device', 'laptop');
      else api.session.setMetadata('again', 'yes');`);
    const visitor = stage.visitor();
    const first = await visitor.redeem(await visitor.withPassword('meta@plain.example'));
    expect(eventOf(first.claims).session).toMatchObject({ id: first.claims.sid, user_id: userId, metadata: {} });
    const second = await visitor.redeem(await visitor.open());
    const session = eventOf(second.claims).session as Json;
    expect(session).toMatchObject({ id: second.claims.sid, user_id: userId, metadata: { device: 'laptop' } });
    for (const name of ['created_at', 'authenticated_at', 'last_interacted_at', 'expires_at', 'idle_expires_at'])
      expect(Date.parse(String(session[name])), name).not.toBeNaN();
    const third = await visitor.redeem(await visitor.open());
    expect((eventOf(third.claims).session as Json).metadata).toEqual({ device: 'laptop', again: 'yes' });
  });

  test('setExpiresAt: over at that moment, in use or not', async () => {
    await stage.cast.createMember('expires@plain.example');
    await use(`api.session.setExpiresAt(${clock.now().getTime() + 600_000});`);
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('expires@plain.example'));
    clock.advanceMs(300_000);
    expect(await isAskedAgain(visitor)).toBe(false);
    clock.advanceMs(299_000);
    expect(await isAskedAgain(visitor)).toBe(false);
    clock.advanceMs(1_000);
    expect(await isAskedAgain(visitor)).toBe(true);
  });

  test('setIdleExpiresAt: over at that moment unless it was used before', async () => {
    await stage.cast.createMember('idle@plain.example');
    await use(`if (event.session.metadata.limited) return;
      api.session.setMetadata('limited', 'yes');
      api.session.setIdleExpiresAt(${clock.now().getTime() + 60_000});`);
    const idle = stage.visitor();
    await idle.redeem(await idle.withPassword('idle@plain.example'));
    const used = stage.visitor();
    await used.redeem(await used.withPassword('idle@plain.example'));
    clock.advanceMs(59_000);
    expect(await isAskedAgain(used)).toBe(false);
    clock.advanceMs(1_000);
    expect(await isAskedAgain(idle)).toBe(true);
    expect(await isAskedAgain(used)).toBe(false);
  });

  test('setCookieMode: a cookie that ends with the browser, at once and for the session that goes on', async () => {
    await stage.cast.createMember('cookie@plain.example');
    const visitor = stage.visitor();
    const opened = await cookiesOf(visitor, () => visitor.withPassword('cookie@plain.example'));
    expect(opened.join()).toMatch(/max-age=\d+/i);
    await use("api.session.setCookieMode('non-persistent');");
    const kept = await cookiesOf(visitor, () => visitor.open());
    expect(kept, kept.join(' ## ')).toHaveLength(1);
    expect(kept.join()).not.toMatch(/max-age|expires/i);
    expect(await isAskedAgain(visitor), 'it is the same session').toBe(false);
    const other = stage.visitor();
    const fresh = await cookiesOf(other, () => other.withPassword('cookie@plain.example'));
    expect(fresh).toHaveLength(1);
    expect(fresh.join()).not.toMatch(/max-age|expires/i);
    await use("api.session.setCookieMode('persistent');");
    expect((await cookiesOf(visitor, () => visitor.open())).join()).toMatch(/max-age=\d+/i);
  });
});

test('session.revoke at a login: the refresh tokens that came of the session end with it', async () => {
  await stage.cast.createMember('thrown@plain.example');
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword('thrown@plain.example'));
  const elsewhere = stage.visitor();
  const other = await elsewhere.redeem(await elsewhere.withPassword('thrown@plain.example'));
  await use("if (event.session) api.session.revoke('thrown out');");
  expect((await visitor.open()).url.searchParams.get('error_description')).toBe('thrown out');
  expect((await refresh(refreshToken)).body.error).toBe('invalid_grant');
  await use('');
  expect(await isAskedAgain(visitor)).toBe(true);
  expect(await isAskedAgain(elsewhere), 'his other browser goes on').toBe(false);
  expect((await refresh(other.refreshToken)).status).toBe(200);
});

test.each(['session', 'refreshToken'])(
  '%s.revoke by code that fails afterwards ends nothing, at a login and at a refresh',
  async (what) => {
    const email = `failed-${what.toLowerCase()}@plain.example`;
    await stage.cast.createMember(email);
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await visitor.withPassword(email));
    // A login has no refresh token that could be revoked.
    const where = what === 'session' ? 'event.session' : 'event.refresh_token';
    await use(`if (${where}) api.${what}.revoke('thrown out'); throw new Error('and then it broke');`);
    const refused = answerOf(await visitor.open());
    expect([refused.error_description, await logged(refused)]).toEqual([FAILED, 'and then it broke']);
    const { status, body } = await refresh(refreshToken);
    expect([status, body.error_description, await logged(body)]).toEqual([403, FAILED, 'and then it broke']);
    await use('');
    expect(await isAskedAgain(visitor)).toBe(false);
    expect((await refresh(refreshToken)).status).toBe(200);
  },
);

/** An API, so that an access token has claims to read. */
const API = 'urn:notes';
const withApi = (visitor: Visitor, email: string) => visitor.withPassword(email, PASSWORD, { audience: API });

describe('the refresh token', () => {
  beforeAll(() => stage.instance.api('POST', '/resource-servers', { identifier: API, allow_offline_access: true }));

  test('removeScope of offline_access: tokens for now, and no refresh token is issued or kept', async () => {
    const userId = await stage.cast.createMember('briefly@plain.example');
    const kept = async () =>
      (await stage.instance.database.pool.query('select 1 from refresh_tokens where user_id = $1', [userId])).rows;
    await use("api.accessToken.removeScope('offline_access');");
    const visitor = stage.visitor();
    const briefly = await visitor.redeem(await withApi(visitor, 'briefly@plain.example'));
    expect(decodeJwt(briefly.accessToken)).toMatchObject({ scope: 'openid profile email' });
    expect(briefly).not.toMatchObject({ refreshToken: expect.anything() });
    expect(await kept()).toEqual([]);
    await use('');
    const { refreshToken } = await visitor.redeem(await visitor.open());
    expect(refreshToken, 'without the Action the same request has one').toEqual(expect.any(String));
    expect(await kept()).toHaveLength(1);
  });

  test('metadata and expiry from the login, seen and changed at the refresh', async () => {
    await stage.cast.createMember('token@plain.example');
    const ends = clock.now().getTime() + 600_000;
    await use(`${CLAIM}
      if (event.transaction.protocol === 'oauth2-refresh-token') {
        api.refreshToken.setMetadata('refreshed', 'yes');
        api.accessToken.setCustomClaim('https://n.example/via', event.organization.membership.via);
      } else {
        api.refreshToken.setMetadata('device', 'laptop');
        api.refreshToken.setExpiresAt(${ends});
      }`);
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await withApi(visitor, 'token@plain.example'));
    const first = await refresh(refreshToken);
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    expect(decodeJwt(String(first.body.access_token))).toMatchObject({ 'https://n.example/via': 'management' });
    const told = eventOf(decodeJwt(String(first.body.id_token)) as Json);
    expect(told).toMatchObject({
      refresh_token: { expires_at: new Date(ends).toISOString(), metadata: { device: 'laptop' } },
      session: { id: decodeJwt(String(first.body.id_token)).sid },
      transaction: { protocol: 'oauth2-refresh-token' },
    });
    const second = await refresh(String(first.body.refresh_token ?? refreshToken));
    expect(eventOf(decodeJwt(String(second.body.id_token)) as Json).refresh_token).toMatchObject({
      id: (told.refresh_token as Json).id,
      metadata: { device: 'laptop', refreshed: 'yes' },
    });
    clock.advanceMs(600_000);
    const late = await refresh(String(second.body.refresh_token ?? refreshToken));
    expect([late.status, late.body.error]).toEqual([403, 'invalid_grant']);
  });

  test('denied at the refresh: nothing is left, and the token is good again when the Action says yes', async () => {
    await stage.cast.createMember('denied@plain.example');
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await visitor.withPassword('denied@plain.example'));
    await use("if (event.refresh_token) api.access.deny('not from there');");
    const before = await stage.instance.snapshot();
    const answer = await refresh(refreshToken);
    expect(answer).toMatchObject({
      status: 403,
      body: { error: 'access_denied', error_description: 'not from there' },
    });
    await expectNothingLeft(stage.instance, before);
    const line = (await stage.logs()).find((item) => item.type === 'fertft' && item.details.actions !== undefined);
    expect(line?.details.actions).toMatchObject([{ trigger: 'post-login', end: 'denied', reason: 'not from there' }]);
    await use('');
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('revoke: the family is over', async () => {
    await stage.cast.createMember('revoked@plain.example');
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await visitor.withPassword('revoked@plain.example'));
    await use("if (event.refresh_token) api.refreshToken.revoke('stolen');");
    expect((await refresh(refreshToken)).body).toMatchObject({ error: 'access_denied', error_description: 'stolen' });
    await use('');
    expect((await refresh(refreshToken)).body.error).toBe('invalid_grant');
  });
});

test('credentials-exchange: a claim for a machine, or no token', async () => {
  const { api, origin } = stage.instance;
  await api('POST', '/resource-servers', {
    identifier: 'urn:things',
    name: 'Things',
    scopes: [{ value: 'read:things' }],
  });
  const machine = await api('POST', '/clients', {
    name: 'Machine',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  });
  await api('POST', '/client-grants', { client_id: machine.client_id, audience: 'urn:things', scope: ['read:things'] });
  const code = `exports.onExecuteCredentialsExchange = async (event, api) => {
    if (event.request.body.colour === 'red') return api.access.deny('invalid_request', 'not red');
    api.accessToken.setCustomClaim('https://n.example/client', event.client.name);
  };`;
  remove = await useActions(stage.instance, 'credentials-exchange', { name: 'machines', code });
  const ask = async (colour: string) => {
    const response = await fetch(`${origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: String(machine.client_id),
        client_secret: String(machine.client_secret),
        audience: 'urn:things',
        colour,
      }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const { body } = await ask('green');
  expect(decodeJwt(String(body.access_token))).toMatchObject({ 'https://n.example/client': 'Machine' });
  expect(await ask('red')).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: 'not red' },
  });
});
