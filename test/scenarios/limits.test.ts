/**
 * Limits of attack protection, over the pages: somebody who knows a person's address can neither shut the person out with it nor use up
 * the person's mail, and a page says so when nothing was sent.
 */
import { beforeEach, expect, test } from 'vitest';
import { countAttempt } from '../../src/login/attempt-limits.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { useActions } from '../support/actions.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { answerOf, linkOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1', VESTIBULE_ACTIONS_TIMEOUT: '8' } });
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));

const from = (ip: string) => {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return visitor;
};
const mails = async (template: string, to: string) =>
  (await stage.instance.mail()).filter(({ mail }) => mail.template === template && mail.to === to);

/** As many tries for the address, from everywhere, as everybody together has. The work of a hundred wrong passwords is left out. */
async function useUp(email: string): Promise<void> {
  const counters = createAttemptCounters(stage.instance.database.pool);
  for (let network = 0; network < 10; network++)
    for (let time = 0; time < 10; time++)
      await countAttempt(counters, 'password', { email, ip: `198.51.${network}.1` }, new Date());
}

const limitOf = async (refused: Visit) => {
  const line = await stage.refusal(refused);
  return { userId: line.user_id, ...line.details.trace?.at(-1)?.evidence };
};

test('wrong passwords from one place shut nobody out elsewhere', async () => {
  const email = 'target@plain.example';
  const userId = await stage.cast.createMember(email);
  for (let time = 0; time < 14; time++)
    expect((await from('198.51.0.1').withPassword(email, `guess-${time}`)).status).toBe(time < 10 ? 400 : 429);
  expect((await from('198.51.0.1').withPassword(email)).status).toBe(429);
  answerOf(await from('192.0.2.2').withPassword(email));
  // Guesses that are spread over many networks end too, and the log says by which limit.
  await useUp(email);
  const refused = await from('192.0.2.99').withPassword(email);
  expect(refused.status).toBe(429);
  const ends_at = expect.stringMatching(/^20/);
  expect(await limitOf(refused)).toEqual({ userId, limit: 'for_address', most: 100, window_seconds: 900, ends_at });
  const here = await from('198.51.0.1').withPassword(email);
  expect(await limitOf(here)).toMatchObject({ limit: 'for_address_from_network', network: '198.51.0.1', most: 10 });
  // A new password is a new start.
  const owner = from('192.0.2.98');
  const page = await owner.type(await owner.open(), email, 'password');
  await owner.browser.submit(await owner.browser.visit(linkOf(page, 'Forgot')), { username: email });
  const [mail] = await mails('password_reset', email);
  const reset = await owner.browser.visit(String(mail?.mail.model.url));
  await owner.browser.submit(reset, { password: `${PASSWORD}-new` });
  answerOf(await from('192.0.2.97').withPassword(email, `${PASSWORD}-new`));
});

test('one customer of an access provider shuts nobody out: neither of signing in nor of a new password', async () => {
  const email = 'envied@plain.example';
  await stage.cast.createMember(email);
  const ask = async (ip: string) => {
    const visitor = from(ip);
    const page = await visitor.type(await visitor.open(), email, 'password');
    return visitor.browser.submit(await visitor.browser.visit(linkOf(page, 'Forgot')), { username: email });
  };
  /** A machine of its own in a /56. */
  const machine = (index: number) => `2001:db8:1:${(0x200 + index).toString(16)}::1`;
  const guesses: number[] = [];
  for (let index = 0; index < 30; index++)
    guesses.push((await from(machine(index)).withPassword(email, 'wrong')).status);
  expect(guesses.filter((status) => status === 400)).toHaveLength(20);
  expect(await limitOf(await from(machine(77)).withPassword(email, 'wrong'))).toMatchObject({
    limit: 'for_address_from_network',
    network: '2001:db8:1:200::/56',
    most: 20,
  });
  const asked: number[] = [];
  for (let index = 0; index < 13; index++) asked.push((await ask(machine(index))).status);
  expect(asked.filter((status) => status === 200)).toHaveLength(10);
  answerOf(await from('192.0.2.5').withPassword(email));
  expect((await ask('2001:db8:2::1')).status).toBe(200);
});

