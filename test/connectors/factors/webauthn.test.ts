/**
 * Registrations and assertions: what is accepted, and one attack for each check of WebAuthn sections 7.1 and 7.2. Each
 * fails with its check taken out.
 */
import { describe, expect, test } from 'vitest';
import { createFactorChecks } from '../../../src/connectors/factors/checks.js';
import type { WebAuthnCredential } from '../../../src/domain/factors/factor.js';
import { systemEntropy } from '../../../src/kernel/ids.js';
import type { WebAuthnKind } from '../../../src/ports/factor-checks.js';
import {
  type AssertionKnobs,
  type AuthenticatorSettings,
  type CreationKnobs,
  createAuthenticator,
} from '../../support/authenticator.js';

const PARTY = { id: 'login.example', origin: 'https://login.example' };
const EVIL = 'https://login.example.evil.example';
const checks = createFactorChecks({ party: PARTY, entropy: systemEntropy });
const HANDLE = Buffer.alloc(32, 7).toString('base64url');
const OTHER = Buffer.alloc(32, 9).toString('base64url');

const newAuthenticator = (settings: Partial<AuthenticatorSettings> = {}) =>
  createAuthenticator({ origin: PARTY.origin, rpId: PARTY.id, ...settings });

const creation = (kind: WebAuthnKind = 'webauthn-roaming', existing: readonly WebAuthnCredential[] = []) =>
  checks.creationOptions({
    ...{ kind, existing, site: 'Acme', keyVerification: 'discouraged' },
    person: { userHandle: HANDLE, name: 'dana@acme.example', displayName: 'Dana Duck' },
  });
const request = (allowed: readonly WebAuthnCredential[], kind: WebAuthnKind = 'webauthn-roaming') =>
  checks.requestOptions({ kind, allowed, keyVerification: 'discouraged' });

/** Registers at an authenticator of these settings. `change` rewrites the text of the answer. */
async function register({
  knobs = {},
  settings = {},
  mustVerify = false,
  kind = 'webauthn-roaming' as WebAuthnKind,
  change = (text: string) => text,
}: {
  knobs?: CreationKnobs;
  settings?: Partial<AuthenticatorSettings>;
  mustVerify?: boolean;
  kind?: WebAuthnKind;
  change?: (text: string) => string;
} = {}) {
  const authenticator = newAuthenticator(settings);
  const options = creation(kind);
  const response = change(authenticator.create(options, knobs));
  const verdict = await checks.register({ response, challenge: options.challenge, mustVerify }, { userHandle: HANDLE });
  return { authenticator, verdict, response };
}

async function registered(how: Parameters<typeof register>[0] = {}) {
  const { authenticator, verdict } = await register(how);
  if (!verdict.ok) throw new Error(verdict.detail);
  return { authenticator, credential: verdict.credential };
}

type Registered = Awaited<ReturnType<typeof registered>>;

async function assertBy(
  { authenticator, credential }: Registered,
  {
    knobs = {},
    mustVerify = false,
    isDiscovered = false,
    change = (text: string) => text,
  }: {
    knobs?: AssertionKnobs;
    mustVerify?: boolean;
    isDiscovered?: boolean;
    change?: (text: string) => string;
  } = {},
) {
  const options = request(isDiscovered ? [] : [credential]);
  const response = change(authenticator.get(options, knobs));
  return checks.assert({ response, challenge: options.challenge, mustVerify }, credential, { isDiscovered });
}

const refused = (words: string | RegExp) => ({ ok: false, detail: expect.stringMatching(words) });

describe('options', () => {
  test('of a registration', () => {
    const existing = { id: 'AAAA', transports: ['usb'] } as unknown as WebAuthnCredential;
    const options = creation('passkey', [existing]);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rp: { id: 'login.example', name: 'Acme' },
      user: { id: HANDLE, name: 'dana@acme.example', displayName: 'Dana Duck' },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      excludeCredentials: [{ type: 'public-key', id: 'AAAA', transports: ['usb'] }],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      hints: [],
      attestation: 'none',
    });
    expect(creation().challenge).not.toBe(options.challenge);
  });

  test.each([
    ['webauthn-roaming', 'cross-platform', 'discouraged', 'security-key'],
    ['webauthn-platform', 'platform', 'required', 'client-device'],
  ] as const)('of %s', (kind, attachment, userVerification, hint) => {
    expect(creation(kind)).toMatchObject({
      authenticatorSelection: { authenticatorAttachment: attachment, residentKey: 'discouraged', userVerification },
      hints: [hint],
    });
    expect(request([], kind)).toMatchObject({ userVerification, hints: [hint] });
  });

  test('of an assertion without a typed address name nobody', () => {
    const options = request([], 'passkey');
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: 'login.example',
      timeout: 300_000,
      allowCredentials: [],
      userVerification: 'required',
      hints: [],
    });
  });
});

