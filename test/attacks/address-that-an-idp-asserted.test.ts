/**
 * Attack: an identity provider asserts an address that is not its person's. In the login that brings it, it counts for what the linking rule
 * says; afterwards the account has it as "verified", and must open nothing by that: not another organization's invitation, not an
 * account of its own when the identity is unlinked (linking rule, part 9). A mailed code or link counts everywhere.
 */
import { beforeAll, expect, test } from 'vitest';
import { PASSWORD, type Place } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let evil: Place;
const people: Record<string, { sub: string; email: string; email_verified: boolean }> = {};
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
const userPath = (userId: string) => `/users/${encodeURIComponent(userId)}`;

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', people, { enabled: { assign_membership_on_login: true } });
});

async function throughEvil(login: string) {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
  return visitor.redeem(await visitor.signInAtIdp(page, login));
}

/** An account that Evil's provider brought, with a password that the operator linked to it. */
async function broughtByEvil(login: string): Promise<string> {
  people[login] = { sub: `evil-${login}`, email: `${login}@own.example`, email_verified: true };
  const { claims } = await throughEvil(login);
  const password = await stage.cast.createUser(`${login}-password@own.example`);
  const link = { provider: 'auth0', user_id: password };
  await api('POST', `${userPath(String(claims.sub))}/identities`, link);
  return String(claims.sub);
}

test('the address that Evil asserts does not open Acme’s invitation by the old password, without its link', async () => {
  const userId = await broughtByEvil('mallory');
  people.mallory = { sub: 'evil-mallory', email: 'ceo@plain.example', email_verified: true };
  await throughEvil('mallory');
  expect(await api('GET', userPath(userId)), 'shown as the IdP says').toMatchObject({
    email: 'ceo@plain.example',
    email_verified: true,
  });
  await stage.cast.invite('ceo@plain.example', { connectionId: undefined });
  const before = await stage.instance.snapshot();
  const refused = await stage.visitor().withPassword('mallory-password@own.example', PASSWORD);
  expect(answerOf(refused)).toMatchObject({ error: 'access_denied' });
  expect((await stage.refusal(refused)).details.code).toBe('admit.not_a_member');
  await expectNothingLeft(stage.instance, before, 'secret');
});

test.each([
  [
    'the operator says so',
    async (userId: string) => void (await api('PATCH', userPath(userId), { email_verified: true })),
  ],
  [
    'a link was mailed',
    async (userId: string, email: string) => {
      await api('PATCH', userPath(userId), { email_verified: false });
      await api('PATCH', userPath(userId), { verify_email: true });
      const mail = (await stage.instance.mail()).find(
        ({ mail: one }) => one.to === email && one.template === 'verify_email',
      );
      const { browser } = stage.visitor();
      const page = await browser.visit(String(mail?.mail.model.url));
      await browser.submit(page, { action: 'default' });
    },
  ],
])('nor where %s: a password account needs the link, which is then enough', async (name, vouch) => {
  const login = name.startsWith('a') ? 'linked' : 'said';
  const userId = await broughtByEvil(login);
  const email = `${login}@plain.example`;
  people[login] = { sub: `evil-${login}`, email, email_verified: true };
  await throughEvil(login);
  await vouch(userId, email);
  const invitation = await stage.cast.invite(email, { connectionId: undefined });
  const without = await stage.visitor().withPassword(`${login}-password@own.example`, PASSWORD);
  expect(answerOf(without)).toMatchObject({ error: 'access_denied' });
  const visitor = stage.visitor();
  const accepted = await visitor.accept(invitation);
  const state = accepted.url.searchParams.get('state');
  const signIn = await visitor.browser.visit(`${stage.instance.origin}/u/login/password?state=${state}`);
  const typed = { username: `${login}-password@own.example`, password: PASSWORD };
  const { claims } = await visitor.redeem(await visitor.browser.submit(signIn, typed));
  expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id });
});

test('an unlinked identity takes along no more than was vouched: its own word about a domain that Acme proved is nothing', async () => {
  const dana = await stage.cast.createMember('victim@plain.example', { organizationId: evil.id });
  const identity = { provider: 'oidc', connection_id: evil.connectionId, user_id: 'evil-unlinked' };
  await api('POST', `${userPath(dana)}/identities`, identity);
  people.unlinked = { sub: 'evil-unlinked', email: 'dana@acme.example', email_verified: true };
  expect((await throughEvil('unlinked')).claims.sub).toBe(dana);
  await api('DELETE', `${userPath(dana)}/identities/oidc/${encodeURIComponent('evil-oidc|evil-unlinked')}`);
  expect(await api('GET', userPath('oidc|evil-oidc|evil-unlinked'))).toMatchObject({
    email: 'dana@acme.example',
    email_verified: false,
  });
});

test('an address under a domain that Acme proved is Acme’s word, in Acme and while the proof stands', async () => {
  stage.cast.people.nora = { sub: 'idp-nora', email: 'nora@acme.example', email_verified: false } as never;
  await stage.enablement({ assign_membership_on_login: true });
  const nora = stage.visitor();
  const { claims } = await nora.redeem(await nora.throughSso('nora', 'nora@acme.example'));
  await stage.enablement({ assign_membership_on_login: false });
  const { rows } = await stage.instance.database.pool.query('select email_vouched_by from users where user_id = $1', [
    claims.sub,
  ]);
  expect(rows).toEqual([{ email_vouched_by: stage.cast.acme.id }]);
});
