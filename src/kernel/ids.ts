/**
 * Identifiers, secrets and their hashes. The only place that draws randomness. Never derives an identifier from a
 * counter or from the clock alone: ids must not be guessable.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Entropy {
  /** Returns `length` unpredictable bytes. */
  bytes(length: number): Buffer;
}

export const systemEntropy: Entropy = { bytes: (length) => randomBytes(length) };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const UPPER_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * Draws `length` characters of [A-Za-z0-9], each equally likely (bytes above 247 are discarded, so there is no modulo
 * bias).
 */
export function randomAlphanumeric(entropy: Entropy, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of entropy.bytes(length * 2)) {
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

/** Characters after the prefix in Auth0's ids (spec of the Management API, recorded answers). */
const ID_LENGTHS = {
  org: 16,
  con: 16,
  rol: 16,
  uinv: 16,
  cgr: 16,
  rs: 24,
  ord: 22,
  ses: 22,
  job: 16,
  lst: 16,
  tok: 16,
  cred: 22,
  ssp: 16,
  sst: 16,
  cop: 22,
  uap: 22,
  grp: 16,
  dev: 16,
} as const;
export type IdPrefix = keyof typeof ID_LENGTHS;

/** Draws a random identifier such as `org_Wq3…`. */
export function newId(entropy: Entropy, prefix: IdPrefix): string {
  return `${prefix}_${randomAlphanumeric(entropy, ID_LENGTHS[prefix])}`;
}

/** Draws a random UUID (RFC 9562 section 5.4): ids of Actions, their versions and bindings, as on Auth0. */
export function newUuid(entropy: Entropy): string {
  const bytes = Buffer.from(entropy.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Draws 24 hexadecimal digits: the second half of `auth0|…` user ids. */
export function newDatabaseSubject(entropy: Entropy): string {
  return entropy.bytes(12).toString('hex');
}

/** Draws an unguessable string of 256 bits, base64url: codes, tokens, states. */
export function newSecret(entropy: Entropy): string {
  return entropy.bytes(32).toString('base64url');
}

/** Draws 64 hexadecimal digits, 256 bits: the secret half of a SCIM token. */
export function newHexSecret(entropy: Entropy): string {
  return entropy.bytes(32).toString('hex');
}

/** Returns the text with which the ids of all log lines begin that have this time, in milliseconds; it sorts before them. */
export function firstLogId(at: Date): string {
  return at.getTime().toString(16).padStart(12, '0');
}

/** Draws a log id that sorts by time: 12 hex digits of milliseconds, 20 of randomness. */
export function newLogId(entropy: Entropy, at: Date): string {
  return firstLogId(at) + entropy.bytes(10).toString('hex');
}

/**
 * Draws `length` characters of [A-Z0-9], each equally likely: codes that a person writes down and types. 24 of them have
 * 124 bits.
 */
export function randomUpperAlphanumeric(entropy: Entropy, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of entropy.bytes(length * 2)) {
      if (byte < 252 && text.length < length) text += UPPER_ALPHABET.charAt(byte % 36);
    }
  }
  return text;
}

/** Draws six digits, for a code that is mailed. All codes are equally likely. */
export function newNumericCode(entropy: Entropy): string {
  for (;;) {
    const value = entropy.bytes(4).readUInt32BE();
    if (value < 4_294_000_000) return String(value % 1_000_000).padStart(6, '0');
  }
}

const REFERENCE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Draws the reference number that a refused person sees and may read aloud on the phone: `V-7KQ2-M9XT`. No look-alike
 * characters.
 */
export function newReference(entropy: Entropy): string {
  const pick = [...entropy.bytes(8)]
    .map((byte) => REFERENCE_ALPHABET.charAt(byte % REFERENCE_ALPHABET.length))
    .join('');
  return `V-${pick.slice(0, 4)}-${pick.slice(4)}`;
}

/**
 * Returns the hash that is stored instead of a secret: SHA-256, enough for secrets of 256 bits (passwords use argon2id
 * instead).
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** True when `secret` has this stored hash. Takes the same time wherever the hashes differ. */
export function fitsHash(secret: string, hash: Buffer): boolean {
  const given = hashSecret(secret);
  return given.length === hash.length && timingSafeEqual(given, hash);
}

/** Compares two strings in a time that does not reveal where they differ. It may reveal their lengths. */
export function secretsEqual(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  const right = createHash('sha256').update(b).digest();
  return timingSafeEqual(left, right);
}
