/**
 * The page of the account: a person sees where they are signed in and revokes other sessions, sets up and removes
 * second factors, and asks for a new password. Every change needs a fresh proof, and the owner is mailed.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { idsOf, openAccount, post, press, recoveryCodeOf, secretOf, totpOf } from '../support/account-page.js';
import { PASSWORD } from '../support/cast.js';
import { factorSettings, STEP_UP } from '../support/factors.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const NEW_PASSWORD = 'tulip anchor violet 9 Orbit';

const clock = createManualClock();
const stage = useStage({ clock });

const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const accept = (factors: Record<string, boolean>, policies: string[] = []) =>
  sql('update tenant set guardian = $1', [JSON.stringify({ factors, policies })]);
const kindsOf = async (userId: string) =>
  (await sql('select kind from factors where user_id = $1 order by kind', [userId])).map(({ kind }) => kind);

/** Signs a member in and opens the page of their account. */
async function signedIn(email: string) {
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email));
  return { visitor, page: await openAccount(visitor) };
}

beforeAll(() => accept({ otp: true, 'webauthn-platform': true, 'recovery-code': true }));

describe('sessions', () => {
  test('a person sees where they are signed in, and ends their other sessions', async () => {
    await stage.cast.createMember('lou@acme.example');
    const other = await signedIn('lou@acme.example');
    clock.advanceMs(60_000);
    const { visitor, page } = await signedIn('lou@acme.example');
    expect(wordsOf(page)).toContain('Your account');
    expect(wordsOf(page)).toContain('lou@acme.example');
    expect(idsOf(page, 'end')).toHaveLength(2);
    const after = await press(visitor.browser, page, 'end-others');
    expect(wordsOf(after)).toContain('You are signed out everywhere else');
    expect(idsOf(after, 'end')).toHaveLength(1);
    expect(answerOf(await other.visitor.open({ prompt: 'none' })).error).toBe('login_required');
    expect(answerOf(await visitor.open({ prompt: 'none' })).code).toBeDefined();
  });

  test('ending the session of this browser signs out here', async () => {
    const { visitor, page } = await signedIn('lou@acme.example');
    const [here = ''] = idsOf(page, 'end');
    expect(wordsOf(await press(visitor.browser, page, `end:${here}`))).toContain('You are signed out');
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });

  test('the page shows the last sign-ins and the organizations', async () => {
    const { page } = await signedIn('lou@acme.example');
    expect(wordsOf(page)).toContain('Recent sign-ins');
    expect(wordsOf(page)).toContain('Notebook');
    expect(wordsOf(page)).toContain('Your organizations Acme');
  });
});

