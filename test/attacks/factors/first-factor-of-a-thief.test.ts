/**
 * Attack: Mallory knows Nora's password, and sets up the first second factor of her account, so that a new password no longer
 * helps Nora. The mail about it has a link that removes it. The link must be no way around a factor that Nora relies on.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAccount, press, totpOf } from '../../support/account-page.js';
import { NEW_PASSWORD, resetPassword } from '../../support/attack-steps.js';
import { createAuthenticator } from '../../support/authenticator.js';
import { PASSWORD } from '../../support/cast.js';
import { diffSnapshots } from '../../support/database.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP } from '../../support/factors.js';
import type { Visit } from '../../support/http-browser.js';
import { createManualClock } from '../../support/manual-clock.js';
import { METHODS_PATH, me, methodPath, myToken, registerMyAccount } from '../../support/my-account.js';
import { linkOf, useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const settings = factorSettings(stage, () => clock.now().getTime());
const HOUR = 3_600_000;
let people = 0;
let email: string;
let userId: string;

beforeAll(async () => {
  await registerMyAccount(stage);
  await settings.accept({ otp: true, 'webauthn-roaming': true, 'recovery-code': true });
});
beforeEach(async () => {
  await settings.sql('delete from attempt_counters');
  email = `nora${++people}@acme.example`;
  userId = await stage.cast.createMember(email);
});

const mails = async () =>
  (await stage.instance.mail())
    .map(({ mail }) => mail)
    .filter(({ to, template }) => to === email && template === 'factor_changed')
    .map(({ model }) => model as { readonly change: string; readonly url?: string; readonly expiresAt?: string });

/** Signs in with the password, and sets up an app where the page asks for it. */
async function enter(password = PASSWORD) {
  const [visitor, app] = [stage.visitor(), new OtpApp(() => clock.now().getTime())];
  const page = await visitor.withPassword(email, password, { ...STEP_UP, scope: 'openid offline_access' });
  const tokens = await visitor.redeem(await app.answer(visitor, page));
  return { visitor, app, tokens };
}

const linkFrom = async () => String((await mails()).find(({ url }) => url !== undefined)?.url);
const click = async (link: string) => {
  const { browser } = stage.visitor();
  return browser.submit(await browser.visit(link), { action: 'default' });
};

