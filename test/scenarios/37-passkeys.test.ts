/**
 * Story 37: a passkey instead of a password. It signs in without a typed address, counts as a second factor, and is offered
 * to people who signed in with a password.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../support/authenticator.js';
import type { Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];

const optionsOf = (page: Visit, how: 'create' | 'get') => {
  const found = new RegExp(`data-passkey-${how}="([^"]+)"`).exec(page.text)?.[1];
  if (found === undefined) throw new Error(`the page asks for no passkey: ${wordsOf(page)}`);
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
};

const newDevice = (isSynced = false) => {
  const { hostname, origin } = new URL(stage.instance.origin);
  return createAuthenticator({ origin, rpId: hostname, isSynced });
};
type Device = ReturnType<typeof newDevice>;

const settings = (passkeyOptions: object = {}) =>
  stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
    options: {
      disable_signup: false,
      authentication_methods: { password: { enabled: true }, passkey: { enabled: true } },
      passkey_options: passkeyOptions,
    },
  });

/** Opens the address page and answers it with the device's passkey. */
async function signIn(visitor: Visitor, device: Device, parameters = {}): Promise<Visit> {
  const page = await visitor.open(parameters);
  return visitor.browser.submit(page, { answer: device.get(optionsOf(page, 'get')) });
}

/** Signs in with the password, and sets up a passkey because the organization asks for a factor. */
async function setUpPasskey(email: string, device = newDevice()): Promise<Device> {
  await sql('update tenant set guardian = $1', [JSON.stringify({ factors: { 'webauthn-platform': true, otp: true } })]);
  await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email);
  const answer = device.create(optionsOf(page, 'create'));
  await visitor.redeem(await visitor.browser.submit(page, { answer }));
  await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'none' });
  return device;
}

describe('a member with a passkey', () => {
  let userId: string;
  let device: Device;

  beforeAll(async () => {
    await settings();
    userId = await stage.cast.createMember('pia@acme.example');
    device = await setUpPasskey('pia@acme.example');
  });

  test('signs in without an address, and the token says that a factor was passed', async () => {
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await signIn(visitor, device));
    expect(claims).toMatchObject({ sub: userId, amr: ['mfa'] });
    const [row] = await sql('select sign_count from factors where user_id = $1', [userId]);
    expect(Number(row?.sign_count)).toBe(2);
  });

  test('is not asked for a second factor where passkeys are accepted', async () => {
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await signIn(visitor, device));
    expect(claims.sub).toBe(userId);
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'none' });
  });

  test('an unknown passkey and a wrong answer get the same page, and leave one line each', async () => {
    const stranger = newDevice();
    stranger.create(
      JSON.stringify({
        ...{ challenge: 'AAAA', rp: { id: 'localhost' }, user: { id: 'AAAA' }, pubKeyCredParams: [] },
        authenticatorSelection: { residentKey: 'required' },
      }),
    );
    const before = await stage.instance.snapshot();
    const unknown = await signIn(stage.visitor(), stranger);
    const visitor = stage.visitor();
    const page = await visitor.open();
    const wrong = await visitor.browser.submit(page, {
      answer: device.get(optionsOf(page, 'get'), { breaksSignature: true }),
    });
    expect([unknown.status, wrong.status]).toEqual([400, 400]);
    expect(wordsOf(unknown)).toContain('This passkey does not sign you in here.');
    expect(wordsOf(unknown)).toBe(wordsOf(wrong));
    const { attempt_counters: _counted, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed)).toEqual(['logs']);
    const lines = await sql(
      "select type, user_id from logs where details ->> 'code' = 'authenticate.passkey_failed' order by user_id nulls first",
    );
    expect(lines).toEqual([
      { type: 'f', user_id: null },
      { type: 'f', user_id: userId },
    ]);
    const again = await visitor.browser.submit(wrong, { answer: device.get(optionsOf(wrong, 'get')) });
    expect((await visitor.redeem(again)).claims.sub).toBe(userId);
  });
});
