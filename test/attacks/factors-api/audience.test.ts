/**
 * Attack: a stolen password, or a browser that was left open, is enough to change the factors of a person. A person with a
 * factor passes it for the audience `/mfa/`, and its tokens are good for nothing else.
 */
import { TOTP } from 'otpauth';
import { beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../../support/cast.js';
import type { Visit } from '../../support/http-browser.js';
import { createManualClock } from '../../support/manual-clock.js';
import { answerOf, useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const audience = () => `${stage.instance.origin}/mfa/`;
const asked = () => ({ audience: audience(), scope: 'openid enroll read:authenticators remove:authenticators' });
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.now().getTime() });
const call = (path: string, token: string, method = 'GET', body?: unknown) =>
  fetch(`${stage.instance.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

let secret: string;

beforeAll(async () => {
  await stage.cast.createMember('amy@acme.example');
  await sql('update tenant set guardian = $1', [JSON.stringify({ factors: { otp: true, 'recovery-code': true } })]);
});

const accessTokenOf = async (visitor: ReturnType<typeof stage.visitor>, page: Visit) =>
  (await visitor.redeem(page)).accessToken;

test('a person without a factor gets a token without one, and sets up an app with it', async () => {
  const visitor = stage.visitor();
  const token = await accessTokenOf(visitor, await visitor.withPassword('amy@acme.example', PASSWORD, asked()));
  const made = await call('/mfa/associate', token, 'POST', { authenticator_types: ['otp'] });
  expect(made.status).toBe(200);
  ({ secret } = (await made.json()) as { secret: string });
  await sql(`update clients set grant_types = array_append(grant_types, 'http://auth0.com/oauth/grant-type/mfa-otp')`);
  const { id: client_id, secret: client_secret } = stage.cast.client;
  const confirmed = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', client_id, client_secret },
      ...{ mfa_token: token, otp: codeOf(secret) },
    }),
  });
  expect(await confirmed.json()).toMatchObject({ access_token: token });
  for (const path of ['/api/v2/users', '/me/v1/authentication-methods'])
    expect([401, 403, 404]).toContain((await call(path, token)).status);
});

test('with a factor the login asks for it; without an answer there is no token', async () => {
  clock.advanceMs(60_000);
  const visitor = stage.visitor();
  const page = await visitor.withPassword('amy@acme.example', PASSWORD, asked());
  expect(wordsOf(page)).toContain('Enter the code');
  const token = await accessTokenOf(visitor, await visitor.browser.submit(page, { code: codeOf(secret) }));
  expect(await (await call('/mfa/authenticators', token)).json()).toHaveLength(2);
});

test('an ordinary login asks nobody, and its session does not suffice for the audience', async () => {
  clock.advanceMs(60_000);
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword('amy@acme.example'));
  expect(answerOf(await visitor.open({ prompt: 'none', ...asked() })).error).toBe('login_required');
  const ordinary = await visitor.redeem(await visitor.open({ prompt: 'none' }));
  // An access token for /userinfo alone is opaque, so here it reads as an mfa_token that nobody sealed.
  expect((await call('/mfa/authenticators', ordinary.accessToken)).status).toBe(403);
});

test('a session that passed a factor does not suffice either: an open browser would remove it', async () => {
  clock.advanceMs(60_000);
  const visitor = stage.visitor();
  const page = await visitor.withPassword('amy@acme.example', PASSWORD, asked());
  await visitor.redeem(await visitor.browser.submit(page, { code: codeOf(secret) }));
  expect(answerOf(await visitor.open({ prompt: 'none', ...asked() })).error).toBe('login_required');
});

test('a code that is held back until the owner has set up a factor changes nothing', async () => {
  await stage.cast.createMember('bob@acme.example');
  const thief = stage.visitor();
  const held = await thief.withPassword('bob@acme.example', PASSWORD, asked());
  clock.advanceMs(20_000);
  const owner = stage.visitor();
  const token = await accessTokenOf(owner, await owner.withPassword('bob@acme.example', PASSWORD, asked()));
  const made = await call('/mfa/associate', token, 'POST', { authenticator_types: ['otp'] });
  const own = ((await made.json()) as { secret: string }).secret;
  const { id: client_id, secret: client_secret } = stage.cast.client;
  await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', client_id, client_secret },
      ...{ mfa_token: token, otp: codeOf(own) },
    }),
  });
  clock.advanceMs(20_000);
  const stolen = await accessTokenOf(thief, held);
  const [factor] = (await (await call('/mfa/authenticators', token)).json()) as { id: string }[];
  expect(factor).toBeDefined();
  const removed = await call(`/mfa/authenticators/${encodeURIComponent(String(factor?.id))}`, stolen, 'DELETE');
  expect(removed.status).toBe(403);
});
