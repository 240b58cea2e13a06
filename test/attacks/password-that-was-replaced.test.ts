/**
 * Attack: somebody knows a password and holds on to what it opened. Its owner resets it. Nothing from before may open anything
 * after: no session, no code that waits to be redeemed (it would come back as a refresh token), no half-finished login.
 */
import { expect, test } from 'vitest';
import { resetPassword } from '../support/attack-steps.js';
import { PASSWORD } from '../support/cast.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
});
const NOWHERE_YET = { organization: '' };

test('the picker does not remember a password that was replaced', async () => {
  const beta = await stage.cast.createPlace('beta', {});
  const victim = await stage.cast.createMember('vic@acme.example');
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [victim] });
  const thief = stage.visitor();
  const picker = await thief.withPassword('vic@acme.example', PASSWORD, NOWHERE_YET);
  expect(picker.url.pathname).toBe('/u/organization-picker');
  const kept = stage.visitor(thief.browser.clone());
  await resetPassword(stage, 'vic@acme.example', NOWHERE_YET);
  const page = await kept.browser.submit(picker, { organization: beta.id });
  expect(page.url.pathname, 'asked to sign in').toBe('/u/login/identifier');
  expect(answerOf(await kept.open({ prompt: 'none', organization: beta.id }))).toMatchObject({
    error: 'login_required',
  });
});

test('the picker goes on with a password that is still the same', async () => {
  const gamma = await stage.cast.createPlace('gamma', {});
  const victim = await stage.cast.createMember('val@acme.example');
  await stage.instance.api('POST', `/organizations/${gamma.id}/members`, { members: [victim] });
  const visitor = stage.visitor();
  const picker = await visitor.withPassword('val@acme.example', PASSWORD, NOWHERE_YET);
  const { claims } = await visitor.redeem(await visitor.browser.submit(picker, { organization: gamma.id }));
  expect(claims).toMatchObject({ sub: victim, org_id: gamma.id });
});

test('a code, a session and a refresh token from before the reset are worth nothing after it', async () => {
  await stage.cast.createMember('wes@acme.example');
  const thief = stage.visitor();
  const { refreshToken } = await thief.redeem(await thief.withPassword('wes@acme.example'));
  const held = await thief.open();
  expect(answerOf(held)).toHaveProperty('code');
  await resetPassword(stage, 'wes@acme.example', NOWHERE_YET);
  await expect(thief.redeem(held)).rejects.toThrow(/Invalid authorization code/);
  expect(answerOf(await thief.open({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
  const { id, secret } = stage.cast.client;
  const refresh = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: id,
      client_secret: secret,
    }),
  });
  expect(refresh.status).toBe(403);
});