describe('an address for codes by mail', () => {
  const settings = factorSettings(stage, () => clock.now().getTime());
  const addressesOf = (userId: string) =>
    sql(`select address, vouched_by from factors where user_id = $1 and kind = 'email'`, [userId]);

  /** Signs a new member in with an app, and opens the form for an address. */
  async function addingAddress(email: string) {
    const userId = await stage.cast.createMember(email);
    const app = await settings.enrol(email, userId);
    clock.advanceMs(60_000);
    const visitor = stage.visitor();
    await visitor.redeem(await app.answer(visitor, await visitor.withPassword(email, PASSWORD, STEP_UP)));
    const page = await press(visitor.browser, await openAccount(visitor), 'add-address');
    return { userId, visitor, page };
  }

  test('a person adds one by its code; a wrong code, the own address and no address are refused', async () => {
    await accept({ otp: true, email: true });
    const email = 'zia@acme.example';
    const { userId, visitor, page } = await addingAddress(email);
    expect(page.url.pathname).toBe('/account/address');
    expect(wordsOf(page)).toContain('Add an address for codes');

    for (const [typed, words] of [
      ['nobody', 'Type your email address'],
      [email, 'Your account has this address already.'],
    ] as const) {
      const refused = await visitor.browser.submit(page, { email: typed });
      expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining(words)]);
    }
    const form = await visitor.browser.submit(page, { email: 'Zia@home.example' });
    expect(wordsOf(form)).toContain('We mailed a code to zia@home.example');
    const [mail] = (await stage.instance.mail()).filter(({ mail: one }) => one.to === 'zia@home.example');
    expect(mail?.mail.template).toBe('factor_code');
    const code = String(mail?.mail.model.code);
    const wrong = await visitor.browser.submit(form, { code: code === '000000' ? '000001' : '000000' });
    expect([wrong.status, wordsOf(wrong)]).toEqual([400, expect.stringContaining('This code is wrong')]);
    expect(wordsOf(wrong)).toContain('4 tries are left.');
    expect(await addressesOf(userId)).toEqual([]);
    // The address is the one that was mailed, whatever the form says now.
    const added = await visitor.browser.submit(wrong, { code, email: 'mallory@evil.example' });
    expect(wordsOf(added)).toContain('Your second step is set up');
    expect(await addressesOf(userId)).toEqual([{ address: 'zia@home.example', vouched_by: 'operator' }]);
    expect(wordsOf(added)).toContain('zia@home.example');
  });

  test('each wrong code says how many tries are left, and the last one leads back to the address', async () => {
    const email = 'yan@acme.example';
    const { userId, visitor, page } = await addingAddress(email);
    let form = await visitor.browser.submit(page, { email: 'yan@home.example' });
    expect(wordsOf(form)).not.toContain('left');
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.to === 'yan@home.example');
    const wrong = mails[0]?.mail.model.code === '000000' ? '000001' : '000000';
    for (const left of ['4 tries are left.', '3 tries are left.', '2 tries are left.', 'One try is left.']) {
      form = await visitor.browser.submit(form, { code: wrong });
      expect([form.status, wordsOf(form)]).toEqual([400, expect.stringContaining(left)]);
    }
    form = await visitor.browser.submit(form, { code: wrong });
    expect([form.status, wordsOf(form)]).toEqual([429, expect.stringContaining('There were too many tries')]);
    // The page asks for the address again: another code goes there.
    expect(form.text).toContain('id="email"');
    expect(await addressesOf(userId)).toEqual([]);
  });

  test('where the account has fewer tries left than the code, the page says so, and then how long to wait', async () => {
    const email = 'yul@acme.example';
    const { visitor, page } = await addingAddress(email);
    const begin = (address: string) => visitor.browser.submit(page, { email: address });
    const guess = async (form: Visit) => {
      clock.advanceMs(10_000);
      return visitor.browser.submit(form, { code: 'wrong' });
    };
    let form = await begin('yul@home.example');
    for (let tries = 0; tries < 4; tries++) form = await guess(form);
    form = await begin('yul@work.example');
    for (let tries = 0; tries < 4; tries++) form = await guess(form);
    form = await begin('yul@else.example');
    form = await guess(form);
    expect([form.status, wordsOf(form)]).toEqual([400, expect.stringContaining('One try is left.')]);
    for (const again of [form, await begin('yul@last.example')]) {
      const refused = await guess(again);
      expect([refused.status, wordsOf(refused)]).toEqual([429, expect.stringContaining('Wait an hour')]);
    }
  });

  test('without a fresh factor the page asks for one, and without codes by mail there is no button', async () => {
    const { visitor, page } = await signedIn('zia@acme.example');
    expect(page.text).not.toContain('add-address');
    const asked = await visitor.browser.visit(`${stage.instance.origin}/account/address`);
    expect(asked.url.pathname).toMatch(/^\/u\/login/);
    await accept({ otp: true, 'webauthn-platform': true, 'recovery-code': true });
    await stage.cast.createMember('zac@acme.example');
    const { visitor: zac } = await signedIn('zac@acme.example');
    const refused = await zac.browser.visit(`${stage.instance.origin}/account/address`);
    expect([refused.status, refused.url.pathname]).toEqual([409, '/account/address']);
  });
});

