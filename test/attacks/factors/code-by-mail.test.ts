/**
 * Attack: Mallory reads a mailbox, or has the password, and looks for a way past the second factor by a code that is
 * mailed. Such a code never counts alone, nor twice, nor for a change of factors, nor where the same mailbox was used.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openAccount, post, press as pressAccount } from '../../support/account-page.js';
import { useActions } from '../../support/actions.js';
import { NEW_PASSWORD, postTo, resetPassword } from '../../support/attack-steps.js';
import { PASSWORD, Visitor } from '../../support/cast.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP } from '../../support/factors.js';
import { playInOrder } from '../../support/held-writes.js';
import type { Visit } from '../../support/http-browser.js';
import { type Instance, startInstance } from '../../support/instance.js';
import { createManualClock } from '../../support/manual-clock.js';
import { ME_SCOPES, METHODS_PATH, me, meAudience, methodPath, registerMyAccount } from '../../support/my-account.js';
import { expectNothingLeft } from '../../support/nothing-left.js';
import { answerOf, linkOf, useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const settings = factorSettings(stage, () => clock.now().getTime());
const USE = 'Get a code by email';
let right: Instance;
let people = 0;
let email: string;
let userId: string;
let app: OtpApp;

beforeAll(async () => {
  right = await startInstance({ beside: stage.instance, clock });
});
afterAll(() => right?.stop());
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  await settings.accept({ otp: true, email: true, 'recovery-code': true });
  email = `mail${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
  clock.advanceMs(60_000);
});

const codesTo = async (address: string) =>
  (await stage.instance.mail()).flatMap(({ mail }) =>
    mail.to === address && mail.template === 'factor_code' ? [String(mail.model.code)] : [],
  );
const offersMail = (page: Visit) => wordsOf(page).includes(USE);
const isIn = (page: Visit) => page.status === 0 && answerOf(page).code !== undefined;
const press = (visitor: Visitor, page: Visit) => {
  const form = page.forms.find(({ fields }) => 'to' in fields);
  if (form === undefined) throw new Error(`no button for a code: ${wordsOf(page)}`);
  // Mails of one moment have no order.
  clock.advanceMs(1_000);
  return visitor.browser.submit(page, { to: String(form.fields.to), action: 'send' });
};

async function asked(visitor: Visitor = stage.visitor(), password = PASSWORD) {
  const page = await visitor.withPassword(email, password, STEP_UP);
  expect(asksForFactor(page), wordsOf(page)).toBe(true);
  return { visitor, page };
}
/** A browser with the page for the code, and the mailed code. */
async function mailed(visitor?: Visitor) {
  const who = await asked(visitor);
  const form = await who.visitor.browser.visit(linkOf(who.page, USE));
  const page = await press(who.visitor, form);
  const code = (await codesTo(email))[0] ?? '';
  expect(code).toMatch(/^\d{6}$/);
  return { ...who, page, code };
}

test('the code signs in once: amr, the log, the receipt', async () => {
  const { visitor, page, code } = await mailed();
  expect(wordsOf(page)).toContain('m***@plain.example');
  const { claims } = await visitor.redeem(await visitor.browser.submit(page, { code }));
  expect(claims).toMatchObject({ sub: userId, amr: ['mfa'] });
  const types = (await settings.sql('select type from logs where user_id = $1', [userId])).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['gd_send_email', 'gd_auth_succeed']));
});

test('a page that is fetched mails nothing, nor does an address that is not the account’s', async () => {
  const { visitor, page } = await asked();
  const url = linkOf(page, USE);
  await visitor.browser.visit(url);
  await visitor.browser.visit(`${url}&action=send&to=email%7Caccount`);
  for (const to of ['mallory@evil.example', 'email|dev_x', ''])
    await postTo(visitor, page, '/u/second-factor?method=email', { action: 'send', to });
  expect(await codesTo(email)).toEqual([]);
  expect((await stage.instance.mail()).filter(({ mail }) => mail.to === 'mallory@evil.example')).toEqual([]);
});

test('no code: nothing that is typed fits', async () => {
  const { visitor, page } = await asked();
  for (const code of ['', '000000'])
    expect(isIn(await postTo(visitor, page, '/u/second-factor?method=email', { code }))).toBe(false);
});

test('five minutes, and not a second more', async () => {
  const { visitor, page, code } = await mailed();
  clock.advanceMs(5 * 60_000);
  const late = await visitor.browser.submit(page, { code });
  expect([late.status, isIn(late)]).toEqual([400, false]);
});

