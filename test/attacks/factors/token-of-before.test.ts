/**
 * Attack: Mallory has a refresh token from before a rule asked for a second factor. It goes on, as the linking rule says
 * (part 11), with what it had: it says nothing of a factor, opens no other organization, and changes no factor. It ends
 * with the other tokens of its person, and an Action can ask at a refresh.
 */
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { useActions } from '../../support/actions.js';
import type { Place, Visitor } from '../../support/cast.js';
import { asksForFactor, factorSettings, type OtpApp, STEP_UP } from '../../support/factors.js';
import type { Json } from '../../support/instance.js';
import { ME_SCOPES, METHODS_PATH, me, meAudience, methodPath, registerMyAccount } from '../../support/my-account.js';
import { useStage } from '../../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_ACTIONS_TIMEOUT: '8' } });
const settings = factorSettings(stage);
let beta: Place;
let email: string;
let userId: string;
let app: OtpApp;
let people = 0;

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  await settings.accept({ otp: true });
  await settings.requireAt('required', beta.id);
});
beforeEach(async () => {
  email = `before${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
});
afterEach(async () => {
  await settings.accept({ otp: true });
  await settings.requireAt('none');
});

async function signedIn(): Promise<{ visitor: Visitor; refreshToken: string }> {
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword(email));
  return { visitor, refreshToken };
}

async function refresh(refreshToken: string, parameters: Record<string, string> = {}) {
  const { id: client_id, secret: client_secret } = stage.cast.client;
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id, client_secret, ...parameters };
  const body = new URLSearchParams(fields);
  const answer = await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Json };
}

const RULES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['an organization', () => settings.requireAt('required')],
  ['the tenant', () => settings.accept({ otp: true }, ['all-applications'])],
];

test.each(RULES)('the rule of %s: the token goes on without a factor, and the next login asks', async (_whose, ask) => {
  const { visitor, refreshToken } = await signedIn();
  await ask();
  const { status, body } = await refresh(refreshToken, STEP_UP);
  expect(status, JSON.stringify(body)).toBe(200);
  const claims = decodeJwt(String(body.id_token));
  expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id });
  // Attack: an application that wants a factor reads this claim.
  expect(claims).not.toHaveProperty('amr');
  expect(asksForFactor(await visitor.open())).toBe(true);
});

test('it ends with the other tokens of the person, for an operator who wants the factor at once', async () => {
  const { visitor, refreshToken } = await signedIn();
  await settings.requireAt('required');
  const path = `/users/${encodeURIComponent(userId)}`;
  await stage.instance.api('DELETE', `${path}/sessions`, undefined, 202);
  await stage.instance.api('DELETE', `${path}/refresh-tokens`, undefined, 202);
  expect(await refresh(refreshToken)).toMatchObject({ status: 403, body: { error: 'invalid_grant' } });
  expect((await visitor.open()).url.pathname).toBe('/u/login/identifier');
});

test('another organization, which asks for a factor, gets nothing by it', async () => {
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [userId] });
  const { visitor, refreshToken } = await signedIn();
  const { body } = await refresh(refreshToken, { organization: beta.id });
  expect(decodeJwt(String(body.id_token)).org_id).toBe(stage.cast.acme.id);
  expect(asksForFactor(await visitor.open({ organization: beta.id }))).toBe(true);
});

test('a token for the account that comes of it changes no factor', async () => {
  await registerMyAccount(stage);
  const audience = meAudience(stage);
  const { visitor, refreshToken } = await signedIn();
  // Such a policy is for reading. The login for these scopes asks for a factor, and a refresh asks for none.
  const policies = [{ audience, scope: ME_SCOPES }];
  const extra = JSON.stringify({ refresh_token: { policies } });
  await settings.sql('update clients set extra = $2 where client_id = $1', [stage.cast.client.id, extra]);
  await settings.sql('update resource_servers set allow_offline_access = true where identifier = $1', [audience]);
  const scope = ME_SCOPES.join(' ');
  expect(asksForFactor(await visitor.open({ audience, scope: `openid ${scope}` }))).toBe(true);
  const { status, body } = await refresh(refreshToken, { audience, scope });
  expect(status, JSON.stringify(body)).toBe(200);
  const token = String(body.access_token);
  const listed = await me(stage, token, 'GET', METHODS_PATH);
  const own = (listed.body.authentication_methods as Json[]).find(({ type }) => type === 'totp');
  expect((await me(stage, token, 'DELETE', methodPath(own?.id))).status).toBe(403);
  expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' })).status).toBe(403);
  expect(await settings.factorsOf(userId)).toHaveLength(1);
});

test('an Action that asks at the refresh is not answered by another request, nor by a factor in another browser', async () => {
  const { refreshToken } = await signedIn();
  await settings.requireAt('required');
  const code = `exports.onExecutePostLogin = async (event, api) => {
  if (!event.authentication.methods.some(({ name }) => name === 'mfa')) api.multifactor.enable('any');
};`;
  const remove = await useActions(stage.instance, 'post-login', { name: 'factor-at-refresh', code });
  try {
    const owner = stage.visitor();
    const own = await owner.redeem(await app.answer(owner, await owner.withPassword(email)));
    const tries = [{}, { scope: 'openid' }, STEP_UP, { organization: beta.id }, { otp: app.code() }];
    for (const parameters of tries)
      expect(await refresh(refreshToken, parameters), JSON.stringify(parameters)).toMatchObject({
        status: 403,
        body: { error: 'mfa_required' },
      });
    expect((await refresh(own.refreshToken)).status).toBe(200);
  } finally {
    await remove();
  }
  // Nothing was rotated.
  expect((await refresh(refreshToken)).status).toBe(200);
});
