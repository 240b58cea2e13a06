/** An application of everybody: each person who wants to opens an account there, if the database says so. It belongs to no organization. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, proveByCode, useStage } from '../support/stage.js';

const open = { organization_usage: 'allow', organization_require_behavior: 'no_prompt' };
const stage = useStage({ clientFields: open });
const asked = { organization: '', screen_hint: 'signup' };

const client = (fields: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, fields);
const signUps = (options: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, { options });

/** The form, posted by hand where no page offers it. */
async function postByHand(visitor: Visitor, email: string) {
  const page = await visitor.open(asked);
  expect(page.url.pathname).toBe('/u/login/identifier');
  const state = page.url.searchParams.get('state') ?? '';
  return visitor.browser.visit(`${stage.instance.origin}/u/signup?state=${state}`, {
    method: 'POST',
    body: new URLSearchParams({ username: email, password: PASSWORD }),
    headers: { origin: stage.instance.origin },
  });
}

beforeAll(() => signUps({ disable_signup: false }));
afterEach(async () => {
  await client(open);
  await signUps({ disable_signup: false });
});

test('an account of no organization, after the code by mail; no organization is entered by it', async () => {
  const email = 'otto@plain.example';
  const visitor = stage.visitor();
  const page = await visitor.open(asked);
  expect(page.url.pathname).toBe('/u/signup');
  const before = await stage.instance.snapshot();
  const question = await visitor.browser.submit(page, { username: email, name: 'Otto', password: PASSWORD });
  expect(question.url.pathname).toBe('/u/proof');
  await expectNothingLeft(stage.instance, before, 'secret');
  const { claims } = await visitor.redeem(await proveByCode(visitor, question, await stage.mailedCode(email)));
  expect(claims).toMatchObject({ email, email_verified: true });
  expect(claims).not.toHaveProperty('org_id');
  const changed = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed.users?.added).toHaveLength(1);
  expect(changed.members).toBeUndefined();
  expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('access_denied');
  const again = stage.visitor();
  const { claims: same } = await again.redeem(await again.withPassword(email, PASSWORD, { organization: '' }));
  expect(same.sub).toBe(claims.sub);
});

test.each([
  ['the database is closed', { disable_signup: true }],
  ['the database says nothing', {}],
])('%s: no page, and a form that is posted by hand is refused', async (_case, options) => {
  await signUps(options);
  const before = await stage.instance.snapshot();
  const answer = await postByHand(stage.visitor(), 'stranger@plain.example');
  expect((await stage.refusal(answer)).details.code).toBe('authenticate.sign_up_not_allowed');
  await expectNothingLeft(stage.instance, before);
});

test('an application that requires an organization opens no account before one is named', async () => {
  await client({ organization_usage: 'require', organization_require_behavior: 'post_login_prompt' });
  const before = await stage.instance.snapshot();
  const answer = await postByHand(stage.visitor(), 'stranger@plain.example');
  expect(answerOf(answer).error).toBe('invalid_request');
  await expectNothingLeft(stage.instance, before);
});

test('with an organization its own setting counts, whatever the database says', async () => {
  const page = await stage.visitor().open({ screen_hint: 'signup' });
  expect(page.url.pathname).toBe('/u/login/identifier');
});