describe('a browser without a session', () => {
  test('signs in at the application that the address names, and comes back to the page', async () => {
    const visitor = stage.visitor();
    const page = await openAccount(visitor, `?client_id=${stage.cast.client.id}&organization=${stage.cast.acme.id}`);
    const back = await visitor.browser.submit(await visitor.type(page, 'lou@acme.example', 'password'), {
      password: PASSWORD,
    });
    expect(back.url.href).toBe(`${stage.instance.origin}/account`);
    expect(wordsOf(back)).toContain('lou@acme.example');
  });

  test('a refused sign-in is shown here: the application hears nothing', async () => {
    await stage.cast.createUser('stranger@gmail.example');
    const visitor = stage.visitor();
    const page = await openAccount(visitor, `?client_id=${stage.cast.client.id}&organization=${stage.cast.acme.id}`);
    const end = await visitor.browser.submit(await visitor.type(page, 'stranger@gmail.example', 'password'), {
      password: PASSWORD,
    });
    expect(end.url.origin).toBe(stage.instance.origin);
    expect(end.status).toBeGreaterThanOrEqual(400);
    expect(end.text).not.toContain('127.0.0.1:9/callback');
  });

  test('is told to sign in at an application when nothing says which', async () => {
    await stage.instance.api('POST', '/clients', {
      name: 'Other',
      app_type: 'regular_web',
      callbacks: ['http://127.0.0.1:9/other'],
    });
    const page = await openAccount(stage.visitor());
    expect(page.status).toBe(401);
    expect(wordsOf(page)).toContain('Sign in at an application first');
  });
});

describe('factors', () => {
  let userId: string;
  let secret: string;

  beforeAll(async () => {
    userId = await stage.cast.createMember('max@acme.example');
  });

  test('after a fresh sign-in a first app is set up, with a recovery code; the owner is mailed', async () => {
    const { visitor, page } = await signedIn('max@acme.example');
    const form = await press(visitor.browser, page, 'add:otp');
    secret = secretOf(form);
    const wrong = await visitor.browser.submit(form, { code: '000000' });
    expect(wrong.status).toBe(400);
    expect(secretOf(wrong)).toBe(secret);
    const shown = await visitor.browser.submit(wrong, { code: totpOf(secret, clock.now()) });
    expect(recoveryCodeOf(shown)).toMatch(/^[A-Z0-9]{24}$/);
    expect(wordsOf(shown)).not.toContain('to sign in to');
    const back = await visitor.browser.submit(shown, {});
    expect(wordsOf(back)).toContain('Authenticator app');
    expect(await kindsOf(userId)).toEqual(['otp', 'recovery-code']);
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.to === 'max@acme.example');
    expect(mails.map(({ mail }) => mail.template)).toContain('factor_changed');
    expect(await sql('select distinct vouched_by from factors where user_id = $1', [userId])).toHaveLength(1);
  });

  test('a stored address for codes by mail is listed, and is no second step alone: no sign-in asks for it', async () => {
    const other = await stage.cast.createMember('kim@acme.example');
    const path = `/users/${encodeURIComponent(other)}/authentication-methods`;
    await stage.instance.api('POST', path, { type: 'email', email: 'kim@home.example' });
    const { page } = await signedIn('kim@acme.example');
    expect(wordsOf(page)).toContain('You have no second step yet');
    expect(idsOf(page, 'remove')).toEqual([expect.stringMatching(/^email\|dev_/)]);
  });

  test('with a factor, the page first asks for it; then it may be removed', async () => {
    const { visitor, page } = await signedIn('max@acme.example');
    expect(idsOf(page, 'remove')).toEqual([]);
    const login = await press(visitor.browser, page, 'confirm');
    clock.advanceMs(30_000);
    const asked = await visitor.browser.submit(await visitor.type(login, 'max@acme.example', 'password'), {
      password: PASSWORD,
    });
    expect(asked.url.pathname).toBe('/u/second-factor');
    const back = await visitor.browser.submit(asked, { code: totpOf(secret, clock.now()) });
    expect(back.url.pathname).toBe('/account');
    const renewed = await press(visitor.browser, back, 'recovery');
    expect(recoveryCodeOf(renewed)).toMatch(/^[A-Z0-9]{24}$/);
    const [app = ''] = idsOf(back, 'remove').filter((id) => id.startsWith('totp|'));
    const removed = await press(visitor.browser, back, `remove:${app}`);
    expect(wordsOf(removed)).toContain('It is removed');
    // The recovery code stood in for the app alone.
    expect(await kindsOf(userId)).toEqual([]);
    const lines = await sql("select type from logs where user_id = $1 and type like 'gd_%' order by date", [userId]);
    expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['gd_enrollment_complete', 'gd_unenroll']));
  });

  test('a sign-in older than a quarter of an hour changes nothing', async () => {
    const { visitor } = await signedIn('max@acme.example');
    clock.advanceMs(15 * 60_000 + 1);
    const page = await openAccount(visitor);
    expect(wordsOf(page)).toContain('Confirm that it is you');
    const refused = await post(visitor.browser, page, { action: 'add:otp' });
    expect(refused.status).toBe(409);
  });
});

