/**
 * A ticket for a second factor: an administrator mails a link, and the person sets up a factor with it in a browser. The
 * link signs nobody in, and works once.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { recoveryCodeOf, secretOf, totpOf } from '../support/account-page.js';
import { createAuthenticator } from '../support/authenticator.js';
import { PASSWORD } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP } from '../support/factors.js';
import type { Visit } from '../support/http-browser.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

/** Milliseconds by which the server's clock is ahead. */
let ahead = 0;
const stage = useStage({ clock: { ...systemClock, now: () => new Date(Date.now() + ahead) } });
const settings = factorSettings(stage);
let people = 0;
let email: string;
let userId: string;

beforeAll(() => settings.accept({ otp: true, 'webauthn-roaming': true, 'recovery-code': true }));
beforeEach(async () => {
  email = `ticket${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
});

const ticketFor = async (more: object = {}) =>
  String((await stage.instance.api('POST', '/guardian/enrollments/ticket', { user_id: userId, ...more })).ticket_url);
afterEach(() => {
  ahead = 0;
});

const choose = async ({ browser }: ReturnType<typeof stage.visitor>, page: Visit | Promise<Visit>, action: string) =>
  browser.submit(await page, { action });
/** The options that the page's script would give to `navigator.credentials.create`. */
const creationOf = ({ text }: Visit) =>
  (/data-passkey-create="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"');

test('the mailed link: a look changes nothing, an app is set up, the owner is mailed, the next sign-in asks for it', async () => {
  await ticketFor({ send_mail: true, email_locale: 'de' });
  const mail = (await stage.instance.mail()).find(({ mail: one }) => one.to === email)?.mail;
  expect(mail?.template).toBe('enrollment_email');
  const visitor = stage.visitor();
  const before = await stage.instance.snapshot();
  const page = await visitor.browser.visit(String(mail?.model.url));
  expect(wordsOf(page)).toContain('Set up a second step');
  expect(wordsOf(page)).toContain(email);
  expect(wordsOf(page)).toContain('Set up a security key');
  expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});

  const form = await choose(visitor, page, 'add:otp');
  const secret = secretOf(form);
  const wrong = await visitor.browser.submit(form, { code: '000000' });
  expect([wrong.status, secretOf(wrong)]).toEqual([400, secret]);
  const done = await visitor.browser.submit(wrong, { code: totpOf(secret, new Date()) });
  expect(wordsOf(done)).toContain('Your second step is set up');
  expect(recoveryCodeOf(done)).toMatch(/^[A-Z0-9]{24}$/);
  expect(await settings.factorsOf(userId)).toMatchObject([{ kind: 'otp' }, { kind: 'recovery-code' }]);
  const mails = (await stage.instance.mail()).filter(({ mail: one }) => one.to === email);
  expect(mails.map(({ mail: one }) => one.template)).toContain('factor_changed');
  const lines = await settings.sql(`select type from logs where user_id = $1 and type like 'gd%' order by position`, [
    userId,
  ]);
  expect(lines.map(({ type }) => type)).toEqual([
    'gd_start_enroll',
    'gd_enrollment_complete',
    'gd_enrollment_complete',
  ]);

  expect(answerOf(await visitor.open({ prompt: 'none' })).error, 'nobody was signed in').toBe('login_required');
  const app = new OtpApp();
  app.secret = secret;
  await settings.wait(userId, app);
  const asked = await visitor.withPassword(email, PASSWORD, STEP_UP);
  expect(asksForFactor(asked)).toBe(true);
  await visitor.redeem(await app.answer(visitor, asked));
});

test('a person who has a factor signs in with it first, and opens the link again', async () => {
  const app = await settings.enrol(email, userId);
  await settings.sql(`delete from factors where user_id = $1 and kind = 'recovery-code'`, [userId]);
  const link = await ticketFor({ allow_multiple_enrollments: true });
  const visitor = stage.visitor();
  const page = await visitor.browser.visit(link);
  expect(wordsOf(page)).toContain('first confirm that it is you');
  expect(page.text).not.toContain('add:');
  await visitor.redeem(await app.answer(visitor, await visitor.withPassword(email, PASSWORD, STEP_UP)));
  const again = await visitor.browser.visit(link);
  expect(again.text).toContain('add:webauthn-roaming');
  expect(again.text).not.toContain('add:otp');
});

test('the button of that page leads to the sign-in', async () => {
  await settings.enrol(email, userId);
  const visitor = stage.visitor();
  const page = await visitor.browser.visit(await ticketFor({ allow_multiple_enrollments: true }));
  const next = await choose(visitor, page, 'confirm');
  expect(next.url.pathname).toMatch(/^\/u\/login/);
});

test('a security key is set up; one that another account has is refused, and the link still works', async () => {
  const { origin } = stage.instance;
  const site = { origin, rpId: new URL(origin).hostname };
  const visitor = stage.visitor();
  const link = await ticketFor({ factor: 'webauthn-roaming' });
  const start = () => choose(visitor, visitor.browser.visit(link), 'add:webauthn-roaming');
  const key = createAuthenticator(site);
  const form = await start();
  const made = key.create(creationOf(form));
  const known = JSON.parse(made).id as string;
  await settings.sql(
    `insert into factors (user_id, id, kind, credential_id, confirmed_at, created_at)
     values ($1, 'webauthn-roaming|dev_known', 'webauthn-roaming', $2, now(), now())`,
    [await stage.cast.createMember(`other-${email}`), known],
  );
  const refused = await visitor.browser.submit(form, { answer: made });
  expect(refused.status).toBe(400);
  expect(wordsOf(refused)).toContain('is in use already');
  expect(await settings.factorsOf(userId)).toEqual([]);

  const again = await start();
  const done = await visitor.browser.submit(again, { answer: createAuthenticator(site).create(creationOf(again)) });
  expect(wordsOf(done)).toContain('Your second step is set up');
  expect(await settings.factorsOf(userId)).toMatchObject([{ kind: 'recovery-code' }, { kind: 'webauthn-roaming' }]);
});

test('after eleven minutes at the picture: the page says so and starts again, and the link still works', async () => {
  const visitor = stage.visitor();
  const link = await ticketFor();
  const form = await choose(visitor, visitor.browser.visit(link), 'add:otp');
  ahead = 11 * 60_000;
  const late = await visitor.browser.submit(form, { code: totpOf(secretOf(form), new Date(Date.now() + ahead)) });
  expect(late.status).toBe(400);
  expect(wordsOf(late)).toContain('Start again');
  expect(await settings.factorsOf(userId)).toEqual([]);
  const next = await choose(visitor, late, 'add:otp');
  await visitor.browser.submit(next, { code: totpOf(secretOf(next), new Date(Date.now() + ahead)) });
  expect(await settings.factorsOf(userId)).toHaveLength(2);
});

test('an account whose stored address has capital letters', async () => {
  await settings.sql('update users set email = upper(email) where user_id = $1', [userId]);
  const page = await stage.visitor().browser.visit(await ticketFor());
  expect(page.text).toContain('add:otp');
});
