/**
 * Turns a body of `users/{id}/authentication-methods` into a factor, or refuses it: each type takes its own properties,
 * and a factor that could never be passed here is not stored. Reads and writes nothing.
 */
import { newFactorId } from '../../domain/factors/new-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import { FACTORS } from '../../facts/factors.js';
import type { Entropy } from '../../kernel/ids.js';
import type { AddedFactor, FactorRecord, TracedCredential } from '../../ports/directory/factors.js';
import type { UserRecord } from '../../ports/directory/users.js';
import { badBody, notSupported } from '../api/errors.js';
import { present } from '../api/wire.js';
import { LONGEST_SECRET, readTotpSecret, SHORTEST_SECRET } from './totp-secret.js';

export interface MethodBody {
  readonly type: 'phone' | 'email' | 'totp' | 'webauthn-roaming' | 'passkey';
  readonly name?: string;
  readonly totp_secret?: string;
  readonly email?: string;
  readonly phone_number?: string;
  readonly preferred_authentication_method?: string;
  readonly key_id?: string;
  readonly public_key?: string;
  readonly aaguid?: string;
  readonly relying_party_identifier?: string;
  readonly credential_device_type?: 'single_device' | 'multi_device';
  readonly credential_backed_up?: boolean;
  readonly identity_user_id?: string;
  readonly user_agent?: string;
  readonly user_handle?: string;
  readonly transports?: readonly string[];
}

/** The account and the server for which a body is checked. */
export interface MethodGround {
  readonly user: UserRecord;
  readonly present: readonly FactorRecord[];
  /** Public origin of this server; its host is the relying party. */
  readonly origin: string;
  readonly entropy: Entropy;
}

const OF_KEY = ['key_id', 'public_key', 'relying_party_identifier'];
const PROPERTIES: Readonly<Record<Exclude<MethodBody['type'], 'phone'>, readonly string[]>> = {
  totp: ['totp_secret'],
  email: ['email'],
  'webauthn-roaming': OF_KEY,
  passkey: [
    ...OF_KEY,
    ...['user_handle', 'aaguid', 'transports', 'credential_device_type', 'credential_backed_up'],
    ...['identity_user_id', 'user_agent'],
  ],
};

/** Auth0's maximum for a name (its answers' schema). */
const LONGEST_NAME = 20;
/** WebAuthn section 4: the maximum of a credential id, in bytes. */
const LONGEST_KEY_ID = 1_023;
const LONGEST_PUBLIC_KEY = 2_048;
/** WebAuthn section 5.4.3: the maximum of a user handle, in bytes. */
const LONGEST_HANDLE = 64;
const MOST_TRANSPORTS = 10;
const LONGEST_TEXT = 512;

function bad(property: string, why: string) {
  return badBody(`Payload validation error: '${why}' on property ${property}.`);
}

/** Throws 400 for a name that Auth0 would not show. */
export function checkName(name: string | undefined): void {
  if (name !== undefined && (name === '' || name.length > LONGEST_NAME))
    throw bad('name', `A name has 1 to ${LONGEST_NAME} characters`);
}

/** Throws 400 for what only phones have. */
export function checkNoPhone(body: Pick<MethodBody, 'phone_number' | 'preferred_authentication_method'>): void {
  if (body.phone_number !== undefined || body.preferred_authentication_method !== undefined)
    throw notSupported(`phone: ${FACTORS.sms.missing}`);
}

/** Reads base64 or base64url of at most `most` bytes. */
function readBytes(body: MethodBody, property: 'key_id' | 'public_key' | 'user_handle', most: number): Buffer {
  const text = body[property];
  if (text === undefined) throw badBody(`Payload validation error: 'Missing required property: ${property}'.`);
  const bytes = Buffer.from(text, 'base64url');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || bytes.length === 0 || bytes.length > most)
    throw bad(property, `It is base64 of at most ${most} bytes`);
  return bytes;
}

function toSecret({ totp_secret: secret }: MethodBody): string {
  if (secret === undefined)
    throw badBody(
      "Payload validation error: 'Missing required property: totp_secret'. The application knows it already.",
    );
  const letters = readTotpSecret(secret);
  if (letters === undefined)
    throw bad('totp_secret', `It is base32 of ${SHORTEST_SECRET} to ${LONGEST_SECRET} characters`);
  return letters;
}