test('a code of another login, and an earlier one of this login', async () => {
  const [dana, mallory] = [await mailed(), await mailed()];
  expect(isIn(await mallory.visitor.browser.submit(mallory.page, { code: dana.code }))).toBe(false);
  const again = await press(dana.visitor, dana.page);
  expect(isIn(await dana.visitor.browser.submit(again, { code: dana.code }))).toBe(false);
  const [newest = ''] = await codesTo(email);
  expect(isIn(await dana.visitor.browser.submit(again, { code: newest }))).toBe(true);
});

test('the same code on two nodes at once, with the cookies of one browser', async () => {
  const left = await mailed();
  const other = new Visitor({ ...stage.cast, instance: right }, left.visitor.browser);
  const played = await playInOrder(
    stage.instance.database.pool,
    {
      pool: stage.instance.server.pool,
      matches: /^with\s+connection_now/,
      run: () => left.visitor.browser.submit(left.page, { code: left.code }),
    },
    { run: () => other.browser.submit(left.page, { code: left.code }) },
  );
  expect([isIn(played.first), isIn(played.second)].filter(Boolean)).toHaveLength(1);
});

test('mail as the only factor: it is not offered, and a policy demands another one', async () => {
  await settings.sql('delete from factors where user_id = $1', [userId]);
  await settings.sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [userId]);
  const { visitor, page } = await asked();
  expect(wordsOf(page)).toContain('Set up a second step');
  expect(offersMail(page)).toBe(false);
  expect(
    isIn(await postTo(visitor, page, '/u/second-factor?method=email', { action: 'send', to: 'email|account' })),
  ).toBe(false);
  expect(await codesTo(email)).toEqual([]);
});

test('an app that the tenant no longer accepts does not make mail count', async () => {
  await settings.accept({ 'webauthn-roaming': true, email: true });
  const page = await stage.visitor().withPassword(email, PASSWORD, STEP_UP);
  expect(offersMail(page)).toBe(false);
});

test('a tenant that has not switched it on', async () => {
  await settings.accept({ otp: true });
  expect(offersMail((await asked()).page)).toBe(false);
});

test('the mailbox sets a new password: it does not pass the factor too, in this login or the next', async () => {
  expect(offersMail((await asked()).page)).toBe(true);
  await resetPassword(stage, email);
  const { visitor, page } = await asked(stage.visitor(), NEW_PASSWORD);
  expect(offersMail(page)).toBe(false);
  expect(
    isIn(await postTo(visitor, page, '/u/second-factor?method=email', { action: 'send', to: 'email|account' })),
  ).toBe(false);
  expect(await codesTo(email)).toEqual([]);
  // Once the app was used, the password is known to be its owner's.
  await settings.wait(userId, app);
  await visitor.redeem(await app.answer(visitor, page));
  clock.advanceMs(60_000);
  expect(offersMail((await asked(stage.visitor(), NEW_PASSWORD)).page)).toBe(true);
});

test('an application mails a link of the Management API: the mailbox sets a new password by it all the same', async () => {
  const { ticket } = await stage.instance.api('POST', '/tickets/password-change', { user_id: userId });
  const { browser } = stage.visitor();
  await browser.submit(await browser.visit(String(ticket)), { password: NEW_PASSWORD });
  expect(offersMail((await asked(stage.visitor(), NEW_PASSWORD)).page)).toBe(false);
});

test('the owner passes the app after their company’s sign-in: that says nothing about a password that a link set', async () => {
  const sub = `mailed-${people}`;
  const companys = { sub, email, email_verified: true };
  stage.cast.people[sub] = companys;
  const invitation = await stage.cast.invite(email);
  const dana = stage.visitor();
  const bind = await dana.signInAtIdp(await dana.accept(invitation), sub);
  await settings.wait(userId, app);
  const bound = await app.answer(dana, bind);
  expect(isIn(bound), wordsOf(bound)).toBe(true);
  await resetPassword(stage, email);
  await settings.wait(userId, app);
  const again = stage.visitor();
  const page = await again.signInAtIdp(
    await again.open({ organization: stage.cast.acme.id, connection: stage.cast.acme.connectionName, ...STEP_UP }),
    sub,
  );
  clock.advanceMs(60_000);
  await again.redeem(await app.answer(again, page));
  const mallory = await asked(stage.visitor(), NEW_PASSWORD);
  expect(offersMail(mallory.page)).toBe(false);
});

test.each([
  ['nobody', null],
  ['an identity provider', 'idp'],
  ['an organization', 'org_x'],
])('an address that %s vouches for', async (_name, voucher) => {
  const who = voucher === 'org_x' ? stage.cast.acme.id : voucher;
  await settings.sql('update users set email_vouched_by = $2 where user_id = $1', [userId, who]);
  expect(offersMail((await asked()).page)).toBe(false);
});