describe('registration', () => {
  test('returns all that later assertions are compared with', async () => {
    const { credential } = await registered({ knobs: { transports: ['usb', 'nfc', 'usb', 7, 'A B'] } });
    expect(credential).toEqual({
      id: expect.stringMatching(/^[\w-]{43}$/),
      publicKey: expect.any(Uint8Array),
      signCount: 1,
      userHandle: HANDLE,
      transports: ['usb', 'nfc'],
      deviceType: 'singleDevice',
      backedUp: false,
      rpId: 'login.example',
      aaguid: '00000000-0000-0000-0000-000000000000',
      userVerified: true,
    });
  });

  test('of a passkey that is copied between devices', async () => {
    const { credential } = await registered({ kind: 'passkey', settings: { isSynced: true }, mustVerify: true });
    expect(credential).toMatchObject({ deviceType: 'multiDevice', backedUp: true, signCount: 0 });
  });

  test.each([-7, -8, -257] as const)('and assertion with the algorithm %i', async (algorithm) => {
    const made = await registered({ knobs: { algorithm } });
    expect(await assertBy(made)).toEqual({ ok: true, signCount: 2, backedUp: false, userVerified: true });
  });

  test('accepts a key without a PIN where it need not verify the person', async () => {
    const { credential } = await registered({ settings: { verifies: false } });
    expect(credential.userVerified).toBe(false);
  });

  test('accepts a statement by the credential itself, which browsers pass on', async () => {
    await registered({ knobs: { attestation: 'self' } });
  });

  test('accepts a credential id of 1023 bytes', async () => {
    await registered({ knobs: { credentialIdBytes: 1023 } });
  });

  const statement = new Map([['x5c', [Buffer.alloc(10)]]]);
  test.each<[string, CreationKnobs, RegExp]>([
    ['a page of another origin asked', { origin: EVIL }, /origin/],
    ['the origin has another port', { origin: 'https://login.example:8443' }, /origin/],
    ['the credential is for another RP id', { rpId: 'evil.example' }, /RP ID/],
    ['an assertion is sent as a registration', { type: 'webauthn.get' }, /type/],
    ['an answer to another challenge is sent again', { challenge: OTHER }, /challenge/],
    ['the page is framed by another site', { crossOrigin: true }, /frame/],
    ['crossOrigin is no boolean', { crossOrigin: 'false' }, /frame/],
    ['a top origin is named', { topOrigin: EVIL }, /frame/],
    ['nobody touched the authenticator', { userPresent: false }, /presen/],
    ['it is backed up but cannot be', { backedUp: true }, /backed up/],
    ['the answer names the id of another person', { namedId: OTHER }, /two credential ids/],
    ['the credential id has 1024 bytes', { credentialIdBytes: 1024 }, /no registration/],
    ['the id is spelled in two ways', { namedId: 'AB' }, /no registration/],
    ['a certificate is sent', { attestation: { format: 'packed', statement } }, /neither/],
    ['the statement is of a TPM', { attestation: { format: 'tpm', statement } }, /neither/],
    ['the statement is of SafetyNet', { attestation: { format: 'android-safetynet', statement } }, /neither/],
    ['the format is unknown', { attestation: { format: 'mine', statement } }, /neither/],
    ['the format `none` has a statement', { attestation: { format: 'none', statement } }, /statement/],
    [
      'the attestation is absurdly large',
      { attestation: { format: 'none', statement: new Map([['a', Buffer.alloc(4096)]]) } },
      /too long/,
    ],
    [
      'another key signed the statement',
      {
        attestation: {
          format: 'packed',
          statement: new Map<string, number | Buffer>([
            ['alg', -7],
            ['sig', Buffer.alloc(64)],
          ]),
        },
      },
      /./,
    ],
    ['the statement is of another algorithm', { attestation: 'self', statedAlgorithm: -257 }, /another algorithm/],
    ['the algorithm was not offered', { key: new Map([[3, -35]]) }, /alg/],
    ['the curve is another one', { key: new Map([[-1, 2]]) }, /does not fit/],
    ['the key is of another type', { key: new Map([[1, 3]]) }, /does not fit/],
    ['the RSA key is short', { algorithm: -257, key: new Map([[-1, Buffer.alloc(128, 1)]]) }, /does not fit/],
    ['the RSA key is very long', { algorithm: -257, key: new Map([[-1, Buffer.alloc(1025, 1)]]) }, /does not fit/],
    ['the id is not that of the raw id', { answer: { rawId: OTHER } }, /no registration/],
    ['the type of credential is unknown', { answer: { type: 'password' } }, /no registration/],
  ])('attack: %s', async (_attack, knobs, words) => {
    expect((await register({ knobs })).verdict).toEqual(refused(words));
  });

  test('attack: a found key without a PIN, where the person must be verified', async () => {
    const { verdict } = await register({ settings: { verifies: false }, mustVerify: true });
    expect(verdict).toEqual(refused(/verif/));
  });
});

