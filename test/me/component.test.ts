/**
 * The My Account API by the requests of Auth0's component for factors (`@auth0/universal-components`, `UserMFAMgmt`): two
 * lists side by side, an enrolment, the lists again, a deletion. Each operation has a token for its own scope, which
 * auth0-spa-js gets in a hidden frame; for one refusal alone it opens its popup.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { totpOf } from '../support/account-page.js';
import type { Visitor } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { METHODS_PATH, me, meAudience, methodPath, myToken, registerMyAccount } from '../support/my-account.js';
import { answerOf, useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const EMAIL = 'ada@acme.example';

let visitor: Visitor;
beforeAll(async () => {
  await registerMyAccount(stage);
  for (const factor of ['otp', 'recovery-code'])
    await stage.instance.api('PUT', `/guardian/factors/${factor}`, { enabled: true });
  await stage.cast.createMember(EMAIL);
  visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(EMAIL));
});

const asked = (scope: string) => ({ audience: meAudience(stage), scope: `openid ${scope}` });
/** A token as the hidden frame gets it. */
const silently = async (scope: string) =>
  (await visitor.redeem(await visitor.open({ ...asked(scope), prompt: 'none' }))).accessToken;
const refusedSilently = async (scope: string) => answerOf(await visitor.open({ ...asked(scope), prompt: 'none' }));
const METHODS = 'me:authentication_methods';

/** The two requests with which the component begins, and those after each change. */
async function lists(): Promise<readonly [readonly Json[], readonly Json[]]> {
  const factors = await silently('read:me:factors');
  const methods = await silently(`read:${METHODS}`);
  const answers = await Promise.all([me(stage, factors, 'GET', '/factors'), me(stage, methods, 'GET', METHODS_PATH)]);
  return [answers[0].body.factors as Json[], answers[1].body.authentication_methods as Json[]];
}
const typesOf = (all: readonly Json[] = []) => all.map(({ type }) => type);

describe('the component', () => {
  let id: unknown;
  let secret: string;

  test('a browser asks first whether a page of another origin may send the headers of the library', async () => {
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'auth0-client,authorization,content-type',
    };
    const url = `${stage.instance.address ?? stage.instance.origin}/me/v1${METHODS_PATH}`;
    const answer = await fetch(url, { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    for (const name of headers['access-control-request-headers'].split(','))
      expect(answer.headers.get('access-control-allow-headers')).toContain(name);
  });

  test('draws a row for each factor, enrols an app and reads its properties', async () => {
    expect((await lists()).map(typesOf)).toEqual([['totp', 'password'], ['password']]);
    const token = await silently(`create:${METHODS}`);
    const { status, body } = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
    expect([status, typeof body.barcode_uri]).toEqual([202, 'string']);
    secret = String(body.manual_input_code);
    const path = `${methodPath(body.id)}/verify`;
    const otp_code = totpOf(secret, clock.now());
    expect((await me(stage, token, 'POST', path, { auth_session: body.auth_session, otp_code })).status).toBe(201);
    const [factors, methods] = await lists();
    const method = methods.find(({ type }) => type === 'totp');
    ({ id } = method as Json);
    expect(typesOf(factors)).toContain('totp');
    expect(method).toMatchObject({ id: expect.stringMatching(/^totp\|/), type: 'totp', confirmed: true });
  });

  test('a type with a property of its own is refused for the type', async () => {
    const token = await myToken(stage, stage.visitor(), await other());
    const sent = { type: 'phone', phone_number: '+49' };
    expect((await me(stage, token, 'POST', METHODS_PATH, sent)).body.detail).toMatch(/^type phone: /);
    const mixed = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp', email: EMAIL });
    expect(mixed).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^email: /) } });
  });

  test.each([`delete:${METHODS}`, `create:${METHODS}`, `update:${METHODS}`])(
    'the frame for %s gets the refusal for which the library opens its popup',
    async (scope) => {
      const { error, error_description } = await refusedSilently(scope);
      expect([error, error_description]).toEqual(['login_required', 'Multifactor authentication required']);
      await silently(`read:${METHODS}`);
    },
  );

  test('the popup asks for the factor, and deletes; a quarter of an hour later it would ask again', async () => {
    clock.advanceMs(60_000);
    const page = await visitor.open(asked(`delete:${METHODS}`));
    expect(page.url.pathname).toBe('/u/second-factor');
    const end = await visitor.browser.submit(page, { code: totpOf(secret, clock.now()) });
    const { accessToken } = await visitor.redeem(end);
    await silently(`update:${METHODS}`);
    clock.advanceMs(15 * 60_000 + 1);
    expect((await refusedSilently(`update:${METHODS}`)).error).toBe('login_required');
    clock.advanceMs(-15 * 60_000);
    expect((await me(stage, accessToken, 'DELETE', methodPath(id))).status).toBe(204);
    expect((await lists()).map(typesOf)).toEqual([['totp', 'password'], ['password']]);
  });
});

async function other(): Promise<string> {
  await stage.cast.createMember('bea@acme.example');
  return 'bea@acme.example';
}
