/** Story 35: a member is removed while signed in. Refresh and single sign-on end for that organization, at once, and for no other. */
import { beforeAll, expect, test } from 'vitest';
import { PASSWORD, type Place } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let dana: string;
let beta: Place;

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@plain.example');
  beta = await stage.cast.createPlace('beta', {});
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
});

async function refresh(refreshToken: string): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: stage.cast.client.id,
      client_secret: stage.cast.client.secret,
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

async function signIn(organization: string) {
  const visitor = stage.visitor();
  const answer = await visitor.withPassword('dana@plain.example', PASSWORD, { organization });
  return { visitor, ...(await visitor.redeem(answer)) };
}

test('removed from Acme: no refresh and no session there, Beta goes on, and the password does not help', async () => {
  const acme = await signIn(stage.cast.acme.id);
  const other = await signIn(beta.id);
  expect((await refresh(acme.refreshToken)).status).toBe(200);
  const second = await signIn(stage.cast.acme.id);
  await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [dana] });

  const refused = await refresh(second.refreshToken);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.body.error).toBe('invalid_grant');
  expect((await refresh(other.refreshToken)).status).toBe(200);

  const before = await stage.instance.snapshot();
  const silent = await second.visitor.open({ prompt: 'none' });
  expect(answerOf(silent)).toMatchObject({
    error: 'access_denied',
    error_description: `user ${dana} is not part of the ${stage.cast.acme.id} organization`,
  });
  expect((await stage.refusal(silent)).details.code).toBe('admit.not_a_member');
  await expectNothingLeft(stage.instance, before);
  expect(answerOf(await second.visitor.open({ prompt: 'none', organization: beta.id }))).toHaveProperty('code');

  const then = await stage.instance.snapshot();
  const again = await stage.visitor().withPassword('dana@plain.example');
  expect(answerOf(again).error).toBe('access_denied');
  await expectNothingLeft(stage.instance, then, 'secret');
});

test('blocked: nothing goes on anywhere', async () => {
  const { visitor, refreshToken } = await signIn(beta.id);
  await stage.instance.api('PATCH', `/users/${encodeURIComponent(dana)}`, { blocked: true });
  expect((await refresh(refreshToken)).body.error).toBe('invalid_grant');
  expect(answerOf(await visitor.open({ prompt: 'none', organization: beta.id })).error).toBe('login_required');
  const answer = await stage.visitor().withPassword('dana@plain.example', PASSWORD, { organization: beta.id });
  expect((await stage.refusal(answer)).details.code).toBe('admit.user_blocked');
});
