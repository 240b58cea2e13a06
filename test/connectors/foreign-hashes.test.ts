/** Passwords that other systems hashed: each kind by vectors that others published or made, from the file of an import to the answer. */
import { describe, expect, test } from 'vitest';
import { computeDigest } from '../../src/connectors/foreign-digest.js';
import { hmacMd4, md4 } from '../../src/connectors/md4.js';
import { createPasswordConnector, isCheckableHash } from '../../src/connectors/password.js';
import type { Recipe } from '../../src/domain/passwords/foreign-hash.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { checkPasswordHash } from '../../src/management/users/user-import-hash.js';
import { FOREIGN_HASHES } from '../support/foreign-hashes.js';

const connector = createPasswordConnector({ entropy: systemEntropy, refusalFloorMs: 0 });

/** The hash as it is stored. */
async function storedOf(custom: object): Promise<string> {
  const { problems, value } = checkPasswordHash({ custom_password_hash: custom }, isCheckableHash);
  expect(problems).toEqual([]);
  if (value === undefined) throw new Error('no hash');
  return typeof value === 'string' ? value : connector.wrap(value);
}

const fits = (hash: string, password: string) => connector.verify({ connectionId: 'con_1', hash }, password);

test.each(FOREIGN_HASHES)('$name fits its password and no other', async ({ password, custom }) => {
  const hash = await storedOf(custom);
  expect(isCheckableHash(hash)).toBe(true);
  expect(await fits(hash, password)).toBe(true);
  expect(await fits(hash, `${password} `)).toBe(false);
  expect(await fits(hash, '')).toBe(false);
});

test('every algorithm that Auth0 names is among them', () => {
  const named = 'argon2 bcrypt hmac ldap md4 md5 sha1 sha256 sha512 pbkdf2 scrypt'.split(' ');
  expect(new Set(FOREIGN_HASHES.map(({ custom }) => custom.algorithm))).toEqual(new Set([...named, 'firebase_scrypt']));
});

