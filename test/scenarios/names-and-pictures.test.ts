/**
 * One person, one name: the ID token, `/userinfo`, Actions and the Management API show the same, however the account came to be.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { createImporter } from '../support/import-users.js';
import { proveByCode, useStage } from '../support/stage.js';

const stage = useStage();
const GRAVATAR =
  /^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?s=480&r=pg&d=https%3A%2F%2Fcdn\.auth0\.com%2Favatars%2F/;
const FIELDS = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const;

type Shown = Readonly<Record<string, unknown>>;
const profileOf = (from: Shown): Shown =>
  Object.fromEntries(FIELDS.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** Returns what all places show of the person who has just signed in, after comparing them. */
async function shownOf({ claims, accessToken }: Awaited<ReturnType<Visitor['redeem']>>): Promise<Shown> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const userinfo = (await (await fetch(`${stage.instance.origin}/userinfo`, { headers })).json()) as Shown;
  const user = (await stage.instance.api('GET', `/users/${encodeURIComponent(String(claims.sub))}`)) as Shown;
  const path = `/organizations/${stage.cast.acme.id}/members?per_page=100`;
  const members = (await stage.instance.api('GET', path)) as unknown as Shown[];
  const member = members.find((one) => one.user_id === claims.sub);
  const shown = profileOf(claims);
  expect(profileOf(claims['https://n.example/user'] as Shown)).toEqual(shown);
  expect(profileOf(userinfo)).toEqual(shown);
  expect(profileOf(user)).toEqual(shown);
  expect(member).toMatchObject({ name: shown.name });
  expect(member?.picture).toBe(shown.picture);
  return shown;
}

async function withPassword(email: string, password = PASSWORD) {
  const visitor = stage.visitor();
  return visitor.redeem(await visitor.withPassword(email, password));
}

let removeAction: (() => Promise<void>) | undefined;
beforeAll(async () => {
  const opened = { is_signup_enabled: true, assign_membership_on_login: true };
  await stage.enablement(opened, stage.cast.acme.id, stage.cast.databaseId);
  const code = `exports.onExecutePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('https://n.example/user', event.user);
  };`;
  removeAction = await useActions(stage.instance, 'post-login', { name: 'tell', code });
});
afterAll(() => removeAction?.());

test('made by the Management API', async () => {
  await stage.cast.createMember('pia.post@plain.example');
  const shown = await shownOf(await withPassword('pia.post@plain.example'));
  expect(shown).toEqual({
    name: 'pia.post@plain.example',
    nickname: 'pia.post',
    picture: expect.stringMatching(GRAVATAR),
  });
});

test('renamed by the Management API: a name that is taken away is the address again, the new one', async () => {
  const id = await stage.cast.createMember('rena@plain.example');
  const path = `/users/${encodeURIComponent(id)}`;
  await stage.instance.api('PATCH', path, { name: 'Rena', nickname: 're', picture: 'https://p.example/r.png' });
  const named = await shownOf(await withPassword('rena@plain.example'));
  expect(named).toEqual({ name: 'Rena', nickname: 're', picture: 'https://p.example/r.png' });
  await stage.instance.api('PATCH', path, { nickname: null, email: 'renamed@plain.example', email_verified: true });
  expect(await shownOf(await withPassword('renamed@plain.example'))).toMatchObject({
    name: 'Rena',
    nickname: 'renamed',
  });
});

test('imported, with a name and without', async () => {
  const importer = await createImporter(stage.instance.origin, stage.cast.databaseId);
  const users = [
    { email: 'ida@plain.example', email_verified: true, user_id: 'ida', given_name: 'Ida' },
    {
      email: 'ian@plain.example',
      email_verified: true,
      user_id: 'ian',
      name: 'Ian',
      picture: 'https://p.example/i.png',
    },
  ];
  await importer.untilEnded(await importer.start(users));
  await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, {
    members: ['auth0|ida', 'auth0|ian'],
  });
  for (const id of ['ida', 'ian']) await stage.instance.api('PATCH', `/users/auth0%7C${id}`, { password: PASSWORD });
  expect(await shownOf(await withPassword('ida@plain.example'))).toEqual({
    name: 'ida@plain.example',
    nickname: 'ida',
    given_name: 'Ida',
    picture: expect.stringMatching(GRAVATAR),
  });
  expect(await shownOf(await withPassword('ian@plain.example'))).toEqual({
    name: 'Ian',
    nickname: 'ian',
    picture: 'https://p.example/i.png',
  });
});

test.each([
  ['with a name', { name: 'Sue Sign-up' }, 'Sue Sign-up'],
  ['without one', { name: '' }, 'sue2@plain.example'],
])('signed up %s', async (_case, typed, name) => {
  const email = typed.name === '' ? 'sue2@plain.example' : 'sue@plain.example';
  const visitor = stage.visitor();
  const page = await visitor.open({ screen_hint: 'signup' });
  const question = await visitor.browser.submit(page, { username: email, password: PASSWORD, ...typed });
  const shown = await shownOf(
    await visitor.redeem(await proveByCode(visitor, question, await stage.mailedCode(email))),
  );
  expect(shown).toMatchObject({ name, nickname: email.split('@')[0], picture: expect.stringMatching(GRAVATAR) });
});

test('invited, with a password', async () => {
  const invitation = await stage.cast.invite('ines@plain.example', { connectionId: undefined });
  const visitor = stage.visitor();
  const answer = await visitor.browser.submit(await visitor.accept(invitation), { password: PASSWORD });
  expect(await shownOf(await visitor.redeem(answer))).toMatchObject({
    name: 'ines@plain.example',
    nickname: 'ines',
    picture: expect.stringMatching(GRAVATAR),
  });
});

test('brought by the company: what its identity provider says, and no picture that it did not send', async () => {
  const { people } = stage.cast;
  const all = {
    name: 'Sol',
    given_name: 'So',
    family_name: 'Lo',
    nickname: 'sol-o',
    picture: 'https://p.example/s.png',
  };
  people.sol = { sub: 'idp-sol', email: 'sol@acme.example', email_verified: true, ...all };
  people.bare = { sub: 'idp-bare', email: 'bare@acme.example', email_verified: true };
  await stage.enablement({ assign_membership_on_login: true });
  const signIn = async (key: string) => {
    const visitor = stage.visitor();
    return shownOf(await visitor.redeem(await visitor.throughSso(key, `${key}@acme.example`)));
  };
  expect(await signIn('sol')).toEqual(all);
  people.sol = { ...people.sol, name: 'Sol Later', picture: 'https://p.example/s2.png' };
  expect(await signIn('sol')).toEqual({ ...all, name: 'Sol Later', picture: 'https://p.example/s2.png' });
  expect(await signIn('bare')).toEqual({ name: 'bare@acme.example', nickname: 'bare' });
});

test('the search finds people by the name that is shown', async () => {
  await stage.cast.createUser('zoe@plain.example');
  const found = (await stage.instance.api(
    'GET',
    `/users?search_engine=v3&q=${encodeURIComponent('name:"zoe@plain.example"')}`,
  )) as unknown as Shown[];
  expect(found.map(({ name }) => name)).toEqual(['zoe@plain.example']);
});
