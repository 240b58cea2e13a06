/**
 * Attacks on the change of the password and of an authenticator app on the page of the account: guesses at the old password,
 * a company's session, a stolen password without the factor, an app of another person, and a confirmation that comes late.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashSecret } from '../../../src/kernel/ids.js';
import { deviceSubject, namedSubject } from '../../../src/login/attempt-subjects.js';
import { idsOf, openAccount, post, press, recoveryCodeOf, secretOf, totpOf } from '../../support/account-page.js';
import { PASSWORD, type Visitor } from '../../support/cast.js';
import { createManualClock } from '../../support/manual-clock.js';
import { answerOf, useStage, wordsOf } from '../../support/stage.js';

const NEW_PASSWORD = 'tulip anchor violet 9 Orbit';
const clock = createManualClock();
const stage = useStage({ clock });
const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const factorsOf = (userId: string) => sql('select id, kind from factors where user_id = $1 order by id', [userId]);
const hashOf = async (userId: string) =>
  (await sql('select hash, vouched_by from password_credentials where user_id = $1', [userId]))[0];

beforeAll(() =>
  sql('update tenant set guardian = $1', [JSON.stringify({ factors: { otp: true, 'recovery-code': true } })]),
);
beforeEach(() => clock.advanceMs(3_600_000));

async function signedIn(email: string) {
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email));
  return visitor;
}

/** Posts to the page for a new password, whether or not it was shown. */
function postPassword(visitor: Visitor, fields: Record<string, string>) {
  const { origin } = stage.instance;
  const body = new URLSearchParams({ action: 'default', password: NEW_PASSWORD, ...fields });
  return visitor.browser.visit(`${origin}/account/password`, { method: 'POST', body, headers: { origin } });
}

/** A member with an app, who has just passed it. */
async function withApp(email: string) {
  const userId = await stage.cast.createMember(email);
  const first = await signedIn(email);
  const form = await press(first.browser, await openAccount(first), 'add:otp');
  const secret = secretOf(form);
  const shown = await first.browser.submit(form, { code: totpOf(secret, clock.now()) });
  expect(recoveryCodeOf(shown)).toBeDefined();
  const visitor = await signedIn(email);
  const login = await press(visitor.browser, await openAccount(visitor), 'confirm');
  const asked = await visitor.browser.submit(await visitor.type(login, email, 'password'), { password: PASSWORD });
  clock.advanceMs(30_000);
  const page = await visitor.browser.submit(asked, { code: totpOf(secret, clock.now()) });
  const [appId = ''] = idsOf(page, 'remove').filter((id) => id.startsWith('totp|'));
  return { email, userId, secret, visitor, page, appId };
}

const DANA = 'dana@acme.example';

/** A company's session of an account that also has a password, in a browser that never saw the password. */
async function throughCompany() {
  const [known] = await sql('select user_id from users where email = $1', [DANA]);
  const userId = known === undefined ? await stage.cast.createMember(DANA) : String(known.user_id);
  const first = stage.visitor();
  let page = await first.throughSso('dana', DANA);
  if (page.url.pathname === '/u/proof')
    page = await first.browser.submit(page, { code: await stage.mailedCode(DANA), action: 'code' });
  await first.redeem(page);
  await sql('delete from sessions where user_id = $1', [userId]);
  const again = stage.visitor();
  await again.redeem(await again.throughSso('dana', DANA));
  return { userId, again };
}

describe('the old password', () => {
  test('is guessed at an unlocked computer only as often as at the sign-in', async () => {
    const userId = await stage.cast.createMember('gus@acme.example');
    const visitor = await signedIn('gus@acme.example');
    const before = await hashOf(userId);
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      clock.advanceMs(4_000);
      statuses.push((await postPassword(visitor, { old: `guess ${i}` })).status);
    }
    expect(statuses).toContain(429);
    // The right one is refused as well while the limit lasts.
    expect((await postPassword(visitor, { old: PASSWORD })).status).toBe(429);
    expect(await hashOf(userId)).toEqual(before);
    const lines = await sql("select 1 from logs where user_id = $1 and type = 'fcp'", [userId]);
    expect(lines.length).toBe(statuses.filter((status) => status === 400).length);
  });

  test('is not enough where the account has a factor', async () => {
    const { email, userId } = await withApp('hugo@acme.example');
    const before = await hashOf(userId);
    const thief = await signedIn(email);
    const answer = await postPassword(thief, { old: PASSWORD });
    expect(answer.url.pathname).toMatch(/^\/u\/login/);
    expect(await hashOf(userId)).toEqual(before);
    // Nor is it compared: somebody without the factor learns nothing about it.
    const guess = await postPassword(thief, { old: 'a guess' });
    expect([guess.status, guess.url.pathname]).toEqual([answer.status, answer.url.pathname]);
    expect(await sql("select 1 from logs where user_id = $1 and type = 'fcp'", [userId])).toEqual([]);
  });

  test('is not enough in a company’s session of an account with another way in', async () => {
    const { userId, again } = await throughCompany();
    const before = await hashOf(userId);
    expect((await postPassword(again, { old: PASSWORD })).status).toBe(409);
    expect(await hashOf(userId)).toEqual(before);
  });

  // Attack: each browser in which the company chooses a language gets attempts of its own at the password.
  test('cannot be guessed with the allowance of a known browser after a company’s sign-in', async () => {
    const { userId, again: company } = await throughCompany();
    const saved = await post(company.browser, await openAccount(company), { action: 'language', language: 'de' });
    expect(saved.url.searchParams.get('done')).toBe('language');
    await company.withPassword(DANA, 'a guess', { prompt: 'login' });
    const counted = (subject: string) =>
      sql('select 1 from attempt_counters where subject_hash = $1', [hashSecret(subject)]);
    expect(await counted(namedSubject('password', DANA))).not.toEqual([]);
    expect(await counted(deviceSubject('password', userId))).toEqual([]);
  });

  test('does not make a password that nobody vouches for one that is vouched for', async () => {
    const userId = await stage.cast.createMember('ivo@acme.example');
    await sql('update password_credentials set vouched_by = null where user_id = $1', [userId]);
    const visitor = await signedIn('ivo@acme.example');
    expect(wordsOf(await postPassword(visitor, { old: PASSWORD }))).toContain('Your new password is saved');
    expect(await hashOf(userId)).toMatchObject({ vouched_by: null });
  });

  test('opens no password for an account without one, and none after it was ended', async () => {
    const userId = await stage.cast.createMember('jan@acme.example');
    const visitor = await signedIn('jan@acme.example');
    await sql("update password_credentials set hash = '!' where user_id = $1", [userId]);
    expect((await postPassword(visitor, { old: '!' })).status).toBe(409);
    await sql('delete from password_credentials where user_id = $1', [userId]);
    expect((await postPassword(visitor, { old: PASSWORD })).status).toBe(409);
    expect(await hashOf(userId)).toBeUndefined();
  });

  test('ends every other session, code, refresh token and link', async () => {
    const userId = await stage.cast.createMember('kay@acme.example');
    await signedIn('kay@acme.example');
    const visitor = await signedIn('kay@acme.example');
    await press(visitor.browser, await openAccount(visitor), 'change-password');
    await postPassword(visitor, { action: 'link' });
    await postPassword(visitor, { old: PASSWORD });
    expect(await sql('select 1 from sessions where user_id = $1', [userId])).toHaveLength(1);
    const open = await sql(
      `select 1 from refresh_tokens where user_id = $1 and revoked_at is null
       union all select 1 from authorization_codes where user_id = $1 and used_at is null
       union all select 1 from tickets where user_id = $1 and used_at is null`,
      [userId],
    );
    expect(open).toEqual([]);
  });
});

