/**
 * Attack: Mallory gets hold of a ticket for a second factor, from the mailbox, a log or an application that shows it. It
 * works once, for its own account and kind, while nothing about the account has changed; and it is no way in.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { secretOf, totpOf } from '../../support/account-page.js';
import { PASSWORD } from '../../support/cast.js';
import { factorSettings, STEP_UP } from '../../support/factors.js';
import { playInOrder } from '../../support/held-writes.js';
import type { Visit } from '../../support/http-browser.js';
import { type Instance, startInstance } from '../../support/instance.js';
import { answerOf, useStage, wordsOf } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let right: Instance;
let people = 0;
let email: string;
let userId: string;

beforeAll(async () => {
  right = await startInstance({ beside: stage.instance });
  await settings.accept({ otp: true, 'webauthn-roaming': true });
});
afterAll(() => right?.stop());
beforeEach(async () => {
  email = `stolen${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
});

type Visitor = ReturnType<typeof stage.visitor>;
const ticketFor = async (more: object = {}) =>
  String((await stage.instance.api('POST', '/guardian/enrollments/ticket', { user_id: userId, ...more })).ticket_url);
const begin = async ({ browser }: Visitor, link: string, kind = 'otp') =>
  browser.submit(await browser.visit(link), { action: `add:${kind}` });
const finish = ({ browser }: Visitor, form: Visit) =>
  browser.submit(form, { code: totpOf(secretOf(form), new Date()) });
const kinds = async () => (await settings.factorsOf(userId)).map(({ kind }) => kind);
const isRefused = (page: Visit) => wordsOf(page).includes('cannot be used');

/** Begins with the ticket, lets something happen, and finishes: nothing is set up. */
async function afterwards(happens: () => Promise<unknown>) {
  const link = await ticketFor();
  const mallory = stage.visitor();
  const form = await begin(mallory, link);
  await happens();
  const page = await finish(mallory, form);
  expect(isRefused(page)).toBe(true);
  expect(isRefused(await mallory.browser.visit(link))).toBe(true);
}

test('twice: the second use is refused', async () => {
  const link = await ticketFor();
  const [dana, mallory] = [stage.visitor(), stage.visitor()];
  const [first, second] = [await begin(dana, link), await begin(mallory, link)];
  expect(isRefused(await finish(dana, first))).toBe(false);
  expect(isRefused(await finish(mallory, second))).toBe(true);
  expect(isRefused(await mallory.browser.visit(link))).toBe(true);
  expect(await kinds()).toEqual(['otp']);
  expect(await settings.sql('select 1 from tickets where user_id = $1 and used_at is null', [userId])).toEqual([]);
});

test('on two nodes at once: one factor is set up', async () => {
  const link = await ticketFor();
  const away = link.replace(stage.instance.origin, right.origin);
  const [dana, mallory] = [stage.visitor(), stage.visitor()];
  const [first, second] = [await begin(dana, link), await begin(mallory, away)];
  const played = await playInOrder(
    stage.instance.database.pool,
    {
      pool: stage.instance.server.pool,
      matches: /^insert into "factors"/,
      run: () => finish(dana, first),
    },
    { run: () => finish(mallory, second) },
  );
  expect(played.waited, 'the second waits for the account').toBe(true);
  expect([isRefused(played.first), isRefused(played.second)]).toEqual([false, true]);
  expect(await kinds()).toEqual(['otp']);
});

test('the started form of one ticket with the ticket of another person', async () => {
  const mine = await stage.cast.createMember(`mallory${people}@plain.example`);
  const { ticket_url: own } = await stage.instance.api('POST', '/guardian/enrollments/ticket', { user_id: mine });
  const mallory = stage.visitor();
  const form = await begin(mallory, String(own));
  const { ticket } = Object.fromEntries(new URL(await ticketFor()).searchParams);
  const enrolment = /name="enrolment" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const page = await mallory.browser.visit(`${stage.instance.origin}/u/enroll-factor?ticket=${ticket}`, {
    method: 'POST',
    body: new URLSearchParams({ enrolment, kind: 'otp', code: totpOf(secretOf(form), new Date()) }),
    headers: { origin: stage.instance.origin },
  });
  expect(isRefused(page)).toBe(true);
  expect(await kinds()).toEqual([]);
});

test('the started form of another ticket of the same person, which permits another kind', async () => {
  const mallory = stage.visitor();
  const form = await begin(mallory, await ticketFor({ factor: 'otp' }));
  const link = await ticketFor({ factor: 'webauthn-roaming' });
  const enrolment = /name="enrolment" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  const page = await mallory.browser.visit(link, {
    method: 'POST',
    body: new URLSearchParams({ enrolment, kind: 'otp', code: totpOf(secretOf(form), new Date()) }),
    headers: { origin: stage.instance.origin },
  });
  expect(isRefused(page)).toBe(true);
  expect(await kinds()).toEqual([]);
});

