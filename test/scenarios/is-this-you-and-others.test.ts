/** "Is this you?" beside what else may come: an Action that admits, a company that sends many claims, a sign-up in the same login. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
const client = (fields: Record<string, unknown>) => api('PATCH', `/clients/${stage.cast.client.id}`, fields);
let remove: (() => Promise<void>) | undefined;
afterEach(async () => {
  await remove?.();
  remove = undefined;
  await client({ organization_usage: 'require', organization_require_behavior: 'no_prompt' });
});

test('an Action admits at the picker; who comes back with another address gets in as well', async () => {
  stage.cast.people.tess = { sub: 'idp-tess', email: 'tess@acme.example', email_verified: true };
  const tess = await stage.cast.createMember('tess@acme.example');
  const first = stage.visitor();
  await first.redeem(await first.throughSso('tess', 'tess@acme.example'));
  await api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [tess] });
  await client({ organization_usage: 'require', organization_require_behavior: 'post_login_prompt' });
  remove = await useActions(stage.instance, 'organization-admission', {
    name: 'all',
    code: 'exports.onExecuteOrganizationAdmission = async (event, api) => { return api.admission.allow({ roles: [] }); };',
  });
  // The same address: sent to sign in once more, with the organization known, and let in.
  const same = stage.visitor();
  let visit = await same.throughSso('tess', 'tess@acme.example', { organization: '' });
  if (visit.url.origin === stage.cast.idp.issuer) visit = await same.signInAtIdp(visit, 'tess');
  expect(answerOf(visit)).toHaveProperty('code');
  await api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [tess] });
  const other = stage.visitor();
  let page = await other.throughSso('tess', 'tessa@acme.example', { organization: '' });
  if (page.url.pathname === '/u/login/confirm') page = await other.browser.submit(page, { action: 'default' });
  if (page.url.origin === stage.cast.idp.issuer) page = await other.signInAtIdp(page, 'tess');
  if (page.url.pathname === '/u/login/confirm') page = await other.browser.submit(page, { action: 'default' });
  expect(answerOf(page)).toHaveProperty('code');
});

test('a sign-up after a company identity that waits is a sign-up', async () => {
  await client({ organization_usage: 'allow', organization_require_behavior: 'no_prompt' });
  await stage.enablement(
    { is_signup_enabled: true, assign_membership_on_login: true },
    stage.cast.acme.id,
    stage.cast.databaseId,
  );
  await stage.cast.createMember('una@acme.example', { verified: false });
  stage.cast.people.una = { sub: 'idp-una', email: 'una@acme.example', email_verified: true };
  const visitor = stage.visitor();
  const asked = await visitor.throughSso('una', 'una@acme.example');
  expect(asked.url.pathname).toBe('/u/proof');
  const state = asked.url.searchParams.get('state') ?? '';
  const form = await visitor.browser.visit(`${stage.instance.origin}/u/signup?state=${state}`);
  expect(form.url.pathname).toBe('/u/signup');
  const question = await visitor.browser.submit(form, {
    username: 'ulla@plain.example',
    name: 'Ulla',
    password: PASSWORD,
  });
  expect(question.url.pathname, wordsOf(question)).toBe('/u/proof');
  const done = await proveByCode(visitor, question, await stage.mailedCode('ulla@plain.example'));
  expect(answerOf(done)).toHaveProperty('code');
  const { claims } = await visitor.redeem(done);
  expect(claims.email).toBe('ulla@plain.example');
});

describe('many groups: told all the same, with the longest left out where the cookie is full', () => {
  test.each([200, 400, 700, 1100])('%s of them', async (count) => {
    const name = `gus${count}`;
    const groups = Array.from({ length: count }, () => randomUUID());
    await stage.cast.createMember(`${name}@acme.example`);
    stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true, groups };
    answerOf(await stage.visitor().throughSso(name, `${name}@acme.example`));
    const visit = await stage.visitor().throughSso(name, `other-${name}@acme.example`);
    expect(visit.url.pathname).toBe('/u/login/confirm');
  });
});
