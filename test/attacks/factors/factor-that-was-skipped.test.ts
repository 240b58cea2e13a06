/**
 * Attack: Mallory knows Dana's password, or sits at a browser in which Dana is signed in, and looks for a way past the second
 * factor: an open session, a silent request, another organization, the picker, an Action's redirect, a new password, an
 * invitation. Every way ends at the question.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAccount, press } from '../../support/account-page.js';
import { setOrder, useActions } from '../../support/actions.js';
import { NEW_PASSWORD, postTo, resetPassword } from '../../support/attack-steps.js';
import { createAuthenticator } from '../../support/authenticator.js';
import { CALLBACK, PASSWORD, type Place, type Visitor } from '../../support/cast.js';
import { asksForFactor, factorSettings, type OtpApp, STEP_UP } from '../../support/factors.js';
import type { Visit } from '../../support/http-browser.js';
import { answerOf, useStage } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let beta: Place;
let email: string;
let userId: string;
let app: OtpApp;
let people = 0;

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  await settings.accept({ otp: true });
});
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  await settings.requireAt('none');
  email = `skip${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
});

/** Signed in where no factor is asked for, while Acme asks for one from now on. */
async function signedIn(): Promise<Visitor> {
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email));
  await settings.requireAt('required');
  return visitor;
}

async function expectAsked(visitor: Visitor, page: Visit): Promise<void> {
  expect(asksForFactor(page), page.url.href).toBe(true);
  expect((await visitor.redeem(await app.answer(visitor, page))).claims).toMatchObject({ sub: userId, amr: ['mfa'] });
}

test('an open session of before', async () => {
  const visitor = await signedIn();
  await expectAsked(visitor, await visitor.open());
});

test('prompt=none', async () => {
  const visitor = await signedIn();
  expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
});

test('the session of an organization that asks for none', async () => {
  await settings.requireAt('required');
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [userId] });
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email, PASSWORD, { organization: beta.id }));
  await expectAsked(visitor, await visitor.open());
});

test('the picker of organizations', async () => {
  await settings.requireAt('required');
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [userId] });
  const client = `/clients/${stage.cast.client.id}`;
  await stage.instance.api('PATCH', client, { organization_require_behavior: 'post_login_prompt' });
  try {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: '' });
    const password = await visitor.type(page, email, 'password');
    const picker = await visitor.browser.submit(password, { password: PASSWORD });
    expect(picker.url.pathname).toBe('/u/organization-picker');
    await expectAsked(visitor, await visitor.browser.submit(picker, { organization: stage.cast.acme.id }));
  } finally {
    await stage.instance.api('PATCH', client, { organization_require_behavior: 'no_prompt' });
  }
});

test('a password before the picker, and a code: neither uses the membership of the organization that asks', async () => {
  const isUsed = () =>
    settings.sql('select first_used_at is not null as used from members where user_id = $1', [userId]);
  const client = `/clients/${stage.cast.client.id}`;
  await settings.requireAt('required');
  await settings.sql('update members set first_used_at = null where user_id = $1', [userId]);
  await stage.instance.api('PATCH', client, { organization_require_behavior: 'post_login_prompt' });
  try {
    const visitor = stage.visitor();
    const password = await visitor.type(await visitor.open({ organization: '' }), email, 'password');
    await expectAsked(visitor, await visitor.browser.submit(password, { password: PASSWORD }));
    expect(await isUsed()).toEqual([{ used: false }]);
  } finally {
    await stage.instance.api('PATCH', client, { organization_require_behavior: 'no_prompt' });
  }
  await settings.wait(userId, app);
  const visitor = stage.visitor();
  await expectAsked(visitor, await visitor.withPassword(email));
  expect(await isUsed()).toEqual([{ used: true }]);
});

test.each(['after_actions', 'before_actions'] as const)('an Action’s redirect, %s', async (order) => {
  await settings.requireAt('required');
  await setOrder(stage.instance, order);
  const code = `exports.onExecutePostLogin = async (event, api) => { api.redirect.sendUserTo(${JSON.stringify(`${CALLBACK}-terms`)}); };
exports.onContinuePostLogin = async () => {};`;
  const remove = await useActions(stage.instance, 'post-login', { name: `away-${order}`, code });
  try {
    const visitor = stage.visitor();
    const away = await visitor.withPassword(email);
    expect(away.url.href).toContain('-terms');
    const state = String(away.url.searchParams.get('state'));
    const back = await visitor.browser.visit(`${stage.instance.origin}/continue?state=${state}`);
    expect(asksForFactor(back), back.url.href).toBe(true);
    // The way back again is no way past the question.
    const again = await visitor.browser.visit(`${stage.instance.origin}/continue?state=${state}`);
    expect(again.url.searchParams.has('code')).toBe(false);
    await expectAsked(visitor, back);
  } finally {
    await remove();
    await setOrder(stage.instance, 'after_actions');
  }
});

