/**
 * Another address comes back from the company's sign-in than was typed: the person is told who they are about to be, once, and nothing is
 * written until they go on.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
let sam: string;

const client = (fields: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, fields);
const PLAIN = { organization_usage: 'require', organization_require_behavior: 'no_prompt' };

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
  sam = await stage.cast.createMember('sam@acme.example');
});
beforeEach(() => client(PLAIN));

test('both addresses are shown, nothing is written; they go on, and are in, and are not asked again', async () => {
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const asked = await visitor.throughSso('sam', 'dana@acme.example');
  expect(asked.url.pathname).toBe('/u/login/confirm');
  for (const words of [
    'Is this you?',
    'dana@acme.example',
    'acme sign-in says you are',
    'Continue as sam@acme.example',
  ])
    expect(wordsOf(asked)).toContain(words);
  expect(diffSnapshots(before, await stage.instance.snapshot()), 'written before they went on').toEqual({});
  const { claims } = await visitor.redeem(await visitor.browser.submit(asked, { action: 'default' }));
  expect(claims).toMatchObject({ sub: sam, email: 'sam@acme.example' });
  const [line] = await stage.instance.api<{ details: { trace: readonly { rule: string; evidence: object }[] } }[]>(
    'GET',
    '/logs?per_page=1&q=type:s',
  );
  expect(line?.details.trace.find(({ rule }) => rule === 'typed_address')?.evidence).toEqual({
    typed: 'dana@acme.example',
    came_back: 'sam@acme.example',
  });
  answerOf(await visitor.open());
});

test('use another account: nothing is left, the address can be typed anew, and the IdP is asked for a fresh sign-in', async () => {
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const asked = await visitor.throughSso('sam', 'dana@acme.example');
  const page = await visitor.browser.submit(asked, { action: 'another' });
  await expectNothingLeft(stage.instance, before);
  expect(page.url.pathname).toBe('/u/login/identifier');
  const form = await visitor.type(page, 'dana@acme.example');
  expect(form.url.searchParams.get('prompt')).toBe('login');
  const { claims } = await visitor.redeem(await visitor.signInAtIdp(form, 'dana'));
  expect(claims).toMatchObject({ email: 'dana@acme.example' });
});

test('a connection that was asked for by name: another account leads back to the IdP, for a fresh sign-in', async () => {
  const visitor = stage.visitor();
  const there = await visitor.open({ connection: 'acme-oidc', login_hint: 'dana@acme.example' });
  const asked = await visitor.signInAtIdp(there, 'sam');
  expect(asked.url.pathname).toBe('/u/login/confirm');
  const again = await visitor.browser.submit(asked, { action: 'another' });
  expect(again.url.origin).toBe(stage.cast.idp.issuer);
  expect(again.url.searchParams.get('prompt')).toBe('login');
});

describe('nobody is asked', () => {
  test.each([
    ['with other capitals', 'Sam@Acme.Example'],
    ['with what is no address', 'sam'],
    ['without one', ''],
  ])('login_hint %s', async (_what, hint) => {
    const visitor = stage.visitor();
    const there = await visitor.open({ connection: 'acme-oidc', login_hint: hint });
    answerOf(await visitor.signInAtIdp(there, 'sam'));
  });

  test('who has typed the address of their account, under which the company does not know them', async () => {
    stage.cast.people.sami = { sub: 'idp-sam', email: 'samuel@acme.example', email_verified: true };
    answerOf(await stage.visitor().throughSso('sami', 'sam@acme.example'));
  });

  test('who is refused anyway: they read why', async () => {
    stage.cast.people.max = { sub: 'idp-max', email: 'max@acme.example', email_verified: true };
    const before = await stage.instance.snapshot();
    const answer = await stage.visitor().throughSso('max', 'dana@acme.example');
    expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });

  test('whom id_token_hint names: the application expects them', async () => {
    const visitor = stage.visitor();
    const { idToken } = await visitor.redeem(await visitor.throughSso('sam', 'sam@acme.example'));
    const parameters = { id_token_hint: idToken, login_hint: 'dana@acme.example', connection: 'acme-oidc' };
    answerOf(await visitor.signInAtIdp(await visitor.open({ ...parameters, prompt: 'login' }), 'sam'));
  });
});

describe('before the organization is picked', () => {
  beforeEach(() => client({ organization_usage: 'require', organization_require_behavior: 'post_login_prompt' }));

  test('a single organization is chosen by itself, so they are asked; another account starts without it', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const asked = await visitor.throughSso('sam', 'dana@acme.example', { organization: '' });
    expect(asked.url.pathname).toBe('/u/login/confirm');
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
    const other = await visitor.browser.submit(asked, { action: 'another' });
    expect(wordsOf(other)).toContain('Sign in to Notebook');
    const again = stage.visitor();
    const page = await again.throughSso('sam', 'dana@acme.example', { organization: '' });
    const { claims } = await again.redeem(await again.browser.submit(page, { action: 'default' }));
    expect(claims).toMatchObject({ sub: sam, org_id: stage.cast.acme.id });
  });

  test('the picker says who they are: they choose, and are not asked once more', async () => {
    const beta = await stage.cast.createPlace('beta', {}, { domain: 'beta.example' });
    await stage.instance.api('POST', `/organizations/${beta.id}/enabled_connections`, {
      connection_id: stage.cast.acme.connectionId,
      assign_membership_on_login: false,
    });
    await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [sam] });
    const visitor = stage.visitor();
    const picker = await visitor.throughSso('sam', 'dana@acme.example', { organization: '' });
    expect(picker.url.pathname).toBe('/u/organization-picker');
    expect(wordsOf(picker)).toContain('sam@acme.example');
    const { claims } = await visitor.redeem(await visitor.browser.submit(picker, { organization: stage.cast.acme.id }));
    expect(claims).toMatchObject({ sub: sam });
  });
});
