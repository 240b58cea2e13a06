/**
 * The examples about who may enter, each run as it is: admission by domain and by group, decided before anything is written; only members
 * and invited people; the roles of the organization in the tokens.
 */
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exampleAction, setOrder, useActions } from '../support/actions.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let remove: (() => Promise<void>) | undefined;
let readerId: string;

beforeAll(async () => {
  readerId = (await stage.instance.api<{ id: string }>('POST', '/roles', { name: 'reader' })).id;
});
afterEach(async () => {
  await remove?.();
  remove = undefined;
  await setOrder(stage.instance, 'after_actions');
  await stage.enablement({ assign_membership_on_login: false });
});

function person(name: string, claims: Record<string, unknown> = {}) {
  stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true, ...claims };
  return `oidc|acme-oidc|idp-${name}`;
}

/** Through the IdP; where that names another address than was typed, they say that it is them. */
async function enter(name: string, email = `${name}@acme.example`) {
  const visitor = stage.visitor();
  const visit = await visitor.throughSso(name, email);
  return visit.url.pathname === '/u/login/confirm' ? visitor.browser.submit(visit, { action: 'default' }) : visit;
}

describe.each(['after_actions', 'before_actions'] as const)('organization-admission, %s', (order) => {
  const suffix = order === 'after_actions' ? 'a' : 'b';
  beforeAll(() => setOrder(stage.instance, order));

  test('by domain: an address of the company’s own domain is let in, as a reader', async () => {
    const userId = person(`dom${suffix}`);
    remove = await useActions(stage.instance, 'organization-admission', {
      name: 'by domain',
      code: exampleAction('admission-by-domain.js'),
    });
    await setOrder(stage.instance, order);
    const before = await stage.instance.snapshot();
    expect(answerOf(await enter(`dom${suffix}`)).code).toBeDefined();
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.members?.added).toMatchObject([{ user_id: userId, via: 'action' }]);
    expect(changed.member_roles?.added).toMatchObject([{ user_id: userId, role_id: readerId }]);
    const [line] = (await stage.logs()).filter((item) => item.type === 's' && item.user_id === userId);
    expect(line?.details).toMatchObject({ rule: 'action', actions: [{ trigger: 'organization-admission' }] });
  });

  test('by domain: no word about another one, so he is a stranger as before', async () => {
    person(`out${suffix}`, { email: `out${suffix}@elsewhere.example` });
    remove = await useActions(stage.instance, 'organization-admission', {
      name: 'by domain',
      code: exampleAction('admission-by-domain.js'),
    });
    await setOrder(stage.instance, order);
    const before = await stage.instance.snapshot();
    const visit = await enter(`out${suffix}`);
    expect(answerOf(visit).error_description).toContain('is not part of the');
    expect((await stage.refusal(visit)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });

  test('by group: the role of the group, or the Action’s own words', async () => {
    const inside = person(`in${suffix}`, { groups: ['notebook-editors', 'football'] });
    person(`not${suffix}`, { groups: ['football'] });
    remove = await useActions(stage.instance, 'organization-admission', {
      name: 'by group',
      code: exampleAction('admission-by-group.js'),
    });
    await setOrder(stage.instance, order);
    expect(answerOf(await enter(`in${suffix}`)).code).toBeDefined();
    const roles = await stage.instance.api<{ name: string }[]>(
      'GET',
      `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(inside)}/roles`,
    );
    expect(roles.map((role) => role.name)).toEqual(['editor']);
    person(`part${suffix}`, { groups: 'ex-notebook-editors' });
    expect(answerOf(await enter(`part${suffix}`)).error, 'a part of a name is no name').toBe('access_denied');
    const before = await stage.instance.snapshot();
    expect(answerOf(await enter(`not${suffix}`))).toMatchObject({
      error: 'access_denied',
      error_description: 'Ask your IT department for access to Notebook.',
    });
    await expectNothingLeft(stage.instance, before);
  });
});

test('deny strangers: auto-membership is on, and still nobody but members and invited people', async () => {
  await stage.enablement({ assign_membership_on_login: true });
  person('walt');
  remove = await useActions(stage.instance, 'post-login', {
    name: 'deny strangers',
    code: exampleAction('deny-strangers.js'),
  });
  const before = await stage.instance.snapshot();
  expect(answerOf(await enter('walt')).error_description).toBe(
    'Ask an administrator of your organization to invite you.',
  );
  await expectNothingLeft(stage.instance, before);
  const invitation = await stage.cast.invite('walt@acme.example');
  const walt = stage.visitor();
  await walt.redeem(await walt.signInAtIdp(await walt.accept(invitation), 'walt'));
  expect(answerOf(await enter('walt')).code, 'a member now').toBeDefined();
});

test('roles in the tokens: those of this organization, the one of the invitation from its first login on', async () => {
  person('vera');
  remove = await useActions(stage.instance, 'post-login', { name: 'roles', code: exampleAction('role-claims.js') });
  const invitation = await stage.cast.invite('vera@acme.example');
  await stage.instance.api('POST', '/resource-servers', { identifier: 'urn:notes' });
  const vera = stage.visitor();
  const page = await vera.accept(invitation, { audience: 'urn:notes' });
  const { claims, accessToken } = await vera.redeem(await vera.signInAtIdp(page, 'vera'));
  expect(claims['https://notebook.example/roles']).toEqual(['editor']);
  expect(decodeJwt(accessToken)['https://notebook.example/roles']).toEqual(['editor']);
});
