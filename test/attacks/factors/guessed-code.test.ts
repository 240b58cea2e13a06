/**
 * Attack: Mallory knows the password and guesses at the second factor: in many logins, by every method, in many browsers,
 * from many networks. The tries of an account count together, and a right code after too many wrong ones does not get in.
 */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { PASSWORD } from '../../support/cast.js';
import { factorSettings, type OtpApp, STEP_UP } from '../../support/factors.js';
import type { Visit } from '../../support/http-browser.js';
import { linkOf, useStage, wordsOf } from '../../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' } });
const settings = factorSettings(stage);
let email: string;
let userId: string;
let app: OtpApp;
let people = 0;

beforeAll(() => settings.accept({ otp: true, 'recovery-code': true }));
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  email = `guess${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
  await stage.instance.database.pool.query('delete from attempt_counters');
});

async function question(ip?: string) {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return { visitor, page: await visitor.withPassword(email, PASSWORD, STEP_UP) };
}
const codeOf = async (page: Visit) => (await stage.refusal(page)).details.code;

test('the sixth answer to one question is not looked at, also in a copy of the browser', async () => {
  const { visitor, page } = await question();
  const copy = visitor.browser.clone();
  for (let tries = 0; tries < 4; tries++) await visitor.browser.submit(page, { code: '000000' });
  const last = await visitor.browser.submit(page, { code: '000000' });
  expect(last.status).toBe(403);
  const right = await copy.submit(page, { code: app.code() });
  expect(right.status, wordsOf(right)).toBe(403);
  expect(await codeOf(right)).toBe('authenticate.factor_failed');
});

test('tries in several logins and by several methods count together', async () => {
  const first = await question();
  for (let tries = 0; tries < 5; tries++) await first.visitor.browser.submit(first.page, { code: '000000' });
  const second = await question();
  const recovery = await second.visitor.browser.visit(linkOf(second.page, 'Use a recovery code'));
  for (let tries = 0; tries < 5; tries++) await second.visitor.browser.submit(recovery, { code: 'A'.repeat(24) });
  const third = await question();
  const refused = await third.visitor.browser.submit(third.page, { code: app.code() });
  expect(await codeOf(refused)).toBe('authenticate.too_many_attempts');
  // The limit of factors lasts an hour, that of passwords a quarter.
  expect(wordsOf(refused)).toContain('Wait an hour');
});

// Attack: the page invites to tries that count against the account and lead nowhere, and so shuts its owner out.
test('each wrong code says how many tries the account has left, and the last one how long to wait', async () => {
  const first = await question();
  for (let tries = 0; tries < 4; tries++) await first.visitor.browser.submit(first.page, { code: '000000' });
  const second = await question();
  for (let tries = 0; tries < 3; tries++) await second.visitor.browser.submit(second.page, { code: '000000' });
  const third = await question();
  for (const left of ['2 tries are left.', 'One try is left.']) {
    const wrong = await third.visitor.browser.submit(third.page, { code: '000000' });
    expect([wrong.status, wordsOf(wrong)]).toEqual([400, expect.stringContaining(left)]);
  }
  const last = await third.visitor.browser.submit(third.page, { code: '000000' });
  expect(wordsOf(last)).toContain('Wait an hour');
  expect(await codeOf(last)).toBe('authenticate.too_many_attempts');
});

test('tries from many client addresses, each in a network of its own, count together', async () => {
  const answerFrom = async (ip: string, code: string, times = 1) => {
    const { visitor, page } = await question(ip);
    let end = page;
    for (let time = 0; time < times; time++) end = await visitor.browser.submit(page, { code });
    return end;
  };
  // Five tries end a login, so no address reaches its own limit of ten.
  for (let network = 0; network < 6; network++)
    expect(await codeOf(await answerFrom(`198.51.${network}.1`, '000000', 5))).toBe(
      // The thirtieth try is the last one of the account.
      network < 5 ? 'authenticate.factor_failed' : 'authenticate.too_many_attempts',
    );
  for (const ip of ['198.51.0.1', '192.0.2.7', '2001:db8:7::1']) {
    const refused = await stage.refusal(await answerFrom(ip, app.code()));
    expect(refused.details.code, ip).toBe('authenticate.too_many_attempts');
    expect(refused.details.trace?.at(-1)?.evidence).toMatchObject({ limit: 'for_address', most: 30 });
  }
  // Another account answers from these addresses: the limit is that of the account.
  const other = `beside-${email}`;
  const own = await settings.enrol(other, await stage.cast.createMember(other));
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = '198.51.0.1';
  await visitor.redeem(await own.answer(visitor, await visitor.withPassword(other, PASSWORD, STEP_UP)));
});

test('a wrong code in a login whose password was wrong is never asked for', async () => {
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email, 'not the password', STEP_UP);
  expect(page.url.pathname).toBe('/u/login/password');
  expect(await settings.sql("select 1 from logs where details::text like '%second_factor%' and type = 'fp'")).toEqual(
    [],
  );
});
