/** Any recipe: the hash of its password fits that password, and no other; a stored hash with any change never throws. */

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPasswordConnector, isCheckableHash } from '../../src/connectors/password.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { checkPasswordHash } from '../../src/management/users/user-import-hash.js';
import fc from '../support/random.js';

const connector = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 0 });
const fits = (hash: string, password: string) => connector.verify({ connectionId: 'con_1', hash }, password);

const text = fc.string({ unit: 'binary', maxLength: 20 });
const latin = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 20,
});
/** Bytes as a file gives them, in one of the encodings. */
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('hex', 'base64', 'base64url'))
  .map(([raw, as]) => ({
    raw: Buffer.from(raw),
    part: { value: Buffer.from(raw).toString(as as 'hex'), encoding: as === 'hex' ? 'hex' : 'base64' },
  }));
const salted = fc.record({
  kind: fc.constantFrom('md5', 'sha1', 'sha256', 'sha512', 'hmac'),
  position: fc.constantFrom('prefix', 'suffix'),
  salt: bytes,
  key: bytes,
  spoken: fc.oneof(
    text.map((password) => ({ password, encoding: 'utf8', node: 'utf8' as const })),
    text.map((password) => ({ password, encoding: 'ucs2', node: 'utf16le' as const })),
    latin.map((password) => ({ password, encoding: 'binary', node: 'latin1' as const })),
  ),
});

/** The record of a file, hashed by Node, as another system would have done it. */
function toCustom({ kind, position, salt, key, spoken }: typeof salted extends fc.Arbitrary<infer T> ? T : never) {
  const password = Buffer.from(spoken.password, spoken.node);
  const input = Buffer.concat(position === 'prefix' ? [salt.raw, password] : [password, salt.raw]);
  const digest =
    kind === 'hmac' ? createHmac('sha384', key.raw).update(input).digest() : createHash(kind).update(input).digest();
  const hash = { value: digest.toString('hex').toUpperCase(), encoding: 'hex' };
  return {
    algorithm: kind,
    hash: kind === 'hmac' ? { ...hash, digest: 'sha384', key: key.part } : hash,
    salt: { ...salt.part, position },
    password: { encoding: spoken.encoding },
  };
}

async function storedOf(custom: object): Promise<string> {
  const { problems, value } = checkPasswordHash({ custom_password_hash: custom }, isCheckableHash);
  expect(problems).toEqual([]);
  return typeof value === 'object' ? connector.wrap(value) : (value ?? '!');
}

test('a salted digest or HMAC, in any encoding and order', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(salted, text, async (given, other) => {
      const hash = await storedOf(toCustom(given));
      expect(await fits(hash, given.spoken.password)).toBe(true);
      fc.pre(other !== given.spoken.password);
      expect(await fits(hash, other)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('PBKDF2 of any digest, rounds and length', { timeout: 60_000 }, async () => {
  const given = fc.record({
    digest: fc.constantFrom('md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'),
    rounds: fc.integer({ min: 1, max: 2000 }),
    length: fc.integer({ min: 16, max: 200 }),
    salt: fc.uint8Array({ maxLength: 40 }),
    password: text,
  });
  const raw = (value: Uint8Array) => Buffer.from(value).toString('base64').replaceAll('=', '');
  await fc.assert(
    fc.asyncProperty(given, async ({ digest, rounds, length, salt, password }) => {
      const key = pbkdf2Sync(password, salt, rounds, length, digest);
      const value = `$pbkdf2-${digest}$i=${rounds},l=${length}$${raw(salt)}$${raw(key)}`;
      const hash = await storedOf({ algorithm: 'pbkdf2', hash: { value } });
      expect(await fits(hash, password)).toBe(true);
      expect(await fits(hash, `${password}x`)).toBe(false);
    }),
    { numRuns: 20 },
  );
});

test('a stored hash with any piece changed is a no for a guess, and never throws', { timeout: 60_000 }, async () => {
  const hash = await storedOf({ algorithm: 'md5', hash: { value: 'a'.repeat(32), encoding: 'hex' } });
  await fc.assert(
    fc.asyncProperty(fc.nat(hash.length - 1), fc.string({ maxLength: 3 }), async (at, piece) => {
      const changed = hash.slice(0, at) + piece + hash.slice(at + 1);
      expect(typeof isCheckableHash(changed)).toBe('boolean');
      expect(await fits(changed, 'password')).toBe(false);
    }),
    { numRuns: 60 },
  );
});
