/**
 * Limits of attack protection, over the pages: whoever knows a person's address can neither shut the person out with it nor use up
 * the person's mail, and a page says so when nothing was sent.
 */
import { beforeEach, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { answerOf, linkOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' } });
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));

const from = (ip: string) => {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return visitor;
};
const mails = async (template: string, to: string) =>
  (await stage.instance.mail()).filter(({ mail }) => mail.template === template && mail.to === to);

test('wrong passwords from one place shut nobody out elsewhere', async () => {
  const email = 'target@plain.example';
  await stage.cast.createMember(email);
  for (let time = 0; time < 14; time++)
    expect((await from('192.0.2.1').withPassword(email, `guess-${time}`)).status).toBe(time < 10 ? 400 : 429);
  expect((await from('192.0.2.1').withPassword(email)).status).toBe(429);
  answerOf(await from('192.0.2.2').withPassword(email));
  // Guesses that are spread over many machines end too.
  for (let host = 3; host < 12; host++)
    for (let time = 0; time < 10; time++) await from(`192.0.2.${host}`).withPassword(email, 'wrong');
  const refused = await from('192.0.2.99').withPassword(email);
  expect(refused.status).toBe(429);
  const { details } = await stage.refusal(refused);
  expect(details.trace?.at(-1)?.evidence).toMatchObject({ for_address: 101, for_address_from_there: 1 });
  // A new password is a new start.
  const owner = from('192.0.2.98');
  const page = await owner.type(await owner.open(), email, 'password');
  await owner.browser.submit(await owner.browser.visit(linkOf(page, 'Forgot')), { username: email });
  const [mail] = await mails('password_reset', email);
  const reset = await owner.browser.visit(String(mail?.mail.model.url));
  await owner.browser.submit(reset, { password: `${PASSWORD}-new` });
  answerOf(await from('192.0.2.97').withPassword(email, `${PASSWORD}-new`));
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
  expect(wordsOf(sixth)).toContain('no further one was sent');
  expect(await mails('password_reset', email)).toHaveLength(5);
  expect((await ask('192.0.2.2', email)).status).toBe(200);
  expect(await mails('password_reset', email)).toHaveLength(6);
  // Nobody's address: the same, so that it tells nothing.
  for (let time = 0; time < 5; time++) expect((await ask('192.0.2.1', 'no@plain.example')).status).toBe(200);
  expect(wordsOf(await ask('192.0.2.1', 'no@plain.example'))).toContain('no further one was sent');
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
  expect(wordsOf(page)).toContain('no further one was sent. The last one fits for ten minutes');
  expect(wordsOf(page)).not.toContain('on its way');
  expect(await mails('proof_code', email)).toHaveLength(5);
  // Another login from there is asked, and told at once that there is no mail to wait for.
  const again = await from('192.0.2.1').throughSso('cora', email);
  expect(wordsOf(again)).toContain('no further one was sent. Try again in an hour');
  expect(await mails('proof_code', email)).toHaveLength(5);
  await from('192.0.2.2').throughSso('cora', email);
  expect(await mails('proof_code', email)).toHaveLength(6);
  answerOf(await proveByCode(visitor, page, code));
});