test('a browser that has signed its owner in goes on while strangers guess everywhere, from its own network too', async () => {
  const email = 'owner@plain.example';
  await stage.cast.createMember(email);
  await stage.cast.createMember('roommate@plain.example');
  const home = from('192.0.2.1');
  answerOf(await home.withPassword(email));
  const stranger = from('192.0.2.1');
  answerOf(await stranger.withPassword('roommate@plain.example'));
  for (let time = 0; time < 10; time++) await from('192.0.2.1').withPassword(email, 'wrong');
  await useUp(email);
  // Somebody else's browser is a stranger's, whatever it has been signed in to.
  expect((await from('192.0.2.1').withPassword(email)).status).toBe(429);
  expect((await stranger.withPassword(email, PASSWORD, { prompt: 'login' })).status).toBe(429);
  expect((await home.withPassword(email, 'a slip', { prompt: 'login' })).status).toBe(400);
  answerOf(await home.withPassword(email, PASSWORD, { prompt: 'login' }));
  // Its allowance is one, not none: a cookie that was stolen opens no way to guess on.
  for (let time = 0; time < 10; time++) await home.withPassword(email, 'wrong', { prompt: 'login' });
  expect((await home.withPassword(email, PASSWORD, { prompt: 'login' })).status).toBe(429);
});

test('its cookie shows nobody who that is, and another one does not do', async () => {
  const email = 'private@plain.example';
  const userId = await stage.cast.createMember(email);
  const visitor = from('192.0.2.3');
  const page = await visitor.type(await visitor.open(), email, 'password');
  const form = page.forms.find((item) => 'password' in item.fields);
  const body = new URLSearchParams({ ...form?.fields, password: PASSWORD });
  const answer = await visitor.browser.request(form?.action ?? '', { method: 'POST', body });
  const line = answer.headers.getSetCookie().find((item) => item.startsWith('vestibule_device='));
  expect(line).toMatch(/; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/);
  const sealed = line?.slice('vestibule_device='.length, line.indexOf(';')) ?? '';
  const bytes = Buffer.from(sealed, 'base64url').toString('latin1');
  for (const private_ of [email, userId, userId.slice('auth0|'.length)]) expect(bytes).not.toContain(private_);
  expect(sealed.length).toBeLessThan(300);
  await useUp(email);
  const host = new URL(stage.instance.origin).host;
  for (const [cookie, status] of [
    [sealed, 400],
    // Not the last one: some of its bits are none of the bytes.
    [`${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`, 429],
    [visitor.browser.cookies(host).get('vestibule_session') ?? '', 429],
    ['nonsense', 429],
  ] as const) {
    const other = from('192.0.2.4');
    const at = await other.type(await other.open(), email, 'password');
    const state = [...other.browser.cookies(host)].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = at.forms.find((item) => 'password' in item.fields);
    const reply = await fetch(sent?.action ?? '', {
      method: 'POST',
      headers: { cookie: `${state}; vestibule_device=${cookie}`, 'x-forwarded-for': '192.0.2.4' },
      body: new URLSearchParams({ ...sent?.fields, password: 'wrong' }),
      redirect: 'manual',
    });
    expect(reply.status, cookie).toBe(status);
  }
});

test('the word of an identity provider makes no browser a known one, a code for the account does', async () => {
  const host = new URL(stage.instance.origin).host;
  const isKnown = (visitor: Visitor) => visitor.browser.cookies(host).has('vestibule_device');
  const email = 'iris@acme.example';
  stage.cast.people.iris = { sub: 'idp-iris', email, email_verified: true };
  await stage.cast.createMember(email, { verified: false });
  const first = from('192.0.2.6');
  const page = await first.throughSso('iris', email);
  answerOf(await proveByCode(first, page, await stage.mailedCode(email)));
  expect(isKnown(first)).toBe(true);
  const second = from('192.0.2.6');
  answerOf(await second.throughSso('iris', email));
  expect(isKnown(second)).toBe(false);
  // Nor does the session that came of it.
  answerOf(await second.open());
  expect(isKnown(second)).toBe(false);
});