describe('assertion', () => {
  test('by a passkey, without a typed address', async () => {
    const made = await registered({ kind: 'passkey', settings: { isSynced: true } });
    const verdict = await assertBy(made, { isDiscovered: true });
    expect(verdict).toEqual({ ok: true, signCount: 0, backedUp: true, userVerified: true });
  });

  test('by a passkey whose copy has a lower counter', async () => {
    const made = await registered({ settings: { isSynced: true }, knobs: { signCount: 9 } });
    expect(await assertBy(made, { knobs: { signCount: 3 } })).toMatchObject({ ok: true, signCount: 3 });
  });

  test('by a key without a counter', async () => {
    const made = await registered({ knobs: { signCount: 0 } });
    expect(await assertBy(made, { knobs: { signCount: 0 } })).toMatchObject({ ok: true, signCount: 0 });
  });

  test('by an old key, whose user handle is empty', async () => {
    expect(await assertBy(await registered(), { knobs: { response: { userHandle: null } } })).toMatchObject({
      ok: true,
    });
    expect(await assertBy(await registered(), { knobs: { response: { userHandle: '' } } })).toMatchObject({ ok: true });
  });

  test.each<[string, AssertionKnobs, RegExp]>([
    ['a page of another origin asked', { origin: EVIL }, /origin/],
    ['the credential is for another RP id', { rpId: 'evil.example' }, /RP ID/],
    ['a registration is sent as an assertion', { type: 'webauthn.create' }, /type/],
    ['an answer to another challenge is sent again', { challenge: OTHER }, /challenge/],
    ['the page is framed by another site', { crossOrigin: true }, /frame/],
    ['a top origin is named', { topOrigin: EVIL }, /frame/],
    ['a framed page names its top origin', { crossOrigin: true, topOrigin: EVIL }, /frame/],
    ['nobody touched the authenticator', { userPresent: false }, /presen/],
    ['it is backed up but cannot be', { backedUp: true }, /backed up/],
    ['a credential of one device is answered by a copied one', { backupEligible: true }, /eligibility/],
    ['the answer names another credential', { namedId: OTHER }, /another credential/],
    ['the user handle is that of another account', { userHandle: OTHER }, /user handle/],
    ['the user handle is no base64url', { userHandle: '!!' }, /no assertion/],
    ['the signature is changed', { breaksSignature: true }, /./],
    ['the counter does not rise', { signCount: 1 }, /counter/],
    ['the counter falls to 0', { signCount: 0 }, /counter/],
  ])('attack: %s', async (_attack, knobs, words) => {
    expect(await assertBy(await registered(), { knobs })).toEqual(refused(words));
  });

  test('attack: the credential of another account signs', async () => {
    const [mine, theirs] = [await registered(), await registered()];
    const options = request([mine.credential]);
    const response = theirs.authenticator.get(options, { credentialId: theirs.credential.id });
    const answer = { response, challenge: options.challenge, mustVerify: false };
    expect(await checks.assert(answer, mine.credential, { isDiscovered: false })).toEqual(
      refused(/another credential/),
    );
  });

  test('attack: another key signs under the id of the credential', async () => {
    const [mine, theirs] = [await registered(), await registered()];
    const options = request([mine.credential]);
    const knobs = { credentialId: theirs.credential.id, namedId: mine.credential.id };
    const answer = {
      response: theirs.authenticator.get(options, knobs),
      challenge: options.challenge,
      mustVerify: false,
    };
    expect(await checks.assert(answer, mine.credential, { isDiscovered: false })).toEqual(refused(/signature/));
  });

  test('attack: the flag of verification is set after the signature', async () => {
    const made = await registered({ settings: { verifies: false } });
    const change = (text: string) => {
      const answer = JSON.parse(text);
      const data = Buffer.from(answer.response.authenticatorData, 'base64url');
      data.writeUInt8(data.readUInt8(32) | 4, 32);
      answer.response.authenticatorData = data.toString('base64url');
      return JSON.stringify(answer);
    };
    expect(await assertBy(made, { mustVerify: true, change })).toEqual(refused(/signature/));
  });

  test('attack: a found key without a PIN, where the person must be verified', async () => {
    const made = await registered({ settings: { verifies: false } });
    expect(await assertBy(made, { mustVerify: true })).toEqual(refused(/verif/));
    expect(await assertBy(made)).toMatchObject({ ok: true, userVerified: false });
  });

  test('attack: a found key signs in alone, without a typed address', async () => {
    const made = await registered({ kind: 'passkey' });
    const verdict = await assertBy(made, { isDiscovered: true, knobs: { userVerified: false } });
    expect(verdict).toEqual(refused(/verif/));
  });

  test('attack: without a typed address, the answer names no account', async () => {
    const made = await registered({ kind: 'passkey' });
    expect(await assertBy(made, { isDiscovered: true, knobs: { userHandle: null } })).toEqual(
      refused(/no user handle/),
    );
  });
});

