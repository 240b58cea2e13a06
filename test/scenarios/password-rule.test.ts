/** Wherever a password is chosen, the page says the rule, and the rule is what is applied; the Management API applies the same. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const WORDS = 'tide lemon forge piano';
const JUDGED =
  '8 characters or more: four words that do not belong together, or a mix of three of a-z, A-Z, 0-9 and other signs.';
const GOOD =
  '8 characters or more. Use three of these: lower-case letters, upper-case letters, digits, special characters.';

const policy = (options: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, { options });

beforeAll(() =>
  stage.enablement(
    { is_signup_enabled: true, assign_membership_on_login: true },
    stage.cast.acme.id,
    stage.cast.databaseId,
  ),
);
afterEach(() => policy({}));

async function signUp(email: string, password: string): Promise<{ shown: Visit; answer: Visit }> {
  const visitor = stage.visitor();
  const shown = await visitor.open({ screen_hint: 'signup' });
  return { shown, answer: await visitor.browser.submit(shown, { username: email, name: '', password }) };
}

test('sign-up: the rule is on the page, and four words pass it', async () => {
  const { shown, answer } = await signUp('wanda@plain.example', WORDS);
  expect(wordsOf(shown)).toContain(JUDGED);
  expect(answer.url.pathname).toBe('/u/proof');
});

test('sign-up: a password that would be guessed is refused with what would help, and that helps', async () => {
  const visitor = stage.visitor();
  const shown = await visitor.open({ screen_hint: 'signup' });
  const fields = { username: 'willi@plain.example', name: '' };
  const refused = await visitor.browser.submit(shown, { ...fields, password: 'christopher robin' });
  expect(refused.status).toBe(400);
  expect(wordsOf(refused)).toContain('This password is easy to guess. Add one more word that is not common.');
  const better = await visitor.browser.submit(refused, { ...fields, password: 'christopher robin zeppelin' });
  expect(better.url.pathname).toBe('/u/proof');
});

test.each([
  ['the organization', 'Acme acme ACME'],
  ['the person', 'Zdenka Zwiebel'],
])('sign-up: the name of %s is no password', async (_whose, password) => {
  const visitor = stage.visitor();
  const fields = { username: 'zwiebel@plain.example', name: 'Zdenka Zwiebel', password };
  const answer = await visitor.browser.submit(await visitor.open({ screen_hint: 'signup' }), fields);
  expect(answer.status).toBe(400);
  expect(wordsOf(answer)).toContain('easy to guess');
});

test('a level that the tenant has set is shown and applied as it is documented', async () => {
  await policy({ passwordPolicy: 'good' });
  const { shown, answer } = await signUp('walter@plain.example', WORDS);
  expect(wordsOf(shown)).toContain(GOOD);
  expect(wordsOf(shown)).not.toContain('four words');
  expect(answer.status).toBe(400);
  expect(wordsOf(answer)).toContain('The password is too simple: use three of these');
});

test('an invitation and a link for a new password ask for the same', async () => {
  const invitation = await stage.cast.invite('wilma@plain.example', { connectionId: undefined });
  const visitor = stage.visitor();
  const form = await visitor.accept(invitation);
  expect(wordsOf(form)).toContain(JUDGED);
  expect((await visitor.browser.submit(form, { password: 'wilma plain wilma' })).status).toBe(400);
  await visitor.redeem(await visitor.browser.submit(form, { password: WORDS }));

  const later = stage.visitor();
  const page = await later.type(await later.open(), 'wilma@plain.example', 'password');
  const ask = await later.browser.visit(linkOf(page, 'Forgot your password?'));
  await later.browser.submit(ask, { username: 'wilma@plain.example' });
  const mail = (await stage.instance.mail())
    .map((kept) => kept.mail)
    .find(({ template }) => template === 'password_reset');
  const reset = await later.browser.visit(String(mail?.model.url));
  expect(wordsOf(reset)).toContain(JUDGED);
  const weak = await later.browser.submit(reset, { password: 'acme wilma plain' });
  expect(weak.status).toBe(400);
  expect(wordsOf(weak)).toContain('easy to guess');
  expect((await later.browser.submit(weak, { password: 'anchor velvet oyster kettle' })).status).toBe(200);
});

test('the Management API judges as the pages do', async () => {
  const id = await stage.cast.createUser('otto@plain.example');
  const path = `/users/${encodeURIComponent(id)}`;
  const set = (password: string) => stage.instance.api('PATCH', path, { password });
  await set(WORDS);
  await expect(set('password password')).rejects.toThrow(/easy to guess/);
  await stage.instance.api('PATCH', path, { name: 'Ottokar Zwiebel' });
  await expect(set('Ottokar Zwiebel')).rejects.toThrow(/easy to guess/);
  const connection = 'Username-Password-Authentication';
  const create = (email: string, password: string) =>
    stage.instance.api('POST', '/users', { connection, email, password });
  await expect(create('weak@plain.example', 'password password')).rejects.toThrow(/PasswordStrengthError/);
  await create('strong@plain.example', WORDS);
  await create('usual@plain.example', PASSWORD);
});