test('mail for sign-ups: one network address causes thirty in an hour, whomever they are for, and then the page says so', async () => {
  await stage.enablement(
    { assign_membership_on_login: true, is_signup_enabled: true },
    stage.cast.acme.id,
    stage.cast.databaseId,
  );
  const signUp = async (ip: string, username: string) => {
    const visitor = from(ip);
    const page = await visitor.open({ screen_hint: 'signup' });
    return visitor.browser.submit(page, { username, name: '', password: PASSWORD });
  };
  const { pool } = stage.instance.database;
  const count = async () => Number((await pool.query('select count(*) as n from outbox')).rows[0].n);
  const before = await count();
  const sent = async () => (await count()) - before;
  for (let person = 0; person < 35; person++) await signUp('192.0.2.1', `flood-${person}@plain.example`);
  expect(await sent()).toBe(30);
  expect(wordsOf(await signUp('192.0.2.1', 'flood-last@plain.example'))).toContain('so we did not send another one');
  // The neighbours in its /24 have what is left of four machines' worth.
  for (let host = 2; host < 120; host++) await signUp(`192.0.2.${host}`, `flood-n${host}@plain.example`);
  expect(await sent()).toBe(120);
  expect(wordsOf(await signUp('203.0.113.1', 'flood-elsewhere@plain.example'))).toContain('A code is on its way');
  await stage.enablement(
    { assign_membership_on_login: false, is_signup_enabled: false },
    stage.cast.acme.id,
    stage.cast.databaseId,
  );
});

test('links for a new password: five from one place, and then the page says that none was sent; elsewhere they go on', async () => {
  const email = 'forgetful@plain.example';
  await stage.cast.createMember(email);
  const ask = async (ip: string, whom: string) => {
    const visitor = from(ip);
    const page = await visitor.type(await visitor.open(), whom, 'password');
    return visitor.browser.submit(await visitor.browser.visit(linkOf(page, 'Forgot')), { username: whom });
  };
  for (let time = 0; time < 5; time++) expect((await ask('192.0.2.1', email)).status).toBe(200);
  const sixth = await ask('192.0.2.1', email);
  expect(sixth.status).toBe(429);
  expect(wordsOf(sixth)).toContain('so we did not send another one');
  expect(await mails('password_reset', email)).toHaveLength(5);
  expect((await ask('192.0.2.2', email)).status).toBe(200);
  expect(await mails('password_reset', email)).toHaveLength(6);
  // Nobody's address: the same, so that it tells nothing.
  for (let time = 0; time < 5; time++) expect((await ask('192.0.2.1', 'no@plain.example')).status).toBe(200);
  expect(wordsOf(await ask('192.0.2.1', 'no@plain.example'))).toContain('so we did not send another one');
});

test('codes: a resend that sends nothing says so and leaves the last code as good as it was', async () => {
  const email = 'cora@acme.example';
  stage.cast.people.cora = { sub: 'idp-cora', email, email_verified: true };
  await stage.cast.createMember(email, { verified: false });
  const visitor = from('192.0.2.1');
  let page = await visitor.throughSso('cora', email);
  for (let time = 0; time < 4; time++) {
    page = await visitor.browser.submit(page, { action: 'resend' });
    expect(wordsOf(page)).toContain('A code is on its way');
  }
  const code = await stage.mailedCode(email);
  page = await visitor.browser.submit(page, { action: 'resend' });
  expect(page.status).toBe(429);
  expect(wordsOf(page)).toContain('so we did not send another one. Use the last one within ten minutes');
  expect(wordsOf(page)).not.toContain('on its way');
  expect(await mails('proof_code', email)).toHaveLength(5);
  // Another login from there is asked, and told at once that there is no mail to wait for.
  const again = await from('192.0.2.1').throughSso('cora', email);
  expect(wordsOf(again)).toContain('so we did not send another one. Try again in an hour');
  expect(await mails('proof_code', email)).toHaveLength(5);
  await from('192.0.2.2').throughSso('cora', email);
  expect(await mails('proof_code', email)).toHaveLength(6);
  answerOf(await proveByCode(visitor, page, code));
});

test('one address that floods the application of a tenant with an Action for typed addresses makes nobody else wait', async () => {
  const code = `exports.onExecutePostIdentifier = async (event) => {
    if (event.authentication.identifier.value.startsWith('slow')) await new Promise(() => {});
  };`;
  const remove = await useActions(stage.instance, 'login-post-identifier', { name: 'slow', code });
  let ended = 0;
  const other = from('192.0.2.10');
  const asked = await other.open();
  const visitors = Array.from({ length: 12 }, (_, index) => from(`2001:db8:9:100:${index}::1`));
  const pages = await Promise.all(visitors.map((visitor) => visitor.open()));
  const flood = visitors.map(async (visitor, index) => {
    const page = await visitor.type(pages[index] as Visit, `slow${index}@plain.example`);
    ended += 1;
    return page.status;
  });
  // All of them have got there before anybody else comes.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const page = await other.type(asked, 'quick@plain.example');
  expect(page.url.pathname).toBe('/u/login/password');
  expect(ended, 'the flood was still there').toBe(0);
  await Promise.all(flood);
  await remove();
});
