/**
 * Story 37: a passkey instead of a password. It signs in without a typed address, counts as a second factor, and is offered
 * to people who signed in with a password.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../support/authenticator.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
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
    const { sessions } = await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}/sessions`);
    const methods = (sessions as { authentication: { methods: { name: string }[] } }[]).map(({ authentication }) =>
      authentication.methods.map(({ name }) => name),
    );
    // One session by the password, and one by the passkey.
    expect(methods.filter(([first]) => first === 'passkey')).toHaveLength(1);
    expect(methods.flat().filter((name) => name === 'pwd')).toHaveLength(methods.length - 1);
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

describe('the offer of a passkey after a password', () => {
  const passkeysOf = (userId: string) =>
    sql("select id from factors where user_id = $1 and kind = 'passkey'", [userId]);

  test('is written with the login alone, and the owner gets a mail', async () => {
    const userId = await stage.cast.createMember('olga@acme.example');
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.withPassword('olga@acme.example');
    expect(wordsOf(page)).toContain('Sign in faster next time');
    const { attempt_counters: _counted, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed).toEqual({});
    const device = newDevice();
    const answer = device.create(optionsOf(page, 'create'));
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { answer }));
    expect(claims.sub).toBe(userId);
    expect(claims.amr).toBeUndefined();
    expect(await passkeysOf(userId)).toHaveLength(1);
    const mails = (await stage.instance.mail()).filter(({ mail }) => mail.template === 'factor_changed');
    expect(mails.map(({ mail }) => mail)).toContainEqual(
      expect.objectContaining({
        to: 'olga@acme.example',
        model: expect.objectContaining({ change: 'added', factor: 'passkey' }),
      }),
    );
    const next = stage.visitor();
    expect((await next.redeem(await signIn(next, device))).claims.sub).toBe(userId);
    // A person who has one is not asked again.
    const third = stage.visitor();
    await third.redeem(await third.withPassword('olga@acme.example'));
  });

  test('can be put off, and comes back in this browser after 30 days', async () => {
    const userId = await stage.cast.createMember('lars@acme.example');
    const visitor = stage.visitor();
    const page = await visitor.withPassword('lars@acme.example');
    await visitor.redeem(await visitor.browser.submit(page, { action: 'later' }));
    expect(await passkeysOf(userId)).toEqual([]);
    const again = () => visitor.withPassword('lars@acme.example', PASSWORD, { prompt: 'login' });
    await visitor.redeem(await again());
    clock.advanceMs(30 * 86_400_000 + 1000);
    expect(wordsOf(await again())).toContain('Sign in faster next time');
  });

  test('a wrong answer asks again, and a refused login leaves none', async () => {
    const userId = await stage.cast.createMember('rob@acme.example');
    const visitor = stage.visitor();
    const page = await visitor.withPassword('rob@acme.example');
    const again = await visitor.browser.submit(page, { answer: '{}' });
    expect(again.status).toBe(400);
    await stage.instance.api('PATCH', `/users/${userId}`, { blocked: true });
    const answer = newDevice().create(optionsOf(again, 'create'));
    const end = await visitor.browser.submit(again, { answer });
    expect((await stage.refusal(end)).details.code).toBe('admit.user_blocked');
    expect(await passkeysOf(userId)).toEqual([]);
  });

  test('is made for no company’s sign-in, no session and no account with another factor that was not passed', async () => {
    await stage.cast.createMember('dana@acme.example');
    const company = stage.visitor();
    await company.redeem(await company.throughSso('dana', 'dana@acme.example'));
    await company.redeem(await company.open());
    const userId = await stage.cast.createMember('theo@acme.example');
    await stage.instance.api('POST', `/users/${encodeURIComponent(userId)}/authentication-methods`, {
      ...{ type: 'totp', name: 'Phone', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
    });
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('theo@acme.example'));
  });

  test('is not made in a session that a password opened before', async () => {
    await settings({ progressive_enrollment_enabled: false });
    await stage.cast.createMember('uma@acme.example');
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('uma@acme.example'));
    await settings();
    await visitor.redeem(await visitor.open());
  });

  test('is not made where the connection says so', async () => {
    await settings({ progressive_enrollment_enabled: false });
    await stage.cast.createMember('nora@acme.example');
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('nora@acme.example'));
    await settings();
  });
});

describe('a passkey of another device', () => {
  test('leads to the offer of one for this device, with the same handle', async () => {
    const userId = await stage.cast.createMember('hedy@acme.example');
    const first = stage.visitor();
    const page = await first.withPassword('hedy@acme.example');
    const phone = newDevice();
    const made = phone.create(optionsOf(page, 'create'), { transports: ['internal', 'hybrid'] });
    await first.redeem(await first.browser.submit(page, { answer: made }));
    const visitor = stage.visitor();
    const asked = await visitor.open();
    const options = optionsOf(asked, 'get');
    const offered = await visitor.browser.submit(asked, {
      answer: phone.get(options, { answer: { authenticatorAttachment: 'cross-platform' } }),
    });
    expect(wordsOf(offered)).toContain('Sign in faster next time');
    const answer = newDevice().create(optionsOf(offered, 'create'));
    const { claims } = await visitor.redeem(await visitor.browser.submit(offered, { answer }));
    expect(claims).toMatchObject({ sub: userId, amr: ['mfa'] });
    expect(
      await sql(
        'select count(*)::int as all, count(distinct user_handle)::int as handles from factors where user_id = $1',
        [userId],
      ),
    ).toEqual([{ all: 2, handles: 1 }]);
  });
});

test.each([
  ['both', true, true],
  ['autofill', true, false],
  ['button', false, true],
])('challenge_ui %s', async (ui, inField, byButton) => {
  await settings({ challenge_ui: ui });
  const { text } = await stage.visitor().open();
  expect([text.includes('username webauthn'), text.includes('Continue with a passkey')]).toEqual([inField, byButton]);
  await settings();
});

test('without passkeys at the connection, the page asks for none and takes none', async () => {
  await stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
    options: { disable_signup: false, authentication_methods: { passkey: { enabled: false } } },
  });
  expect((await stage.visitor().open()).text).not.toMatch(/webauthn|passkey/);
});