test('a company that signs in as its person: no code goes to a mailbox that it runs', async () => {
  const key = `company${people}`;
  const address = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email: address, email_verified: true };
  await stage.enablement({ assign_membership_on_login: true });
  const come = async (claims: Record<string, unknown> = {}) => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(STEP_UP), address);
    stage.cast.idp.next({ claims });
    return { visitor, page: await visitor.signInAtIdp(page, key) };
  };
  const theirs = new OtpApp(() => clock.now().getTime());
  const first = await come();
  const { claims } = await first.visitor.redeem(await theirs.answer(first.visitor, first.page));
  const id = String(claims.sub);
  await settings.sql(`update users set email_vouched_by = 'mail' where user_id = $1`, [id]);
  const path = `/users/${encodeURIComponent(id)}/authentication-methods`;
  const add = (email: string) => stage.instance.api('POST', path, { type: 'email', email });
  expect(offersMail((await come()).page), 'the asserted address').toBe(false);
  await add(`${key}.two@acme.example`);
  expect(offersMail((await come()).page), 'another mailbox of the domain').toBe(false);
  await add(`${key}@private.example`);
  const own = await come();
  expect(offersMail(own.page), 'a mailbox of the person').toBe(true);
  const form = await own.visitor.browser.visit(linkOf(own.page, USE));
  expect(form.forms.flatMap(({ fields }) => ('to' in fields ? [String(fields.to)] : []))).toHaveLength(1);
  expect(wordsOf(form)).toContain('c***@private.example');
  expect(offersMail((await come({ email: `${key}@private.example` })).page), 'asserted in this login').toBe(false);
  await settings.sql(
    `update identities set profile = jsonb_set(profile, '{email}', to_jsonb($2::text)) where user_id = $1`,
    [id, `${key}@private.example`],
  );
  expect(offersMail((await come({ email: 'x@elsewhere.example' })).page), 'asserted before').toBe(false);
});

test('the address changes while the code is on its way', async () => {
  const { visitor, page, code } = await mailed();
  await settings.sql(`update users set email = 'mallory${people}@evil.example' where user_id = $1`, [userId]);
  expect(isIn(await visitor.browser.submit(page, { code }))).toBe(false);
});

test('a further address: it gets codes, and none after it was removed', async () => {
  const path = `/users/${encodeURIComponent(userId)}/authentication-methods`;
  const to = `further${people}@mail.example`;
  const made = await stage.instance.api<{ id: string }>('POST', path, { type: 'email', email: to });
  const { visitor, page } = await asked();
  const form = await visitor.browser.visit(linkOf(page, USE));
  expect(wordsOf(form)).toContain('f***@mail.example');
  const sent = await visitor.browser.submit(form, { to: made.id, action: 'send' });
  const [code = ''] = await codesTo(to);
  const stored = await settings.sql('select email from users where user_id = $1', [userId]);
  expect(stored).toEqual([{ email }]);
  const other = await asked();
  await visitor.redeem(await visitor.browser.submit(sent, { code }));
  const second = await other.visitor.browser.submit(await other.visitor.browser.visit(linkOf(other.page, USE)), {
    to: made.id,
    action: 'send',
  });
  await settings.sql('delete from factors where id = $1', [made.id]);
  const [next = ''] = await codesTo(to);
  expect(isIn(await other.visitor.browser.submit(second, { code: next }))).toBe(false);
});

test('six codes in an hour: the sixth is not mailed, and the page says so', async () => {
  const { visitor, page } = await mailed();
  let last = page;
  for (let time = 0; time < 4; time++) last = await press(visitor, last);
  const refused = await press(visitor, last);
  expect([refused.status, (await codesTo(email)).length]).toEqual([429, 5]);
  expect(wordsOf(refused)).toContain('Too many codes');
  const other = await asked();
  const form = await other.visitor.browser.visit(linkOf(other.page, USE));
  expect((await press(other.visitor, form)).status, 'another browser shares the limit').toBe(429);
});

test('five wrong codes end the login, and leave the mail and the lines', async () => {
  const before = await stage.instance.snapshot();
  const { visitor, page } = await mailed();
  let last = page;
  for (let time = 0; time < 5; time++) last = await visitor.browser.submit(last, { code: '000000' });
  expect([last.status, (await stage.refusal(last)).details.code]).toEqual([403, 'authenticate.factor_failed']);
  await expectNothingLeft(stage.instance, before, 'secret');
});