test('other pages of the same login, and the question without an answer', async () => {
  await settings.requireAt('required');
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email);
  for (const [path, fields] of [
    ['/u/second-factor', {}],
    ['/u/second-factor', { action: 'skip' }],
    ['/u/second-factor?method=webauthn', { answer: '{}' }],
    ['/u/second-factor?method=recovery-code', { code: '' }],
    ['/u/login/confirm', { action: 'default' }],
    ['/u/organization-picker', { organization: stage.cast.acme.id }],
    ['/continue', {}],
  ] as const)
    expect((await postTo(visitor, page, path, fields)).url.searchParams.has('code'), path).toBe(false);
});

test('a new password by mail: the factor is asked for with the new one', async () => {
  await settings.requireAt('required');
  await resetPassword(stage, email);
  const visitor = stage.visitor();
  await expectAsked(visitor, await visitor.withPassword(email, NEW_PASSWORD));
});

test('an invitation to another organization that asks for a factor', async () => {
  await settings.requireAt('required', beta.id);
  const invitation = await stage.cast.invite(email, {
    organizationId: beta.id,
    roles: [],
    connectionId: stage.cast.databaseId,
  });
  const visitor = stage.visitor();
  const page = await visitor.accept(invitation, { organization: beta.id });
  const signIn = await visitor.browser.visit(
    `${stage.instance.origin}/u/login/password?state=${page.url.searchParams.get('state')}`,
  );
  const asked = await visitor.browser.submit(signIn, { password: PASSWORD });
  const member = () =>
    settings.sql('select 1 from members where user_id = $1 and organization_id = $2', [userId, beta.id]);
  expect(asksForFactor(asked), asked.url.href).toBe(true);
  expect(await member()).toEqual([]);
  await expectAsked(visitor, asked);
  expect(await member()).toHaveLength(1);
});

describe('an app that was passed for an organization, in the session, at another one that accepts security keys alone', () => {
  const optionsIn = ({ text }: Visit, how: 'create' | 'get') =>
    (new RegExp(`data-passkey-${how}="([^"]*)"`).exec(text)?.[1] ?? '').replaceAll('&quot;', '"');

  const askAt = (id: string, ...mfa_factors: readonly string[]) =>
    stage.instance.api('PATCH', `/organizations/${id}`, {
      mfa: mfa_factors.length > 0 ? 'required' : 'none',
      mfa_factors,
    });

  beforeAll(() => settings.accept({ otp: true, 'webauthn-roaming': true }));
  beforeEach(async () => {
    await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [userId] });
    await askAt(stage.cast.acme.id, 'otp');
    await askAt(beta.id, 'webauthn-roaming');
  });
  afterAll(async () => {
    for (const { id } of [stage.cast.acme, beta]) await askAt(id);
    await settings.accept({ otp: true });
  });

  async function passedByApp(): Promise<Visitor> {
    await settings.wait(userId, app);
    const visitor = stage.visitor();
    await visitor.redeem(await app.answer(visitor, await visitor.withPassword(email)));
    // The app counts where it is accepted.
    await visitor.redeem(await visitor.open({ ...STEP_UP, prompt: 'none' }));
    return visitor;
  }

  test('the person is asked for the key', async () => {
    const { origin } = stage.instance;
    const key = createAuthenticator({ origin, rpId: new URL(origin).hostname });
    const owner = await passedByApp();
    const form = await press(owner.browser, await openAccount(owner), 'add:webauthn-roaming');
    await owner.browser.submit(form, { answer: key.create(optionsIn(form, 'create')) });

    const visitor = await passedByApp();
    expect(answerOf(await visitor.open({ organization: beta.id, prompt: 'none' })).error).toBe('login_required');
    const page = await visitor.open({ organization: beta.id });
    expect(asksForFactor(page), page.url.href).toBe(true);
    const byApp = await postTo(visitor, page, '/u/second-factor?method=otp', { code: app.code() });
    expect(byApp.url.searchParams.has('code')).toBe(false);
    const answer = key.get(optionsIn(page, 'get'));
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { answer }));
    expect(claims).toMatchObject({ sub: userId, org_id: beta.id, amr: ['mfa'] });
  });

  test('a person who has no key is refused, and sets up none with a password', async () => {
    const visitor = await passedByApp();
    const refused = await visitor.open({ organization: beta.id });
    expect((await stage.refusal(refused)).details.code).toBe('authenticate.no_accepted_factor');
    expect(await settings.factorsOf(userId)).toMatchObject([{ kind: 'otp' }]);
  });
});

test('a step-up that the session’s factor satisfies says so in the ID token; one without it is asked', async () => {
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email));
  const acr_values = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
  await expectAsked(visitor, await visitor.open({ acr_values }));
  const again = await visitor.redeem(await visitor.open({ acr_values, prompt: 'none' }));
  expect(again.claims.amr).toEqual(['mfa']);
  expect((await visitor.redeem(await visitor.open({ prompt: 'none' }))).claims.amr).toBeUndefined();
});