describe('the password', () => {
  test('is changed by a mailed link', async () => {
    const { visitor, page } = await signedIn('lou@acme.example');
    const form = await press(visitor.browser, page, 'change-password');
    const sent = await visitor.browser.submit(form, { action: 'link' });
    expect(wordsOf(sent)).toContain('The link is on its way');
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.to === 'lou@acme.example');
    expect(mails.map(({ mail }) => mail.template)).toContain('password_reset');
  });

  test('is changed by the old one: this browser stays signed in, every other is signed out, and the owner is mailed', async () => {
    const email = 'pia@acme.example';
    await stage.cast.createMember(email);
    const other = await signedIn(email);
    const { visitor, page } = await signedIn(email);
    const form = await press(visitor.browser, page, 'change-password');
    expect(form.url.pathname).toBe('/account/password');
    const weak = await visitor.browser.submit(form, { old: PASSWORD, password: 'short' });
    expect(weak.status).toBe(400);
    const wrong = await visitor.browser.submit(weak, { old: 'not the old one', password: NEW_PASSWORD });
    expect(wordsOf(wrong)).toContain('This is not your current password');
    const done = await visitor.browser.submit(wrong, { old: PASSWORD, password: NEW_PASSWORD });
    expect(wordsOf(done)).toContain('Your new password is saved');
    expect(answerOf(await other.visitor.open({ prompt: 'none' })).error).toBe('login_required');
    expect(answerOf(await visitor.open({ prompt: 'none' })).code).toBeDefined();
    const again = stage.visitor();
    const asked = await again.type(await again.open({}), email, 'password');
    expect(answerOf(await again.browser.submit(asked, { password: NEW_PASSWORD })).code).toBeDefined();
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.to === email);
    expect(mails.map(({ mail }) => mail.template)).toContain('password_changed');
    const lines = await sql("select type from logs where type in ('scp', 'fcp') order by date, type");
    expect(lines.map(({ type }) => type)).toEqual(['fcp', 'scp']);
  });

  test('is not offered to people who have none', async () => {
    const userId = await stage.cast.createMember('rue@acme.example');
    const { visitor } = await signedIn('rue@acme.example');
    await sql('delete from password_credentials where user_id = $1', [userId]);
    const page = await openAccount(visitor);
    expect(page.text).not.toContain('value="change-password"');
    const form = await visitor.browser.visit(`${stage.instance.origin}/account/password`);
    expect(form.status).toBe(409);
  });
});

describe('the language', () => {
  test('is chosen for this browser: pages, sign-ins and mails have it, until the choice is taken back', async () => {
    await sql("update tenant set enabled_locales = '{en,de,ja}'");
    const { visitor, page } = await signedIn('lou@acme.example');
    const german = await post(visitor.browser, page, { action: 'language', language: 'de' });
    expect(wordsOf(german)).toContain('Die Sprache ist gespeichert');
    expect(wordsOf(await visitor.open({ prompt: 'login' }))).toContain('Weiter');
    await post(visitor.browser, german, { action: 'password' });
    const sent = (await stage.instance.mail()).filter(({ mail }) => mail.template === 'password_reset').at(-1);
    expect(JSON.stringify(sent)).toContain('de');
    const english = await post(visitor.browser, german, { action: 'language', language: '' });
    expect(wordsOf(english)).toContain('The language is saved');
    expect(wordsOf(await post(visitor.browser, page, { action: 'language', language: 'xx' }))).toContain('is saved');
  });
});