const optionsIn = ({ text }: Visit) =>
  (/data-passkey-create="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"');

const countLines = async (words: string) => {
  const [row] = await settings.sql(
    "select count(*)::int as n from logs l where to_jsonb(l)::text like '%' || $1 || '%'",
    [words],
  );
  return Number(row?.n);
};

/** Uses a link that must be refused, by both requests, and checks that nothing changed and the log says why. */
async function expectRefused(link: string, why: string): Promise<void> {
  const lines = await countLines(why);
  const before = await stage.instance.snapshot();
  const { browser } = stage.visitor();
  const page = await browser.visit(link);
  expect(page.status).toBe(400);
  expect(wordsOf(page)).toContain('This link cannot be used');
  const response = await fetch(link, { method: 'POST', redirect: 'manual' });
  expect(response.status).toBe(400);
  const { logs: _lines, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed).toEqual({});
  expect(await countLines(why)).toBe(lines + 2);
}

describe('the owner', () => {
  test('ends the factor, the password and every session with one button, and comes back by mail', async () => {
    const thief = await enter();
    const before = await stage.instance.snapshot();
    const [mail] = await mails();
    expect(mail?.expiresAt).toBe(new Date(clock.now().getTime() + 72 * HOUR).toISOString());
    const { browser } = stage.visitor();
    const page = await browser.visit(String(mail?.url));
    expect(wordsOf(page)).toContain('Remove the second factor');
    expect(diffSnapshots(before, await stage.instance.snapshot()), 'a scanner of mails opens every link').toEqual({});

    const done = await browser.submit(page, { action: 'default' });
    expect(wordsOf(done)).toContain('The second factor is removed');
    expect(await settings.factorsOf(userId)).toEqual([]);
    expect(await settings.sql('select 1 from sessions where user_id = $1', [userId])).toEqual([]);
    expect(
      await settings.sql('select 1 from refresh_tokens where user_id = $1 and revoked_at is null', [userId]),
    ).toEqual([]);
    expect((await mails()).map(({ change }) => change).sort()).toEqual(['added', 'reset']);
    const line = (await stage.logs()).find(({ type, user_id: of }) => type === 'gd_unenroll' && of === userId);
    expect(line?.description).toContain('by the link in the mail');

    expect((await thief.visitor.open({ prompt: 'none' })).url.searchParams.get('error')).toBe('login_required');
    expect((await stage.visitor().withPassword(email)).status, 'the password').toBe(400);
    const account = await openAccount(thief.visitor);
    expect(account.url.pathname).not.toBe('/account');

    await resetPassword(stage, email);
    await enter(NEW_PASSWORD);
    expect((await settings.factorsOf(userId)).length).toBeGreaterThan(0);
    await expectRefused(String(mail?.url), 'used before');
  });

  test('gets the link whichever way the factor came: here by the My Account API, beside an address for codes', async () => {
    const path = `/users/${encodeURIComponent(userId)}/authentication-methods`;
    await stage.instance.api('POST', path, { type: 'email', email: `home-${email}` });
    clock.advanceMs(1000);
    const token = await myToken(stage, stage.visitor(), email);
    const { body } = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
    const otp_code = totpOf(String(body.manual_input_code), clock.now());
    const { auth_session } = body;
    await me(stage, token, 'POST', `${methodPath(body.id)}/verify`, { auth_session, otp_code });
    expect((await mails()).filter(({ url }) => url !== undefined)).toHaveLength(1);
    expect((await click(await linkFrom())).status).toBe(200);
    expect(await settings.factorsOf(userId)).toEqual([]);
  });

  test('ends the rest where the thief has removed the factor again', async () => {
    const thief = await enter();
    const link = await linkFrom();
    await settings.sql('delete from factors where user_id = $1', [userId]);
    expect((await click(link)).status).toBe(200);
    expect((await thief.visitor.open({ prompt: 'none' })).url.searchParams.get('error')).toBe('login_required');
    expect((await stage.visitor().withPassword(email)).status, 'the password').toBe(400);
  });

  test('of two clicks at once only one does it', async () => {
    await enter();
    const link = await linkFrom();
    const answers = await Promise.all([1, 2, 3].map(() => fetch(link, { method: 'POST', redirect: 'manual' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect((await mails()).filter(({ change }) => change === 'reset')).toHaveLength(1);
  });

  test('race: sets a new password by mail at the same moment, and neither waits for the other for ever', async () => {
    for (const name of ['ria', 'rob', 'rosa', 'roy']) {
      email = `${name}@acme.example`;
      userId = await stage.cast.createMember(email);
      await enter();
      const owner = stage.visitor();
      const page = await owner.type(await owner.open(), email, 'password');
      await owner.browser.submit(await owner.browser.visit(linkOf(page, 'Forgot')), { username: email });
      const sent = (await stage.instance.mail()).map(({ mail }) => mail).filter(({ to }) => to === email);
      const reset = String(sent.find(({ template }) => template === 'password_reset')?.model.url);
      const body = new URLSearchParams({ password: NEW_PASSWORD });
      const [stopped, changed] = await Promise.all([
        fetch(await linkFrom(), { method: 'POST', redirect: 'manual' }),
        fetch(reset, { method: 'POST', redirect: 'manual', body }),
      ]);
      // The link for a password ends where the other one was faster.
      expect([stopped.status, [200, 400].includes(changed.status)]).toEqual([200, true]);
      expect(await settings.factorsOf(userId)).toEqual([]);
    }
  });

  test('fault: where one write fails, nothing is changed', async () => {
    await enter();
    const link = await linkFrom();
    const before = await stage.instance.snapshot();
    const written = [
      'tickets',
      'factors',
      'users',
      'password_credentials',
      'sessions',
      'refresh_tokens',
      'outbox',
      'logs',
    ];
    await settings.sql(`create function refuse_write() returns trigger language plpgsql as
      $$ begin raise exception 'refused by the test'; end $$`);
    for (const table of written) {
      await settings.sql(`create trigger refused before insert or update or delete on ${table}
        for each statement execute function refuse_write()`);
      expect((await fetch(link, { method: 'POST', redirect: 'manual' })).status, table).toBe(500);
      await settings.sql(`drop trigger refused on ${table}`);
      expect(diffSnapshots(before, await stage.instance.snapshot()), table).toEqual({});
    }
    expect((await click(link)).status).toBe(200);
  });
});

describe('the link is no way around a factor', () => {
  test('that is older than the mail: a further factor has no link, and an earlier link ends', async () => {
    await enter();
    const link = await linkFrom();
    await settings.sql("update factors set confirmed_at = confirmed_at - interval '1 millisecond' where user_id = $1", [
      userId,
    ]);
    await expectRefused(link, 'older than the mail');
  });

  test('of an account with a factor: what is added later comes without a link', async () => {
    const { app } = await enter();
    clock.advanceMs(60_000);
    const visitor = stage.visitor();
    await visitor.redeem(await app.answer(visitor, await visitor.withPassword(email, PASSWORD, STEP_UP)));
    const form = await press(visitor.browser, await openAccount(visitor), 'add:webauthn-roaming');
    const { origin } = stage.instance;
    const device = createAuthenticator({ origin, rpId: new URL(origin).hostname });
    await visitor.browser.submit(form, { answer: device.create(optionsIn(form)) });
    const added = await mails();
    expect(added.map(({ change }) => change)).toEqual(['added', 'added']);
    expect(added.filter(({ url }) => url !== undefined)).toHaveLength(1);
  });

  test('after three days', async () => {
    await enter();
    const link = await linkFrom();
    clock.advanceMs(72 * HOUR);
    await expectRefused(link, 'expired at');
  });

  test('for the former owner of the address', async () => {
    await enter();
    const link = await linkFrom();
    await settings.sql('update users set email = $2 where user_id = $1', [userId, `new-${email}`]);
    await expectRefused(link, 'another address');
  });

  test('of an operator: their mailbox alone does not open the console', async () => {
    await enter();
    const link = await linkFrom();
    const [console_] = await settings.sql('select organization_id from operators');
    await settings.sql(
      `insert into members (organization_id, user_id, via, created_at) values ($1, $2, 'management', now())`,
      [console_?.organization_id, userId],
    );
    await expectRefused(link, 'operator reset-factors');
  });

  test('by a link of another kind, nor the other way round', async () => {
    await enter();
    const stop = new URL(await linkFrom());
    await resetPassword(stage, email);
    const reset = (await stage.instance.mail())
      .map(({ mail }) => mail)
      .find(({ to, template }) => to === email && template === 'password_reset');
    const ticket = new URL(String(reset?.model.url)).searchParams.get('ticket');
    await expectRefused(`${stop.origin}${stop.pathname}?ticket=${ticket}`, 'not one of ours');
    await expectRefused(`${stop.origin}/u/reset-password${stop.search}`, 'not one of ours');
    await expectRefused(`${stop.href.slice(0, -2)}AA`, 'not one of ours');
  });
});

test('a person whom nobody asks for a factor gets no such mail', async () => {
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email);
  expect(asksForFactor(page)).toBe(false);
  await visitor.redeem(page);
  expect(await mails()).toEqual([]);
});