test('for a passkey, which would be a way in, or for a kind that it does not permit', async () => {
  for (const kind of ['passkey', 'webauthn-platform', 'recovery-code', 'otp'])
    expect(isRefused(await begin(stage.visitor(), await ticketFor({ factor: 'webauthn-roaming' }), kind))).toBe(true);
  await settings.accept({ otp: true, 'webauthn-roaming': true, 'webauthn-platform': true });
  expect(isRefused(await begin(stage.visitor(), await ticketFor(), 'passkey'))).toBe(true);
  await settings.accept({ otp: true, 'webauthn-roaming': true });
});

test('after an administrator reset the factors', async () => {
  await settings.enrol(email, userId);
  const link = await ticketFor({ allow_multiple_enrollments: true });
  await stage.instance.api('DELETE', `/users/${encodeURIComponent(userId)}/authenticators`);
  expect(isRefused(await stage.visitor().browser.visit(link))).toBe(true);
});

test('after the owner set up a factor of their own', async () => {
  await afterwards(() => settings.enrol(email, userId));
});

test('after an administrator set a password', async () => {
  await afterwards(() =>
    stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { password: `${PASSWORD}-2` }),
  );
});

test('after the owner set a new password by mail', async () => {
  await afterwards(async () => {
    const { ticket } = await stage.instance.api('POST', '/tickets/password-change', { user_id: userId });
    const { browser } = stage.visitor();
    await browser.submit(await browser.visit(String(ticket)), { password: 'Another-horse-8-battery' });
  });
});

test('after the account got another address', async () => {
  await afterwards(() =>
    settings.sql('update users set email = $2 where user_id = $1', [userId, `moved${people}@plain.example`]),
  );
});

test('of somebody who is blocked, and after the block was lifted', async () => {
  const path = `/users/${encodeURIComponent(userId)}`;
  await afterwards(async () => {
    await stage.instance.api('PATCH', path, { blocked: true });
    await stage.instance.api('PATCH', path, { blocked: false });
  });
});

test('of somebody with a factor: the link alone sets up nothing, and neither does a session without the factor', async () => {
  await settings.enrol(email, userId);
  const link = await ticketFor({ allow_multiple_enrollments: true });
  const mallory = stage.visitor();
  const alone = await mallory.browser.submit(await mallory.browser.visit(link), { action: 'add:webauthn-roaming' });
  expect(isRefused(alone)).toBe(true);
  await mallory.redeem(await mallory.withPassword(email));
  const page = await mallory.browser.visit(link);
  expect(wordsOf(page)).toContain('first confirm that it is you');
  expect(isRefused(await mallory.browser.submit(page, { action: 'add:webauthn-roaming' }))).toBe(true);
});

test('the session of another person proves nothing', async () => {
  await settings.enrol(email, userId);
  const link = await ticketFor({ allow_multiple_enrollments: true });
  const other = `other${people}@plain.example`;
  const app = await settings.enrol(other, await stage.cast.createMember(other));
  const mallory = stage.visitor();
  await mallory.redeem(await app.answer(mallory, await mallory.withPassword(other, PASSWORD, STEP_UP)));
  expect(isRefused(await begin(mallory, link, 'webauthn-roaming'))).toBe(true);
});

test('it is no way in, and a ticket for something else does not open here', async () => {
  const mallory = stage.visitor();
  await finish(mallory, await begin(mallory, await ticketFor()));
  expect(answerOf(await mallory.open({ prompt: 'none' })).error).toBe('login_required');
  const { ticket } = await stage.instance.api('POST', '/tickets/password-change', { user_id: userId });
  const url = String(ticket).replace('/u/reset-password', '/u/enroll-factor');
  expect(isRefused(await mallory.browser.visit(url))).toBe(true);
});

test('of an account that a stranger opened: their factor goes with their password, and their ticket too', async () => {
  await settings.sql('update password_credentials set vouched_by = null where user_id = $1', [userId]);
  await settings.sql('update users set email_vouched_by = null where user_id = $1', [userId]);
  const mallory = stage.visitor();
  await finish(mallory, await begin(mallory, await ticketFor()));
  expect(await settings.factorsOf(userId)).toMatchObject([{ kind: 'otp', vouched_by: null }]);
  await settings.sql('delete from factors where user_id = $1', [userId]);
  await afterwards(async () => {
    const { browser } = stage.visitor();
    const { id } = await stage.instance.api('POST', '/jobs/verification-email', { user_id: userId });
    expect(id).toBeDefined();
    const link = (await stage.instance.mail()).find(
      ({ mail }) => mail.to === email && mail.template === 'verify_email',
    );
    await browser.submit(await browser.visit(String(link?.mail.model.url)), {});
  });
});

test('opened in a session of a company: its word does not keep the factor beside a stranger’s password', async () => {
  const sub = `ticket-${people}`;
  stage.cast.people[sub] = { sub, email, email_verified: true };
  await stage.visitor().withPassword(email);
  const boss = stage.visitor();
  await boss.redeem(await boss.signInAtIdp(await boss.accept(await stage.cast.invite(email)), sub));
  await settings.sql('update password_credentials set vouched_by = null where user_id = $1', [userId]);
  expect(isRefused(await finish(boss, await begin(boss, await ticketFor())))).toBe(false);
  expect(await settings.factorsOf(userId)).toMatchObject([{ kind: 'otp', vouched_by: null }]);
});
