/**
 * Attack (pre-hijacking): Mallory opens an account under Dana's address by a link that Evil Corp's application delivered, and
 * sets up a factor of her own. Her factor ends with her password, in every way, so that the owner is never locked out.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NEW_PASSWORD, resetPassword } from '../../support/attack-steps.js';
import { PASSWORD, type Place } from '../../support/cast.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP, secretOf } from '../../support/factors.js';
import type { Json } from '../../support/instance.js';
import { proveByCode, useStage, wordsOf } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let evil: Place;
let people = 0;
let key: string;
let email: string;
let userId: string;

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', {});
  await settings.accept({ otp: true, 'recovery-code': true });
});
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  key = `plant${++people}`;
  email = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  userId = await plant();
});

const api = (method: string, path: string, body?: unknown) => stage.instance.api<Json>(method, path, body);

/** Mallory opens the account, and sets up a factor at once or in a later sign-in with the password. */
async function plant(later = false): Promise<string> {
  const made = await api('POST', `/organizations/${evil.id}/invitations`, {
    inviter: { name: 'Mallory' },
    invitee: { email },
    client_id: stage.cast.client.id,
    send_invitation_email: false,
  });
  const invitation = new URL(String(made.invitation_url)).searchParams.get('invitation') ?? '';
  const [mallory, app] = [stage.visitor(), new OtpApp()];
  const accept = await mallory.open({ invitation, organization: evil.id, ...(later ? {} : STEP_UP) });
  const opened = await mallory.browser.submit(await mallory.browser.submit(accept, { action: 'default' }), {
    password: PASSWORD,
  });
  const page = later
    ? await mallory.withPassword(email, PASSWORD, { organization: evil.id, prompt: 'login', ...STEP_UP })
    : opened;
  expect(asksForFactor(page), wordsOf(page)).toBe(true);
  const { claims } = await mallory.redeem(await app.answer(mallory, page));
  const planted = await settings.factorsOf(String(claims.sub));
  expect(planted).toMatchObject([
    { kind: 'otp', vouched_by: null },
    { kind: 'recovery-code', vouched_by: null },
  ]);
  return String(claims.sub);
}

async function expectEnded(): Promise<void> {
  expect(await settings.factorsOf(userId)).toEqual([]);
  const [user] = await settings.sql('select factors_revision from users where user_id = $1', [userId]);
  expect(Number(user?.factors_revision), 'remembered browsers are forgotten').toBeGreaterThan(1);
}

describe('the owner is not asked for Mallory’s factor', () => {
  test('who comes by their company with a mailed code', async () => {
    const invitation = await stage.cast.invite(email);
    const dana = stage.visitor();
    const page = await dana.signInAtIdp(await dana.accept(invitation), key);
    expect(page.url.pathname).toBe('/u/proof');
    const done = await proveByCode(dana, page, await stage.mailedCode(email));
    expect((await dana.redeem(done)).claims.sub).toBe(userId);
    await expectEnded();
  });

  test('who sets a new password by mail', async () => {
    await api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
    await resetPassword(stage, email);
    await expectEnded();
    const dana = stage.visitor();
    const page = await dana.withPassword(email, NEW_PASSWORD, STEP_UP);
    expect(secretOf(page), 'they set up their own').toMatch(/^[A-Z2-7]{32}$/);
  });

  test('who sets a new password by mail, although the factor came in a later sign-in', async () => {
    email = `${key}-later@acme.example`;
    userId = await plant(true);
    await resetPassword(stage, email);
    await expectEnded();
  });

  async function confirmAddress(): Promise<void> {
    await api('POST', '/jobs/verification-email', { user_id: userId });
    const sent = (await stage.instance.mail()).find(
      ({ mail }) => mail.to === email && mail.template === 'verify_email',
    );
    await stage
      .visitor()
      .browser.visit(String(sent?.mail.model.url))
      .then(async (page) => {
        if (page.forms.length > 0) await stage.visitor().browser.submit(page, {});
      });
  }

  test('who confirms the address', async () => {
    await confirmAddress();
    await expectEnded();
  });

  test('who confirms the address after an operator gave the account another password', async () => {
    await api('PATCH', `/users/${encodeURIComponent(userId)}`, { password: NEW_PASSWORD });
    await confirmAddress();
    await expectEnded();
  });

  test.each([false, true])(
    'whom an operator links to their company’s account; password of an operator: %s',
    async (set) => {
      if (set) await api('PATCH', `/users/${encodeURIComponent(userId)}`, { password: NEW_PASSWORD });
      await stage.enablement({ assign_membership_on_login: true });
      stage.cast.people[key] = { sub: `idp-${key}`, email: `${key}@elsewhere.example`, email_verified: true };
      const dana = stage.visitor();
      const { id: organization, connectionName: connection } = stage.cast.acme;
      await dana.redeem(await dana.signInAtIdp(await dana.open({ organization, connection }), key));
      await stage.enablement({ assign_membership_on_login: false });
      await api('POST', `/users/${encodeURIComponent(userId)}/identities`, {
        provider: 'oidc',
        user_id: `${connection}|idp-${key}`,
      });
      await expectEnded();
    },
  );
});

test('a factor that the owner set up with a mailed password stays through all of it', async () => {
  await resetPassword(stage, email);
  await api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
  const [dana, app] = [stage.visitor(), new OtpApp()];
  await dana.redeem(await app.answer(dana, await dana.withPassword(email, NEW_PASSWORD, STEP_UP)));
  const own = await settings.factorsOf(userId);
  expect(own).toMatchObject([{ vouched_by: 'mail' }, { vouched_by: 'mail' }]);
  await resetPassword(stage, email);
  expect(await settings.factorsOf(userId)).toEqual(own);
});