test('a change of factors, and the step-up of their API, want another factor', async () => {
  const visitor = stage.visitor();
  const audience = `${stage.instance.origin}/mfa/`;
  const page = await visitor.withPassword(email, PASSWORD, { audience, scope: 'openid remove:authenticators' });
  expect([asksForFactor(page), offersMail(page)]).toEqual([true, false]);
});

test('a session with a code by mail changes no factor, on the page of the account or by its API', async () => {
  await registerMyAccount(stage);
  const path = `/users/${encodeURIComponent(userId)}/authentication-methods`;
  const to = `own${people}@mail.example`;
  const made = await stage.instance.api<{ id: string }>('POST', path, { type: 'email', email: to });
  const before = await settings.sql('select id from factors where user_id = $1 order by id', [userId]);
  const { visitor, page } = await asked();
  const sent = await visitor.browser.submit(await visitor.browser.visit(linkOf(page, USE)), {
    ...{ to: made.id, action: 'send' },
  });
  await visitor.redeem(await visitor.browser.submit(sent, { code: (await codesTo(to))[0] ?? '' }));
  const account = await openAccount(visitor);
  for (const action of ['add:passkey', 'recovery', `remove:${made.id}`])
    expect((await post(visitor.browser, account, { action })).status).toBe(409);
  const login = await pressAccount(visitor.browser, account, 'confirm');
  const confirming = await visitor.browser.submit(await visitor.type(login, email, 'password'), { password: PASSWORD });
  expect([asksForFactor(confirming), offersMail(confirming)], 'a confirmation takes no mail').toEqual([true, false]);
  const scope = `openid ${ME_SCOPES.join(' ')}`;
  const further = await visitor.open({ audience: meAudience(stage), scope });
  expect([asksForFactor(further), offersMail(further)]).toEqual([true, false]);
  const reads = 'openid read:me:authentication_methods';
  const { accessToken } = await visitor.redeem(await visitor.open({ audience: meAudience(stage), scope: reads }));
  for (const type of ['totp', 'email', 'passkey'])
    expect((await me(stage, accessToken, 'POST', METHODS_PATH, { type, email: to })).status).not.toBe(202);
  expect((await me(stage, accessToken, 'DELETE', methodPath(made.id))).status).toBe(403);
  expect(await settings.sql('select id from factors where user_id = $1 order by id', [userId])).toEqual(before);
});

test('somebody with the password and the mailbox is offered no passkey', async () => {
  const path = `/connections/${stage.cast.databaseId}`;
  const methods = (enabled: boolean) => ({
    options: { disable_signup: false, authentication_methods: { password: { enabled: true }, passkey: { enabled } } },
  });
  await stage.instance.api('PATCH', path, methods(true));
  const { visitor, page, code } = await mailed();
  const ended = await visitor.browser.submit(page, { code });
  const owner = await asked();
  const offered = await app.answer(owner.visitor, owner.page);
  await stage.instance.api('PATCH', path, methods(false));
  expect(isIn(ended)).toBe(true);
  expect(wordsOf(offered)).toContain('Sign in faster next time');
});

test('an organization that accepts the app alone', async () => {
  const path = `/organizations/${stage.cast.acme.id}`;
  await stage.instance.api('PATCH', path, { mfa: 'required', mfa_factors: ['otp', 'email'] });
  expect(offersMail((await asked()).page)).toBe(true);
  await stage.instance.api('PATCH', path, { mfa: 'required', mfa_factors: ['otp'] });
  expect(offersMail((await asked()).page)).toBe(false);
  await stage.instance.api('PATCH', path, { mfa: 'none', mfa_factors: [] });
});

test('an Action that asks for mail: beside the app, never alone', async () => {
  const remove = await useActions(stage.instance, 'post-login', {
    name: 'by mail',
    code: `exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('https://n.example/types', event.user.enrolledFactors.map(({ type }) => type));
      api.authentication.challengeWith({ type: 'email' });
    };`,
  });
  try {
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    const sent = await press(visitor, page);
    const [code = ''] = await codesTo(email);
    const { claims } = await visitor.redeem(await visitor.browser.submit(sent, { code }));
    expect(claims).toMatchObject({ amr: ['mfa'], 'https://n.example/types': expect.arrayContaining(['email', 'otp']) });
    await settings.sql('delete from factors where user_id = $1', [userId]);
    await settings.sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [userId]);
    const alone = await stage.visitor().withPassword(email);
    expect(answerOf(alone).error_description).toContain('An MFA challenge is used in a PostLogin action');
  } finally {
    await remove();
  }
});
