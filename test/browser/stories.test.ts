/** The main stories in a real browser: through the pages that people see, with the cookies that a browser really sends. */
import type { Page as Tab } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { claimsOf, readAnswer, useBrowserStage } from '../support/browser-stage.js';
import { PASSWORD } from '../support/cast.js';
import { noChromium } from '../support/chromium.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';

describe.skipIf(noChromium())('stories in Chromium', () => {
  const stage = useBrowserStage();
  const heading = (tab: Tab) => tab.locator('h1').textContent();
  /** All but the mark of a browser in which somebody has signed in before: it stays after a sign-out and opens nothing. */
  const sessionCookies = async (tab: Tab) =>
    (await tab.context().cookies(stage.instance.origin))
      .map((cookie) => cookie.name)
      .filter((name) => name !== 'vestibule_device');

  /** At the page that asks for the address. */
  async function typeAddress(tab: Tab, email: string): Promise<void> {
    await tab.fill('#username', email);
    await tab.press('#username', 'Enter');
  }

  async function signInAtIdp(tab: Tab, login: string): Promise<void> {
    await tab.fill('#login', login);
    await tab.press('#login', 'Enter');
  }

  async function signInWithPassword(tab: Tab, email: string): Promise<void> {
    await tab.goto(stage.login());
    await tab.fill('#username', email);
    await tab.getByRole('button', { name: 'Use a password instead' }).click();
    await tab.fill('#password', PASSWORD);
    await tab.press('#password', 'Enter');
  }

  describe('01 invited newcomer', () => {
    test('Ivy opens the link, accepts, signs in at the company, and is in', async () => {
      const invitation = await stage.cast.invite('ivy@acme.example');
      const { tab } = await stage.open();
      await tab.goto(stage.application.invitationUrl(invitation.url));
      await stage.look(tab, '01-invitation');
      expect(await tab.locator('main').textContent()).toContain('ivy@acme.example');
      await tab.getByRole('button', { name: 'Accept invitation' }).press('Enter');
      await signInAtIdp(tab, 'ivy');
      expect(await claimsOf(tab, stage.application)).toMatchObject({
        org_id: stage.cast.acme.id,
        email: 'ivy@acme.example',
      });
      expect(await sessionCookies(tab)).toEqual(['vestibule_session']);
    });

    test('the link opened a second time says so at the application', async () => {
      const invitation = await stage.cast.invite('ivo@acme.example');
      stage.cast.people.ivo = { sub: 'idp-ivo', email: 'ivo@acme.example', email_verified: true };
      const { tab } = await stage.open();
      for (const round of [1, 2]) {
        await tab.goto(stage.application.invitationUrl(invitation.url));
        if (round === 1) {
          await tab.getByRole('button', { name: 'Accept invitation' }).click();
          await signInAtIdp(tab, 'ivo');
          await claimsOf(tab, stage.application);
        }
      }
      const answer = await readAnswer(tab, stage.application);
      expect(answer).toMatchObject({ error: 'invalid_request', description: 'invitation not found or already used' });
      expect((await stage.findRefusal(answer.reference as string)).details.code).toBe('identify.invitation_not_found');
    });

    test('without JavaScript, all the way', async () => {
      stage.cast.people.nils = { sub: 'idp-nils', email: 'nils@acme.example', email_verified: true };
      const invitation = await stage.cast.invite('nils@acme.example');
      const { tab } = await stage.open({ javaScriptEnabled: false });
      await tab.goto(stage.application.invitationUrl(invitation.url));
      await tab.getByRole('button', { name: 'Accept invitation' }).click();
      await signInAtIdp(tab, 'nils');
      await tab.waitForURL(`${stage.application.origin}/me`);
      expect(await tab.content()).toContain('nils@acme.example');
    });
  });

  describe('02 existing member', () => {
    test('Dana signs in with the keyboard alone, and is who she was', async () => {
      const dana = await stage.cast.createMember('dana@acme.example');
      const before = await stage.instance.snapshot();
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await stage.look(tab, '02-identifier');
      // No pointer from here on: the field has the focus, Enter presses Continue.
      await tab.waitForFunction(() => document.activeElement?.id === 'username');
      await tab.keyboard.type('dana@acme.example');
      await tab.keyboard.press('Enter');
      await tab.waitForURL(`${stage.cast.idp.issuer}/**`);
      expect(await tab.inputValue('#login'), 'the address goes along as a hint').toBe('dana@acme.example');
      await tab.keyboard.press('Tab');
      await tab.keyboard.press('Control+a');
      await tab.keyboard.type('dana');
      await tab.keyboard.press('Enter');
      expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(changed.identities?.added).toMatchObject([{ user_id: dana, bound_by: 'silent' }]);
      expect(changed.password_credentials).toBeUndefined();
    });

    test('two tabs with unfinished logins do not disturb each other', async () => {
      const first = await stage.cast.createMember('tia@acme.example');
      stage.cast.people.tia = { sub: 'idp-tia', email: 'tia@acme.example', email_verified: true };
      const { context, tab: left } = await stage.open();
      const right = await context.newPage();
      await left.goto(stage.login());
      await right.goto(stage.login());
      await typeAddress(left, 'tia@acme.example');
      await right.fill('#username', 'nobody@gmail.example');
      await right.press('#username', 'Enter');
      await right.waitForURL('**/u/login/password**');
      expect(await right.locator('main').textContent()).toContain('nobody@gmail.example');
      // The application keeps one login of its own at a time, so the one begun last is the one that it takes.
      await right.getByRole('link', { name: /not you/i }).click();
      await typeAddress(right, 'tia@acme.example');
      await signInAtIdp(right, 'tia');
      expect(await claimsOf(right, stage.application)).toMatchObject({ sub: first });
      await left.waitForURL(`${stage.cast.idp.issuer}/**`);
      const answered = left.waitForRequest((request) =>
        request.url().startsWith(`${stage.application.origin}/callback`),
      );
      await signInAtIdp(left, 'tia');
      expect(new URL((await answered).url()).searchParams.get('code'), 'the other login ended too').not.toBeNull();
    });
  });

  describe('03 stranger', () => {
    test('Sam is refused, the application hears why, the log has it, and nothing is left', async () => {
      const before = await stage.instance.snapshot();
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'sam@acme.example');
      await signInAtIdp(tab, 'sam');
      const answer = await readAnswer(tab, stage.application);
      expect(answer).toMatchObject({
        error: 'access_denied',
        description: `user oidc|acme-oidc|idp-sam is not part of the ${stage.cast.acme.id} organization`,
      });
      const line = await stage.findRefusal(answer.reference as string);
      expect(line).toMatchObject({ type: 'f', details: { code: 'admit.not_a_member' } });
      await expectNothingLeft(stage.instance, before);
      expect(await sessionCookies(tab)).toEqual([]);
    });
  });

  describe('08 a member who is not at the IdP', () => {
    test('reads what happened with a reference, and gets in with the password', async () => {
      const olga = await stage.cast.createMember('olga@acme.example');
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'olga@acme.example');
      await signInAtIdp(tab, 'olga');
      expect(await heading(tab)).toBe('Your company did not sign you in');
      await stage.look(tab, '08-idp-denied');
      expect((await stage.refusalOn(tab)).details).toMatchObject({ code: 'authenticate.idp_denied' });
      await tab.getByRole('link', { name: 'Use a password instead' }).click();
      await stage.look(tab, '08-password');
      await tab.fill('#password', 'not it');
      await tab.press('#password', 'Enter');
      await tab.getByText('Wrong email or password.').first().waitFor();
      await stage.look(tab, '08-wrong-password');
      await tab.fill('#password', PASSWORD);
      await tab.press('#password', 'Enter');
      expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: olga });
    });

    test('under required the right password leads to a clear page and on to the company', async () => {
      await stage.cast.createMember('ola@acme.example');
      const path = `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.acme.connectionId}`;
      await stage.instance.api('PATCH', path, { sso_rollout: 'required' });
      try {
        const { tab } = await stage.open();
        await signInWithPassword(tab, 'ola@acme.example');
        await tab.getByText('Reference').first().waitFor();
        expect(await heading(tab)).toBe('Your company signs you in');
        await stage.look(tab, '08-sso-required');
        expect((await stage.refusalOn(tab)).details).toMatchObject({ code: 'admit.sso_required' });
        const { tab: other } = await stage.open();
        await signInWithPassword(other, 'ola@acme.example');
        await other.getByRole('link', { name: 'Back to the application' }).click();
        expect(await readAnswer(other, stage.application)).toMatchObject({ error: 'access_denied' });
        // The page leads on: the address is there already, and the company's sign-in is one click away.
        stage.cast.people.ola = { sub: 'idp-ola', email: 'ola@acme.example', email_verified: true };
        await tab.getByRole('link', { name: 'Sign in at your company' }).click();
        await tab.press('#username', 'Enter');
        await signInAtIdp(tab, 'ola');
        expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'ola@acme.example' });
      } finally {
        await stage.instance.api('PATCH', path, { sso_rollout: 'optional' });
      }
    });
  });

  describe('09 unverified twin', () => {
    test('Uma proves the old account with the mailed code', async () => {
      const uma = await stage.cast.createMember('uma@acme.example', { verified: false });
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'uma@acme.example');
      await signInAtIdp(tab, 'uma');
      await tab.locator('#code').waitFor();
      await stage.look(tab, '09-proof');
      const code = await stage.mailedCode('uma@acme.example');
      await tab.fill('#code', code === '000000' ? '000001' : '000000');
      await tab.press('#code', 'Enter');
      await tab.getByText('This code is wrong').first().waitFor();
      await stage.look(tab, '09-wrong-code');
      await tab.getByRole('link', { name: /password/i }).click();
      await stage.look(tab, '09-proof-password');
      await tab.getByRole('link', { name: /code/i }).click();
      await tab.fill('#code', `${code.slice(0, 3)} ${code.slice(3)}`);
      await tab.press('#code', 'Enter');
      expect(await claimsOf(tab, stage.application)).toMatchObject({ sub: uma, email: 'uma@acme.example' });
    });

    test('five wrong codes end it with a page, and nothing is left', async () => {
      await stage.cast.createMember('ulf@acme.example', { verified: false });
      stage.cast.people.ulf = { sub: 'idp-ulf', email: 'ulf@acme.example', email_verified: true };
      const before = await stage.instance.snapshot();
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'ulf@acme.example');
      await signInAtIdp(tab, 'ulf');
      await tab.locator('#code').waitFor();
      const code = await stage.mailedCode('ulf@acme.example');
      for (let round = 1; round <= 5; round++) {
        await tab.fill('#code', code === '000000' ? '000001' : '000000');
        await Promise.all([tab.waitForResponse((r) => r.request().method() === 'POST'), tab.press('#code', 'Enter')]);
      }
      await tab.getByText('Reference').first().waitFor();
      await stage.look(tab, '09-proof-failed');
      expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.proof_failed');
      await expectNothingLeft(stage.instance, before, 'secret');
    });
  });

  describe('24 invitation in a browser where somebody else is signed in', () => {
    test('the page says who is signed in and offers to switch; the invitation survives and works', async () => {
      await stage.cast.createMember('mia@acme.example');
      stage.cast.people.jan = { sub: 'idp-jan', email: 'jan@acme.example', email_verified: true };
      const { tab } = await stage.open();
      await signInWithPassword(tab, 'mia@acme.example');
      expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'mia@acme.example' });
      const invitation = await stage.cast.invite('jan@acme.example');
      await tab.goto(stage.application.invitationUrl(invitation.url));
      const words = await tab.locator('main').textContent();
      expect(words).toContain('mia@acme.example');
      expect(words).toContain('jan@acme.example');
      await stage.look(tab, '24-somebody-else');
      await tab.reload();
      await tab.getByRole('button', { name: /switch|another|sign out/i }).click();
      await signInAtIdp(tab, 'jan');
      expect(await claimsOf(tab, stage.application)).toMatchObject({ email: 'jan@acme.example' });
    });
  });

  describe('passwords', () => {
    test('invited to a password: the account is opened on the way; forgotten, it is replaced by the mailed link', async () => {
      const invitation = await stage.cast.invite('bob@gmail.example', { connectionId: undefined });
      const { tab } = await stage.open();
      // The link as the mail has it: it carries the seal that proves the mailbox.
      const link = invitation.url.replace(invitation.ticket, invitation.mailed);
      await tab.goto(stage.application.invitationUrl(link));
      await stage.look(tab, 'password-invitation');
      await tab.getByRole('button', { name: 'Accept invitation' }).click();
      await tab.locator('#password').waitFor();
      await tab.fill('#name', 'Bob Builder');
      await tab.fill('#password', 'short');
      await tab.press('#password', 'Enter');
      await tab.locator('[aria-invalid="true"]').waitFor();
      await stage.look(tab, 'sign-up-too-short');
      await tab.fill('#password', PASSWORD);
      await tab.press('#password', 'Enter');
      const { sub } = await claimsOf(tab, stage.application);

      const { tab: later } = await stage.open();
      await later.goto(stage.login());
      await typeAddress(later, 'bob@gmail.example');
      await later.getByRole('link', { name: 'Forgot your password?' }).click();
      await later.locator('#username').waitFor();
      await stage.look(later, 'forgot');
      await later.press('#username', 'Enter');
      await later.getByText(/mail/i).first().waitFor();
      await later.locator('#username').waitFor({ state: 'detached' });
      await stage.look(later, 'forgot-sent');
      const mail = (await stage.instance.mail()).find(
        (item) => item.mail.to === 'bob@gmail.example' && item.mail.template === 'password_reset',
      );
      await later.goto(mail?.mail.model.url as string);
      await stage.look(later, 'reset');
      await later.fill('#password', 'Another-horse-8-battery');
      await later.press('#password', 'Enter');
      await later.locator('#password').waitFor({ state: 'detached' });
      await stage.look(later, 'reset-done');
      await later.goto(stage.login());
      await typeAddress(later, 'bob@gmail.example');
      await later.fill('#password', 'Another-horse-8-battery');
      await later.press('#password', 'Enter');
      expect(await claimsOf(later, stage.application)).toMatchObject({ sub, email: 'bob@gmail.example' });
    });
  });

  describe('signing out', () => {
    test('from the application at once; by a link of somebody else only after a question', async () => {
      await stage.cast.createMember('zoe@gmail.example');
      const { tab } = await stage.open();
      await signInWithPassword(tab, 'zoe@gmail.example');
      await claimsOf(tab, stage.application);
      await tab.goto(`${stage.instance.origin}/oidc/logout`);
      await stage.look(tab, 'sign-out');
      expect(await sessionCookies(tab)).toEqual(['vestibule_session']);
      await tab.getByRole('button').first().click();
      expect(await heading(tab)).toMatch(/signed out/i);
      await stage.look(tab, 'signed-out');
      expect(await sessionCookies(tab)).toEqual([]);

      await signInWithPassword(tab, 'zoe@gmail.example');
      await claimsOf(tab, stage.application);
      await tab.goto(`${stage.application.origin}/logout`);
      expect(await readAnswer(tab, stage.application)).toEqual({ signedIn: false });
      expect(await sessionCookies(tab)).toEqual([]);
    });
  });

  describe('the buttons of the browser', () => {
    test('back from the password keeps the address; back after signing in harms nothing', async () => {
      await stage.cast.createMember('bea@gmail.example');
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'bea@gmail.example');
      await tab.locator('#password').waitFor();
      await tab.goBack();
      expect(await tab.inputValue('#username')).toBe('bea@gmail.example');
      await tab.press('#username', 'Enter');
      await tab.fill('#password', PASSWORD);
      await tab.press('#password', 'Enter');
      await claimsOf(tab, stage.application);
      await tab.goBack();
      expect(await heading(tab)).toBe('This sign-in cannot be continued');
      await stage.look(tab, 'back-after-signing-in');
      expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.unknown_transaction');
      await tab.goto(stage.login());
      expect(await claimsOf(tab, stage.application), 'still signed in').toMatchObject({ email: 'bea@gmail.example' });
    });

    test('the callback opened again is a clear page with a reference, as often as it is reloaded', async () => {
      stage.cast.people.rob = { sub: 'idp-rob', email: 'rob@acme.example', email_verified: true };
      await stage.cast.createMember('rob@acme.example');
      const { tab } = await stage.open();
      const callbacks: string[] = [];
      tab.on('request', (request) => {
        if (request.url().startsWith(`${stage.instance.origin}/login/callback`)) callbacks.push(request.url());
      });
      await tab.goto(stage.login());
      await typeAddress(tab, 'rob@acme.example');
      await signInAtIdp(tab, 'rob');
      await claimsOf(tab, stage.application);
      const before = await stage.instance.snapshot();
      const replay = await tab.goto(callbacks[0] ?? '');
      expect(replay?.status()).toBe(400);
      expect(await heading(tab)).toBe('This sign-in cannot be continued');
      await tab.reload();
      await stage.look(tab, 'callback-replayed');
      expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.unknown_transaction');
      await expectNothingLeft(stage.instance, before);
    });

    test('an IdP that answers nonsense, and one that is away', async () => {
      const { tab } = await stage.open();
      await tab.goto(stage.login());
      await typeAddress(tab, 'dana@acme.example');
      stage.cast.idp.next({ claims: { nonce: 'of another login' } });
      await signInAtIdp(tab, 'dana');
      await tab.getByText('Reference').first().waitFor();
      await stage.look(tab, '30-idp-invalid');
      expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.idp_invalid');
      await tab.goto(stage.login());
      await typeAddress(tab, 'dana@acme.example');
      stage.cast.idp.next({ token: 'status-500' });
      await signInAtIdp(tab, 'dana');
      await tab.getByText('Reference').first().waitFor();
      await stage.look(tab, '30-idp-unreachable');
      expect((await stage.refusalOn(tab)).details.code).toBe('authenticate.idp_unreachable');
    });
  });
});
