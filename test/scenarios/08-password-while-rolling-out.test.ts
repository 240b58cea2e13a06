/**
 * Story 08: a member with a password who does not exist at the company's IdP. While the rollout is optional he gets in with his
 * password; when it is required he reads why not, and a break-glass member still gets in.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectSameSeat } from '../support/attendance.js';
import { PASSWORD } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { linkOf, linksOf, useStage, wordsOf } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let olga: string;

  beforeAll(async () => {
    olga = await stage.cast.createMember('olga@acme.example');
    await stage.cast.createMember('olga@gmail.example');
  });

  describe('optional', () => {
    test('home realm discovery sends her to the IdP, which does not know her; the page offers the password, and she is in', async () => {
      const visitor = stage.visitor();
      const denied = await visitor.throughSso('olga', 'olga@acme.example');
      expect(denied.status).toBe(403);
      expect((await stage.refusal(denied)).details.code).toBe('authenticate.idp_denied');
      expect(linksOf(denied)).toEqual(['Try again', 'Use a password instead', 'Back to the application']);
      const page = await visitor.browser.visit(linkOf(denied, 'Use a password instead'));
      const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
      expect(claims).toMatchObject({ sub: olga, org_id: stage.cast.acme.id });
    });

    test('she may say at once that she has a password', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.withPassword('olga@acme.example'));
      expect(claims.sub).toBe(olga);
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(changed.identities).toBeUndefined();
      expectSameSeat(changed);
    });

    test('she may say so before she types her address: Continue then leads to the password', async () => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), '', 'password');
      expect(page.status).toBe(400);
      expect(page.text.match(/name="action" value="\w+"/g)).toEqual(['name="action" value="password"']);
      const next = await visitor.type(page, 'olga@acme.example', 'password');
      expect(next.url.pathname).toBe('/u/login/password');
    });

    test('a contractor of another domain is asked for the password without more', async () => {
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open(), 'olga@gmail.example');
      expect(page.url.pathname).toBe('/u/login/password');
      await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    });
  });

  describe('required', () => {
    const breakGlass = (value: boolean) =>
      stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(olga)}`, {
        break_glass: value,
      });
    beforeAll(() => stage.enablement({ sso_rollout: 'required' }));
    afterAll(() => stage.enablement({ sso_rollout: 'optional' }));

    test('the right password gets a clear page, and nothing is left', async () => {
      const before = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const refused = await visitor.withPassword('olga@acme.example');
      expect(refused.status).toBe(403);
      expect(wordsOf(refused)).toContain('This organization asks people of your company to sign in at the company');
      expect((await stage.refusal(refused)).details.code).toBe('admit.sso_required');
      await expectNothingLeft(stage.instance, before, 'secret');
      expect([...visitor.browser.cookies(new URL(stage.instance.origin).host).keys()]).not.toContain(
        'vestibule_session',
      );
    });

    test('a wrong password gets the answer that it gets everywhere: the page tells strangers nothing', async () => {
      const visitor = stage.visitor();
      const refused = await visitor.withPassword('olga@acme.example', 'not the password');
      expect(wordsOf(refused)).toContain('Wrong email or password.');
      expect(wordsOf(refused)).not.toContain('asks people of your company');
    });

    test('what a password opened before ends: the refresh token, too', async () => {
      await stage.enablement({ sso_rollout: 'optional' });
      const visitor = stage.visitor();
      const { refreshToken } = await visitor.redeem(await visitor.withPassword('olga@acme.example'));
      await stage.enablement({ sso_rollout: 'required' });
      const response = await fetch(`${stage.instance.origin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          client_id: stage.cast.client.id,
          client_secret: stage.cast.client.secret,
        }),
      });
      expect([response.status, await response.json()]).toEqual([
        403,
        {
          error: 'invalid_grant',
          error_description: 'the organization requires its own sign-in',
          error_reference: expect.stringMatching(/^V-/),
        },
      ]);
    });

    test('an invitation that only a password could accept says so when it is opened, and lives', async () => {
      const invitation = await stage.cast.invite('pia@acme.example', { connectionId: stage.cast.databaseId });
      const before = await stage.instance.snapshot();
      const page = await stage.visitor().accept(invitation);
      expect(page.status).toBe(403);
      expect(wordsOf(page)).toContain('This invitation is for a password');
      expect((await stage.refusal(page)).details.code).toBe('admit.invitation_needs_company');
      await expectNothingLeft(stage.instance, before);
    });

    test('an invitation that names no connection leads to the company, also where the application asks for the password', async () => {
      const invitation = await stage.cast.invite('ivy@acme.example', { connectionId: undefined });
      const visitor = stage.visitor();
      const page = await visitor.accept(invitation, { connection: 'Username-Password-Authentication' });
      expect(page.url.origin).toBe(stage.cast.acme.signInOrigin);
    });

    test('the page of a company that does not let somebody in offers the company first, and the password as what it is', async () => {
      const visitor = stage.visitor();
      const denied = await visitor.throughSso('olga', 'olga@acme.example');
      expect(linksOf(denied)).toEqual(['Try again', 'Use emergency access', 'Back to the application']);
      const again = await visitor.browser.visit(linkOf(denied, 'Try again'));
      expect(again.url.origin, 'at the company').toBe(stage.cast.acme.signInOrigin);
      const password = await visitor.browser.visit(linkOf(denied, 'Use emergency access'));
      expect(wordsOf(password)).toContain('A password works only for people with emergency access.');
      const company = await visitor.browser.visit(linkOf(password, 'Sign in at your company'));
      expect(company.url.origin).toBe(stage.cast.acme.signInOrigin);
    });

    test('a session that was opened with the password before does not get around it', async () => {
      await stage.enablement({ sso_rollout: 'optional' });
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('olga@acme.example'));
      await stage.enablement({ sso_rollout: 'required' });
      const before = await stage.instance.snapshot();
      const refused = await visitor.open();
      expect((await stage.refusal(refused)).details.code).toBe('admit.sso_required');
      await expectNothingLeft(stage.instance, before);
    });

    test('a member of another domain is not meant', async () => {
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.withPassword('olga@gmail.example'));
    });

    test('a break-glass member still gets in', async () => {
      await breakGlass(true);
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.withPassword('olga@acme.example'));
      expect(claims).toMatchObject({ sub: olga, org_id: stage.cast.acme.id });
    });
  });
});
