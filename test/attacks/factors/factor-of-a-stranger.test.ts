/**
 * Attack: Mallory knows Dana's password, or runs Dana's company, and sets up a factor of her own: where Dana has one, beside
 * Dana, in a login that is refused, or with a company's sign-in.
 */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { setOrder, useActions } from '../../support/actions.js';
import { postTo } from '../../support/attack-steps.js';
import { PASSWORD } from '../../support/cast.js';
import { diffSnapshots } from '../../support/database.js';
import { asksForFactor, factorSettings, OtpApp, recoveryCodeOf, secretOf } from '../../support/factors.js';
import { answerOf, useStage, wordsOf } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let email: string;
let key: string;
let userId: string;
let people = 0;

beforeAll(() => settings.accept({ otp: true, 'recovery-code': true }));
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  await settings.requireAt('required');
  key = `own${++people}`;
  email = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  userId = await stage.cast.createMember(email);
});

async function byPassword() {
  const visitor = stage.visitor();
  return { visitor, page: await visitor.withPassword(email) };
}
const kinds = async () => (await settings.factorsOf(userId)).map(({ kind }) => kind);

test('where Dana has a factor, hers is asked for, and no other is set up', async () => {
  await settings.enrol(email, userId);
  const before = await settings.factorsOf(userId);
  const { visitor, page } = await byPassword();
  expect(secretOf(page)).toBeUndefined();
  expect(wordsOf(page)).toContain('Enter the code');
  const own = new OtpApp();
  own.secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  for (const method of ['otp', 'passkey', 'webauthn-roaming']) {
    const fields = { code: own.code(), secret: own.secret };
    const said = await postTo(visitor, page, `/u/second-factor?method=${method}`, fields);
    expect(said.url.searchParams.has('code')).toBe(false);
  }
  expect(await settings.factorsOf(userId)).toEqual(before);
});

test('begun before Dana set up hers, and finished afterwards: Dana’s is asked for', async () => {
  const mallory = await byPassword();
  const hers = new OtpApp();
  hers.secret = secretOf(mallory.page);
  await settings.enrol(email, userId);
  const before = await settings.factorsOf(userId);
  const next = await mallory.visitor.browser.submit(mallory.page, { code: hers.code() });
  expect(asksForFactor(next)).toBe(true);
  expect([secretOf(next), recoveryCodeOf(next)]).toEqual([undefined, undefined]);
  expect(wordsOf(next)).toContain('Enter the code');
  expect(await settings.factorsOf(userId)).toEqual(before);
});

test('her recovery code waits while Dana sets up a factor, and nobody asks for one any more: hers is not written', async () => {
  const mallory = await byPassword();
  const hers = new OtpApp();
  hers.secret = secretOf(mallory.page);
  const waiting = await mallory.visitor.browser.submit(mallory.page, { code: hers.code() });
  expect(recoveryCodeOf(waiting)).toMatch(/^[A-Z0-9]{24}$/);
  await settings.enrol(email, userId);
  // As a security key would be: nothing keeps two of these apart but the version of the account's factors.
  await settings.sql('delete from factors where user_id = $1', [userId]);
  await settings.requireAt('none');
  const { claims } = await mallory.visitor.redeem(await mallory.visitor.browser.submit(waiting, {}));
  expect([claims.sub, claims.amr]).toEqual([userId, undefined]);
  expect(await kinds()).toEqual([]);
});

test('twice at once: one is set up, and the other login is asked for it', async () => {
  const [one, two] = [await byPassword(), await byPassword()];
  const [a, b] = [new OtpApp(), new OtpApp()];
  const done = await one.visitor.redeem(await a.answer(one.visitor, one.page));
  expect(done.claims.sub).toBe(userId);
  b.secret = secretOf(two.page);
  const next = await two.visitor.browser.submit(two.page, { code: b.code() });
  expect(wordsOf(next)).toContain('Enter the code');
  await settings.wait(userId, a);
  expect((await two.visitor.redeem(await a.answer(two.visitor, next))).claims.sub).toBe(userId);
  expect(await kinds()).toEqual(['otp', 'recovery-code']);
});

test('an operator resets the factors while the question is open: the person sets up a new one', async () => {
  const app = await settings.enrol(email, userId);
  const { visitor, page } = await byPassword();
  await stage.instance.api('DELETE', `/users/${encodeURIComponent(userId)}/authentication-methods`);
  const next = await visitor.browser.submit(page, { code: app.code() });
  expect(secretOf(next), wordsOf(next)).toMatch(/^[A-Z2-7]{32}$/);
  const fresh = new OtpApp();
  expect((await visitor.redeem(await fresh.answer(visitor, next))).claims.sub).toBe(userId);
});

test('a login that is refused leaves no factor', async () => {
  const { visitor, page } = await byPassword();
  const app = new OtpApp();
  app.secret = secretOf(page);
  const waiting = await visitor.browser.submit(page, { code: app.code() });
  await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
  const before = await stage.instance.snapshot();
  const refused = await visitor.browser.submit(waiting, {});
  expect(answerOf(refused).error).toBe('access_denied');
  expect(Object.keys(diffSnapshots(before, await stage.instance.snapshot()))).toEqual(['logs']);
});

test('an Action that refuses is heard before anybody is asked', async () => {
  const code = `exports.onExecutePostLogin = async (event, api) => { api.access.deny('no'); };`;
  const remove = await useActions(stage.instance, 'post-login', { name: 'deny', code });
  const before = await stage.instance.snapshot();
  expect(answerOf((await byPassword()).page).error).toBe('access_denied');
  const changed = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed.factors).toBeUndefined();
  await remove();
});

test('a company’s sign-in sets up nothing for an account that has a password', async () => {
  await settings.requireAt('none');
  const first = stage.visitor();
  await first.redeem(await first.throughSso(key, email));
  await settings.requireAt('required');
  const refused = await stage.visitor().throughSso(key, email);
  expect((await stage.refusal(refused)).details.code).toBe('authenticate.no_accepted_factor');
  expect(await kinds()).toEqual([]);
  // Nor by the session that it opened before.
  expect((await stage.refusal(await first.open())).details.code).toBe('authenticate.no_accepted_factor');
});

test.each(['after_actions', 'before_actions'] as const)(
  'a silent link is no way around Dana’s factor, %s',
  async (order) => {
    const app = await settings.enrol(email, userId);
    await settings.requireAt('none');
    await setOrder(stage.instance, order);
    const code = 'exports.onExecutePostLogin = async () => {};';
    const remove = await useActions(stage.instance, 'post-login', { name: `link-${order}`, code });
    try {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const page = await visitor.throughSso(key, email);
      expect(asksForFactor(page), page.url.href).toBe(true);
      expect(Object.keys(diffSnapshots(before, await stage.instance.snapshot()))).toEqual([]);
      expect((await visitor.redeem(await app.answer(visitor, page))).claims.sub).toBe(userId);
    } finally {
      await remove();
      await setOrder(stage.instance, 'after_actions');
    }
  },
);

test('sessions of before a binding, with a factor or without, are over', async () => {
  const app = await settings.enrol(email, userId);
  const former = stage.visitor();
  const asked = await former.withPassword(email, PASSWORD);
  await former.redeem(await app.answer(former, asked));
  await settings.wait(userId, app);
  const visitor = stage.visitor();
  await visitor.redeem(await app.answer(visitor, await visitor.throughSso(key, email)));
  expect(answerOf(await former.open({ prompt: 'none' })).error).toBe('login_required');
});