describe('an app in place of another', () => {
  test('is stored with the removal of the old one, and only after its code was right', async () => {
    const owner = await withApp('lea@acme.example');
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
    const before = await factorsOf(owner.userId);
    const form = await press(owner.visitor.browser, owner.page, `replace:${owner.appId}`);
    const wrong = await owner.visitor.browser.submit(form, { code: '000000' });
    expect(wrong.status).toBe(400);
    expect(await factorsOf(owner.userId)).toEqual(before);
    const done = await owner.visitor.browser.submit(wrong, { code: totpOf(secretOf(wrong), clock.now()) });
    expect(wordsOf(done)).toContain('Your second step is set up');
    const after = await factorsOf(owner.userId);
    expect(after.map(({ kind }) => kind).sort()).toEqual(['otp', 'recovery-code']);
    expect(after.map(({ id }) => id)).not.toContain(owner.appId);
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'none' });
    // The form once more: the app that it replaces is gone.
    const twice = await owner.visitor.browser.submit(wrong, { code: totpOf(secretOf(wrong), clock.now()) });
    expect(twice.status).toBe(409);
    expect(await factorsOf(owner.userId)).toEqual(after);
  });

  test('needs the factor: a stolen password replaces nothing', async () => {
    const owner = await withApp('moe@acme.example');
    const before = await factorsOf(owner.userId);
    const thief = await signedIn(owner.email);
    const refused = await post(thief.browser, await openAccount(thief), { action: `replace:${owner.appId}` });
    expect(refused.status).toBe(409);
    expect(await factorsOf(owner.userId)).toEqual(before);
  });

  test('takes no place of another person’s app, nor of a recovery code', async () => {
    const victim = await withApp('nil@acme.example');
    const owner = await withApp('oda@acme.example');
    const code = (await factorsOf(owner.userId)).find(({ kind }) => kind === 'recovery-code')?.id;
    for (const id of [victim.appId, String(code), 'totp|dev_x']) {
      const refused = await post(owner.visitor.browser, owner.page, { action: `replace:${id}` });
      expect(refused.status).toBe(409);
    }
    expect(await factorsOf(victim.userId)).toHaveLength(2);
  });

  test('comes too late after a reset', async () => {
    const owner = await withApp('pam@acme.example');
    const form = await press(owner.visitor.browser, owner.page, `replace:${owner.appId}`);
    await sql('delete from factors where user_id = $1', [owner.userId]);
    await sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [owner.userId]);
    const late = await owner.visitor.browser.submit(form, { code: totpOf(secretOf(form), clock.now()) });
    expect(late.status).toBe(409);
    expect(await factorsOf(owner.userId)).toEqual([]);
  });
});

test('the 21st passkey gets a sentence', async () => {
  await sql('update tenant set guardian = $1', [JSON.stringify({ factors: { 'webauthn-platform': true } })]);
  const userId = await stage.cast.createMember('quin@acme.example');
  const visitor = await signedIn('quin@acme.example');
  await sql(
    `insert into factors (user_id, id, kind, vouched_by, created_at, confirmed_at)
     select $1, 'passkey|dev_' || n, 'passkey', 'operator', $2, $2 from generate_series(1, 20) n`,
    [userId, clock.now()],
  );
  await sql(`update sessions set methods = $2 where user_id = $1`, [
    userId,
    JSON.stringify([{ name: 'mfa', type: 'passkey', timestamp: clock.now().toISOString() }]),
  ]);
  const page = await openAccount(visitor);
  const refused = await press(visitor.browser, page, 'add:passkey');
  expect(refused.status).toBe(409);
  expect(wordsOf(refused)).toContain('as many of these as an account can have');
  expect(answerOf(await visitor.open({ prompt: 'none' })).code).toBeDefined();
});