function checkPasskey(body: MethodBody, { user }: MethodGround): void {
  const databases = user.identities.filter(({ strategy, status }) => strategy === 'auth0' && status === 'bound');
  if (databases.length === 0)
    throw notSupported(
      'passkey: it is a way to sign in beside the password of a database connection, and the user has none.',
    );
  const { identity_user_id: owner, credential_backed_up: isBackedUp, credential_device_type: type } = body;
  if (owner !== undefined && !databases.some(({ subject }) => subject === owner))
    throw bad('identity_user_id', 'The user has no such identity at a database connection');
  // WebAuthn section 6.1.3: only a credential that may be copied can have been copied.
  if (isBackedUp === true && type !== 'multi_device')
    throw bad('credential_backed_up', 'Only a credential of the type multi_device is backed up');
  const { transports = [], user_agent: agent = '' } = body;
  if (transports.length > MOST_TRANSPORTS || transports.some((text) => !/^[a-z-]{1,32}$/.test(text)))
    throw bad('transports', `They are at most ${MOST_TRANSPORTS} names such as internal and hybrid`);
  if (agent.length > LONGEST_TEXT) throw bad('user_agent', `It has at most ${LONGEST_TEXT} characters`);
}

function toCredential(body: MethodBody, ground: MethodGround): TracedCredential {
  const host = new URL(ground.origin).hostname;
  const rpId = body.relying_party_identifier ?? host;
  // A key answers only to the host for which it was made.
  if (rpId !== host)
    throw notSupported(`relying_party_identifier: a key that was made for ${rpId} does not work at ${host}.`);
  const publicKey = readBytes(body, 'public_key', LONGEST_PUBLIC_KEY);
  // RFC 9052 section 7: a COSE key is a CBOR map.
  if ((publicKey[0] ?? 0) >> 5 !== 5) throw bad('public_key', 'It is a COSE key as base64');
  const isPasskey = body.type === 'passkey';
  if (isPasskey) checkPasskey(body, ground);
  const known = ground.present.find(({ credential }) => credential !== undefined)?.credential?.userHandle;
  const handle = isPasskey ? readBytes(body, 'user_handle', LONGEST_HANDLE).toString('base64url') : known;
  return {
    id: readBytes(body, 'key_id', LONGEST_KEY_ID).toString('base64url'),
    publicKey: new Uint8Array(publicKey),
    signCount: 0,
    userHandle: handle ?? ground.entropy.bytes(32).toString('base64url'),
    transports: body.transports ?? [],
    deviceType: body.credential_device_type === 'multi_device' ? 'multiDevice' : 'singleDevice',
    backedUp: body.credential_backed_up ?? false,
    rpId,
    aaguid: body.aaguid ?? '00000000-0000-0000-0000-000000000000',
    userVerified: false,
    ...(body.user_agent !== undefined && { userAgent: body.user_agent }),
    ...(body.identity_user_id !== undefined && { identityUserId: body.identity_user_id }),
  };
}

function toParts(body: MethodBody, ground: MethodGround): Omit<AddedFactor, 'id'> {
  if (body.type === 'totp') return { kind: 'otp', secret: toSecret(body) };
  if (body.type === 'email') {
    const address = parseEmail(body.email);
    if (address === undefined) throw bad('email', "Object didn't pass validation for format email");
    return { kind: 'email', address };
  }
  return { kind: body.type === 'passkey' ? 'passkey' : 'webauthn-roaming', credential: toCredential(body, ground) };
}

/** Returns the factor of a body, with a new id. Throws 400 in words. */
export function toAddedFactor(body: MethodBody, ground: MethodGround): AddedFactor {
  const { type, name } = body;
  checkNoPhone(body);
  if (type === 'phone') throw notSupported(`phone: ${FACTORS.sms.missing}`);
  const foreign = Object.keys(present({ ...body })).find(
    (property) => !['type', 'name', ...PROPERTIES[type]].includes(property),
  );
  if (foreign !== undefined) throw bad(foreign, `A method of the type ${type} has no such property`);
  checkName(name);
  const parts = toParts(body, ground);
  return { ...parts, id: newFactorId(ground.entropy, parts.kind), ...(name !== undefined && { name }) };
}
