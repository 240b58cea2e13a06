/**
 * Tokens of the My Organization API that are asked for without a page, where somebody first has to be asked: for a second
 * factor, or for a consent. The answers are those by which auth0-spa-js opens its popup (`interactiveErrorHandler`).
 */
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { CALLBACK } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { asksForFactor, factorSettings, type OtpApp } from '../support/factors.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type MyOrganization,
  myOrg,
  organizationAudience,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';
import { messageOf, redeemMessage } from '../support/web-message.js';

const clock = createManualClock();
const stage = useStage({ clock });
const settings = factorSettings(stage, () => clock.now().getTime());
const MFA_OTP = 'http://auth0.com/oauth/grant-type/mfa-otp';
/** Error that auth0-spa-js compares; with any other text it signs the person out of the application. */
const FACTOR_NEEDED = { error: 'login_required', error_description: 'Multifactor authentication required' };
const SCOPE = 'openid read:my_org:details';
let api: MyOrganization;
let audience = '';
let unbind: (() => Promise<void>) | undefined;

const manage = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const client = () => `/clients/${stage.cast.client.id}`;
const popup = () => ({ response_mode: 'web_message', scope: SCOPE, audience });
const silent = () => ({ ...popup(), prompt: 'none' });

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  audience = organizationAudience(stage);
  await manage('PATCH', client(), {
    web_origins: [new URL(CALLBACK).origin],
    grant_types: ['authorization_code', 'refresh_token', MFA_OTP],
    refresh_token: {
      ...{ rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
      policies: [{ audience, scope: api.scopes }],
    },
  });
});
afterEach(async () => {
  await unbind?.();
  unbind = undefined;
  await settings.requireAt('none');
  await settings.accept({ otp: true, 'recovery-code': true });
});

let people = 0;
/** A new administrator of Acme with an authenticator app, signed in by the password alone. */
async function signIn() {
  people += 1;
  clock.advanceMs(60_000);
  const email = `silent${people}@acme.example`;
  const id = await api.createMember(email, [api.adminRole]);
  await settings.accept({ otp: true, 'recovery-code': true });
  const app = await settings.enrol(email, id);
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(
    await visitor.withPassword(email, undefined, { scope: 'openid offline_access' }),
  );
  return { id, email, app, visitor, refreshToken };
}
type Person = Awaited<ReturnType<typeof signIn>>;

const detailsOf = async (token: string) => (await myOrg(stage, token, 'GET', '/details')).status;

/** The Action that Auth0's documentation shows for step-up: a factor for one API, unless this session passed one. */
const stepUp = async () => {
  const code = `exports.onExecutePostLogin = async (event, api) => {
    if (event.resource_server?.identifier !== ${JSON.stringify(audience)}) return;
    if (event.authentication?.methods?.some(({ name }) => name === 'mfa')) return;
    api.multifactor.enable('any');
  };`;
  unbind = await useActions(stage.instance, 'post-login', { name: 'step-up', code });
};

const rules: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['the organization', () => settings.requireAt('required')],
  ['the tenant', () => settings.accept({ otp: true, 'recovery-code': true }, ['all-applications'])],
  ['an Action, for this API', stepUp],
];

describe.each(rules)('where %s asks for a second factor since', (_, ask) => {
  test('a hidden frame gets the answer that opens the popup, and leaves nothing but its line', async () => {
    const { visitor } = await signIn();
    await ask();
    const before = await stage.instance.snapshot();
    const answer = messageOf(await visitor.open(silent()));
    expect(answer).toMatchObject({ ...FACTOR_NEEDED, state: 'app-state' });
    expect(answer).not.toHaveProperty('code');
    expect(Object.keys(diffSnapshots(before, await stage.instance.snapshot()))).toEqual(['logs']);
    // Again: no answer was used up.
    expect(messageOf(await visitor.open(silent()))).toMatchObject(FACTOR_NEEDED);
  });

  test('the popup asks for the factor alone, and the frame after it for nothing', async () => {
    const { visitor, app, id } = await signIn();
    await ask();
    const page = await visitor.open(popup());
    expect(asksForFactor(page)).toBe(true);
    const { accessToken } = await redeemMessage(visitor, await app.answer(visitor, page));
    expect(decodeJwt(accessToken)).toMatchObject({ sub: id, org_id: stage.cast.acme.id, scope: SCOPE });
    expect(await detailsOf(accessToken)).toBe(200);
    const again = await redeemMessage(visitor, await visitor.open(silent()));
    expect(await detailsOf(again.accessToken)).toBe(200);
  });

  test('attack=the popup is answered with a wrong code, or closed: there is no token', async () => {
    const { visitor } = await signIn();
    await ask();
    const page = await visitor.open(popup());
    const wrong = await visitor.browser.submit(page, { code: '000000' });
    expect(asksForFactor(wrong)).toBe(true);
    expect(messageOf(await visitor.open(silent()))).toMatchObject(FACTOR_NEEDED);
  });
});