describe('an answer that is none', () => {
  const nested = `${'['.repeat(8000)}${']'.repeat(8000)}`;
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const shape = (response: unknown) =>
    JSON.stringify({ id: 'AAAA', rawId: 'AAAA', type: 'public-key', response, clientExtensionResults: {} });
  const cbor = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  const registration = (clientData: string, attestationObject: string) =>
    shape({ clientDataJSON: clientData, attestationObject, authenticatorData: 'AAAA', signature: 'AAAA' });

  test.each([
    ['no JSON', '<html>'],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['deep', nested],
    ['huge', `{"id":"${'A'.repeat(16_400)}"}`],
    ['without a response', JSON.stringify({ id: 'AAAA', rawId: 'AAAA', type: 'public-key' })],
    ['a response that is a text', shape('x')],
    [
      'members of other types',
      shape({ clientDataJSON: 7, attestationObject: {}, authenticatorData: [], signature: true }),
    ],
    ['client data that is no JSON', registration('AAAA', 'AAAA')],
    ['client data that is null', registration(text(null), 'oA')],
    ['client data that is a list', registration(text([]), 'oA')],
    ['an attestation that is no CBOR', registration(text({ type: 'webauthn.create' }), '_____w')],
    ['an attestation that is a number', registration(text({ type: 'webauthn.create' }), cbor('01'))],
    ['an attestation without members', registration(text({ type: 'webauthn.create' }), cbor('a0'))],
    ['an attestation nested deeply', registration(text({ type: 'webauthn.create' }), cbor('81'.repeat(4000)))],
    [
      'an attestation of a length that it has not',
      registration(text({ type: 'webauthn.create' }), cbor('5bffffffffffffffff')),
    ],
  ])('is refused: %s', async (_what, response) => {
    const answer = { response, challenge: 'AAAA', mustVerify: false };
    const { credential } = await registered();
    expect(await checks.register(answer, { userHandle: HANDLE })).toEqual(refused(/./));
    expect(await checks.assert(answer, { ...credential, id: 'AAAA' }, { isDiscovered: false })).toEqual(refused(/./));
  });

  test.each<[string, (text: string) => string]>([
    ['too long to be parsed', (text) => text + ' '.repeat(16_384)],
    [
      'nested too deeply for what reads it later',
      (text) => text.replace('"clientExtensionResults":{}', `"x":[[[[[[[]]]]]]]`),
    ],
  ])('attack: an honest answer is made %s', async (_how, change) => {
    expect((await register({ change })).verdict).toEqual(refused(/no registration/));
    expect(await assertBy(await registered(), { change })).toEqual(refused(/no assertion/));
  });

  test('attack: a refusal fills the log with the words of the sender', async () => {
    const { verdict } = await register({ knobs: { origin: `https://${'x'.repeat(4000)}.example` } });
    expect(verdict).toEqual(refused(/^.{0,200}$/));
  });

  test('has no credential id', async () => {
    for (const none of ['', 'x', '{}', nested, JSON.stringify({ id: 'A=' })]) {
      expect(checks.credentialIdOf(none)).toBeUndefined();
    }
    const { authenticator, credential } = await registered();
    expect(checks.credentialIdOf(authenticator.get(request([credential])))).toBe(credential.id);
  });
});