test('attack: a stolen table holds no digest that is quick to try passwords on', async () => {
  for (const { custom } of FOREIGN_HASHES) {
    const { value } = checkPasswordHash({ custom_password_hash: custom }, isCheckableHash);
    if (typeof value !== 'object') continue;
    const hash = await connector.wrap(value);
    const parts = [hash, ...hash.split('$').map((part) => Buffer.from(part, 'base64url').toString('latin1'))];
    const bytes = Buffer.from(value.digest, 'base64');
    const shapes = [value.digest.replace(/=+$/, ''), bytes.toString('hex'), bytes.toString('latin1')];
    for (const shape of shapes) expect(parts.some((part) => part.includes(shape))).toBe(false);
    expect(hash).toMatch(/^\$wrapped\$[a-z0-9=-]+\$[\w-]+\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    // Each has a salt of its own, so that equal passwords do not show.
    expect(await connector.wrap(value)).not.toBe(hash);
    expect(connector.needsRehash(hash)).toBe(true);
  }
});

test('attack: a password that the other system could not write fits nothing, though its bytes cut short would', async () => {
  const latin = FOREIGN_HASHES.find(({ name }) => name === 'sha256 of Latin-1');
  const hash = await storedOf(latin?.custom ?? {});
  // U+01FC ends in the byte of ü.
  expect(Buffer.from('GrǼße-7', 'latin1')).toEqual(Buffer.from('Grüße-7', 'latin1'));
  expect(await fits(hash, 'GrǼße-7')).toBe(false);
});

describe('a stored hash that was changed', () => {
  const scrypt = FOREIGN_HASHES.find(({ name }) => name === 'scrypt');
  const change = (hash: string, changes: object) => {
    const [, , , encoded = ''] = hash.split('$');
    const recipe = { ...JSON.parse(Buffer.from(encoded, 'base64url').toString()), ...changes };
    return hash.replace(encoded, Buffer.from(JSON.stringify(recipe)).toString('base64url'));
  };

  test('to more work than it says, than is done, or to nonsense, is not begun', async () => {
    const hash = await storedOf(scrypt?.custom ?? {});
    expect(isCheckableHash(change(hash, {}))).toBe(true);
    expect(isCheckableHash(change(hash, { cost: 2 ** 17 }))).toBe(false);
    expect(isCheckableHash(change(hash, { cost: 2 ** 30 }).replace('=32768', `=${2 ** 33}`))).toBe(false);
    for (const bad of [
      hash.replace(/\$ey[^$]+/, '$e30'),
      hash.replace(/\$ey[^$]+/, '$!'),
      '$wrapped$none$$',
      '$wrapped$',
    ]) {
      expect(isCheckableHash(bad)).toBe(false);
      expect(await fits(bad, 'password')).toBe(false);
    }
  });
});

describe('work is limited, since the author of the file chose it', () => {
  const scrypt = {
    kind: 'scrypt',
    encoding: 'utf8',
    salt: '',
    keyBytes: 32,
    blockSize: 8,
    parallelization: 1,
  } as const;
  const pbkdf2 = { kind: 'pbkdf2', encoding: 'utf8', digest: 'sha256', salt: '', keyBytes: 32 } as const;
  test.each<[string, Recipe, boolean]>([
    ['scrypt of 128 MiB', { ...scrypt, cost: 2 ** 17 }, true],
    ['scrypt of 256 MiB', { ...scrypt, cost: 2 ** 18 }, false],
    ['scrypt in many lanes', { ...scrypt, cost: 2 ** 14, parallelization: 9 }, false],
    ['scrypt of wide blocks', { ...scrypt, cost: 2 ** 14, blockSize: 2 ** 20 }, false],
    ['scrypt of one wide block, in 320 MiB', { ...scrypt, cost: 2, blockSize: 2 ** 19 }, false],
    ['scrypt of an odd cost', { ...scrypt, cost: 1000 }, false],
    ['scrypt of no cost', { ...scrypt, cost: 0 }, false],
    ['two million rounds', { ...pbkdf2, iterations: 2_000_000 }, true],
    ['a round more', { ...pbkdf2, iterations: 2_000_001 }, false],
    ['as many rounds for two blocks', { ...pbkdf2, iterations: 1_000_001, keyBytes: 33 }, false],
    ['no rounds', { ...pbkdf2, iterations: 0 }, false],
    ['bcrypt of 13', { kind: 'bcrypt', cost: 13, salt: '', before: '', after: '', encoding: 'utf8' }, false],
  ])('%s', (_name, recipe, isDone) => {
    expect(isCheckableHash(recipe)).toBe(isDone);
  });
});

test('costly work leaves the main thread free', async () => {
  const recipe = { kind: 'pbkdf2', encoding: 'utf8', digest: 'sha512', salt: 'c2FsdA==', keyBytes: 64 } as const;
  const order: string[] = [];
  const work = computeDigest({ ...recipe, iterations: 200_000 }, 'x').then(() => order.push('digest'));
  setImmediate(() => order.push('others'));
  await work;
  expect(order).toEqual(['others', 'digest']);
});

describe('MD4', () => {
  // RFC 1320, appendix A.5; the longer ones by OpenSSL.
  test.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
    ['x'.repeat(55), '92f32bb82c95ad10e8f87ae58ab06807'],
    ['x'.repeat(56), '374d5f08103b7092c83b4626ebceffab'],
    ['x'.repeat(64), 'b1abf956a5ae6f3221e5fe85e300fbb0'],
    ['x'.repeat(119), 'b55ae15e41e55643b0c3daad5e05c905'],
    ['x'.repeat(1000), '4b4cacfefc79bf951c60620df38532dc'],
  ])('%j', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });

  test('HMAC with a key longer than a block', () => {
    const digest = hmacMd4(Buffer.from('k'.repeat(80)), Buffer.from('correct horse'));
    expect(digest.toString('hex')).toBe('d60e714e0d7b85ca322f6d41e97a7b1a');
  });
});