async function token(fields: Record<string, string>) {
  const { id, secret } = stage.cast.client;
  const body = new URLSearchParams({ client_id: id, client_secret: secret, ...fields });
  const response = await fetch(`${stage.instance.address ?? stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}
const refresh = ({ refreshToken }: Pick<Person, 'refreshToken'>, more: Record<string, string> = {}) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken, audience, scope: SCOPE, ...more });
const answerWith = (app: OtpApp, mfaToken = '', more: Record<string, string> = {}) =>
  token({ grant_type: MFA_OTP, mfa_token: mfaToken, otp: app.code(), ...more });

describe('by a refresh token', () => {
  test('an Action that asks for a factor: mfa_required, and a token of this API for the code', async () => {
    const person = await signIn();
    await stepUp();
    const refused = await refresh(person);
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: 'mfa_required', error_description: 'Multifactor authentication required' },
    ]);
    expect(refused.body.mfa_token).toEqual(expect.any(String));
    expect(refused.body).toMatchObject({ mfa_requirements: { challenge: [{ type: 'otp' }, expect.anything()] } });
    const { status, body } = await answerWith(person.app, refused.body.mfa_token);
    expect([status, body.scope]).toEqual([200, SCOPE]);
    expect(decodeJwt(body.access_token ?? '')).toMatchObject({ sub: person.id, org_id: stage.cast.acme.id });
    expect(await detailsOf(body.access_token ?? '')).toBe(200);
    // It was rotated with the answer, once.
    expect((await refresh(person)).body.error).toBe('invalid_grant');
  });

  test('the login’s own API is not asked for: the same refresh token gives its token', async () => {
    const person = await signIn();
    await stepUp();
    const { status, body } = await refresh(person, { audience: '', scope: '' });
    expect(status).toBe(200);
    expect((await refresh({ refreshToken: body.refresh_token ?? '' })).body.error).toBe('mfa_required');
  });

  test('attack=a wrong code, and the role taken between question and answer', async () => {
    const person = await signIn();
    await stepUp();
    const { body: refused } = await refresh(person);
    const wrong = await token({ grant_type: MFA_OTP, mfa_token: refused.mfa_token ?? '', otp: '000000' });
    expect(wrong.body).not.toHaveProperty('access_token');
    const roles = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(person.id)}/roles`;
    await manage('DELETE', roles, { roles: [api.adminRole] });
    const { body } = await answerWith(person.app, refused.mfa_token);
    expect(body.scope).toBe('openid');
    expect(await detailsOf(body.access_token ?? '')).toBe(403);
  });

  test('what organization or tenant ask for is asked at sign-ins, not at refreshes', async () => {
    const person = await signIn();
    await settings.requireAt('required');
    const { status, body } = await refresh(person);
    expect([status, await detailsOf(body.access_token ?? '')]).toEqual([200, 200]);
  });
});

describe('nobody is asked for a consent', () => {
  test('consent_required is no answer, whatever application and API say', async () => {
    const { visitor } = await signIn();
    const { id: apiId } = api.server;
    await manage('PATCH', `/resource-servers/${apiId}`, { skip_consent_for_verifiable_first_party_clients: false });
    await manage('PATCH', client(), { is_first_party: false });
    const { accessToken } = await redeemMessage(visitor, await visitor.open(silent()));
    await manage('PATCH', client(), { is_first_party: true });
    expect(await detailsOf(accessToken)).toBe(200);
  });

  test('a popup with prompt=consent, as components open it, answers by the session', async () => {
    const { visitor } = await signIn();
    const { accessToken } = await redeemMessage(visitor, await visitor.open({ ...popup(), prompt: 'consent' }));
    expect(await detailsOf(accessToken)).toBe(200);
  });

  test('attack=prompt=consent does not skip the factor', async () => {
    const { visitor } = await signIn();
    await settings.requireAt('required');
    expect(asksForFactor(await visitor.open({ ...popup(), prompt: 'consent' }))).toBe(true);
  });

  test('without a session it is login_required, without the text that opens the popup for a factor', async () => {
    const answer = messageOf(await stage.visitor().open(silent()));
    expect(answer.error).toBe('login_required');
    expect(answer.error_description).not.toBe(FACTOR_NEEDED.error_description);
  });
});