describe('what cannot be used', () => {
  const value = 'a'.repeat(32);
  const md5 = { algorithm: 'md5', hash: { value, encoding: 'hex' } };
  const hmac = { value, encoding: 'hex', digest: 'md5', key: { value: 'k' } };
  const scrypt = { algorithm: 'scrypt', hash: { value, encoding: 'hex' }, salt: { value: 's' }, keylen: 16 };
  const firebase = {
    algorithm: 'firebase_scrypt',
    hash: { value, key: { value: 'AAAA'.repeat(8) } },
    salt: { value: 'AA' },
  };
  const bcrypt = { algorithm: 'bcrypt', hash: { value: `$2b$04$${'a'.repeat(53)}` } };
  test('bcrypt behind a salt of 56 bytes is taken: 16 bytes of the password count', () => {
    const custom = { ...bcrypt, salt: { value: 's'.repeat(56) } };
    expect(checkPasswordHash({ custom_password_hash: custom }, isCheckableHash).problems).toEqual([]);
  });
  test.each<[string, object, string, string]>([
    // bcrypt reads 72 bytes: behind these a few characters of the password count, or none (CVE-2025-22228, Okta's AD/LDAP of 2024).
    ['bcrypt behind a salt of 57 bytes', { ...bcrypt, salt: { value: 's'.repeat(57) } }, 'MAXIMUM', 'salt.value'],
    ['bcrypt behind a salt of 72 bytes', { ...bcrypt, salt: { value: 's'.repeat(72) } }, 'MAXIMUM', 'salt.value'],
    ['no hash', { algorithm: 'md5' }, 'OBJECT_REQUIRED', 'hash'],
    ['a hash that is text', { algorithm: 'md5', hash: value }, 'INVALID_TYPE', 'hash'],
    ['no encoding', { ...md5, hash: { value } }, 'ENUM_MISMATCH', 'hash.encoding'],
    ['a hash as utf8', { ...md5, hash: { value, encoding: 'utf8' } }, 'ENUM_MISMATCH', 'hash.encoding'],
    ['no hex', { ...md5, hash: { value: 'xyz', encoding: 'hex' } }, 'INVALID_FORMAT', 'hash.value'],
    ['no base64', { ...md5, hash: { value: 'a', encoding: 'base64' } }, 'INVALID_FORMAT', 'hash.value'],
    ['too short', { ...md5, hash: { value: 'aabb', encoding: 'hex' } }, 'INVALID_FORMAT', 'hash.value'],
    ['a long value', { ...md5, hash: { value: 'a'.repeat(2049), encoding: 'hex' } }, 'MAX_LENGTH', 'hash.value'],
    ['a salt in the middle', { ...md5, salt: { value: 's', position: 'middle' } }, 'ENUM_MISMATCH', 'salt.position'],
    ['a salt without value', { ...md5, salt: {} }, 'OBJECT_REQUIRED', 'salt.value'],
    ['another encoding of passwords', { ...md5, password: { encoding: 'utf7' } }, 'ENUM_MISMATCH', 'password.encoding'],
    [
      'an encoding by a name of objects',
      { ...md5, password: { encoding: 'toString' } },
      'ENUM_MISMATCH',
      'password.encoding',
    ],
    ['a cost for md5', { ...md5, cost: 4096 }, 'NOT_AVAILABLE', 'cost'],
    ['an algorithm by a name of objects', { ...md5, algorithm: 'constructor' }, 'ENUM_MISMATCH', 'algorithm'],
    [
      'hmac without digest',
      { algorithm: 'hmac', hash: { ...hmac, digest: undefined } },
      'ENUM_MISMATCH',
      'hash.digest',
    ],
    [
      'hmac of whirlpool',
      { algorithm: 'hmac', hash: { ...hmac, digest: 'whirlpool' } },
      'NOT_AVAILABLE',
      'hash.digest',
    ],
    ['hmac without key', { algorithm: 'hmac', hash: { ...hmac, key: undefined } }, 'OBJECT_REQUIRED', 'hash.key'],
    ['ldap {CRYPT}', { algorithm: 'ldap', hash: { value: '{CRYPT}ab' } }, 'INVALID_FORMAT', 'hash.value'],
    ['ldap cut short', { algorithm: 'ldap', hash: { value: '{SSHA512}YWJj' } }, 'INVALID_FORMAT', 'hash.value'],
    ['ldap with a salt', { algorithm: 'ldap', hash: { value: '{SHA}YWJj' }, salt: {} }, 'NOT_AVAILABLE', 'salt'],
    ['pbkdf2 as hex', { algorithm: 'pbkdf2', hash: { value, encoding: 'hex' } }, 'NOT_AVAILABLE', 'hash.encoding'],
    ['pbkdf2 in another form', { algorithm: 'pbkdf2', hash: { value } }, 'INVALID_FORMAT', 'hash.value'],
    [
      'pbkdf2 of md4',
      { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-md4$c2FsdA$aGFzaA' } },
      'NOT_AVAILABLE',
      'hash.value',
    ],
    [
      'pbkdf2 of three bytes',
      { algorithm: 'pbkdf2', hash: { value: '$pbkdf2-sha1$i=1,l=3$c2FsdA$aGFz' } },
      'MINIMUM',
      'hash.value',
    ],
    [
      'pbkdf2 for hours',
      { algorithm: 'pbkdf2', hash: { value: `$pbkdf2-sha1$i=999999999,l=16$c2FsdA$${'a'.repeat(22)}` } },
      'MAXIMUM',
      'hash.value',
    ],
    ['scrypt without keylen', { ...scrypt, keylen: undefined }, 'OBJECT_REQUIRED', 'keylen'],
    ['scrypt of a byte', { ...scrypt, keylen: 1, hash: { value: 'aa', encoding: 'hex' } }, 'MINIMUM', 'keylen'],
    ['scrypt of a megabyte', { ...scrypt, keylen: 2 ** 20 }, 'MAXIMUM', 'keylen'],
    ['scrypt by halves', { ...scrypt, blockSize: 1.5 }, 'INVALID_TYPE', 'blockSize'],
    ['scrypt of an odd cost', { ...scrypt, cost: 4095 }, 'NOT_PASSED', 'cost'],
    ['scrypt in gigabytes', { ...scrypt, cost: 2 ** 30 }, 'MAXIMUM', 'hash.value'],
    ['firebase without key', { ...firebase, hash: { value } }, 'OBJECT_REQUIRED', 'hash.key'],
    ['firebase without salt', { ...firebase, salt: undefined }, 'OBJECT_REQUIRED', 'salt'],
    [
      'firebase with a short key',
      { ...firebase, hash: { value: 'AAAA', key: { value: 'AAAA' } } },
      'MINIMUM',
      'hash.key.value',
    ],
    ['firebase in terabytes', { ...firebase, memoryCost: 60 }, 'MAXIMUM', 'hash.value'],
    [
      'argon2 of UTF-16',
      { algorithm: 'argon2', hash: { value }, password: { encoding: 'ucs2' } },
      'NOT_AVAILABLE',
      'password.encoding',
    ],
  ])('case=%s', (_name, custom, code, path) => {
    const record = { custom_password_hash: JSON.parse(JSON.stringify(custom)) };
    const { problems, value: hash } = checkPasswordHash(record, isCheckableHash);
    expect(hash).toBeUndefined();
    expect(problems).toEqual([{ code, message: expect.any(String), path: `custom_password_hash.${path}` }]);
    expect(problems[0]?.message).not.toContain(value);
  });
});
