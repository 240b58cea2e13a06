/** Identifiers: their shapes, that all of their characters are drawn, and comparing secrets. */

import { describe, expect, test } from 'vitest';
import {
  type Entropy,
  hashSecret,
  newDatabaseSubject,
  newId,
  newLogId,
  newReference,
  newSecret,
  newUuid,
  randomAlphanumeric,
  secretsEqual,
  systemEntropy,
} from '../../src/kernel/ids.js';
import fc from '../support/random.js';

/** Entropy that yields the given bytes over and over. */
function fixedEntropy(bytes: readonly number[]): Entropy {
  let next = 0;
  return {
    bytes: (length) => Buffer.from(Array.from({ length }, () => bytes[next++ % bytes.length] ?? 0)),
  };
}

describe('shapes', () => {
  test.each([
    ['org', 16],
    ['con', 16],
    ['rol', 16],
    ['uinv', 16],
    ['ord', 22],
    ['ses', 22],
    ['cred', 22],
    ['dev', 16],
  ] as const)('%s_ has %i characters after it', (prefix, length) => {
    expect(newId(systemEntropy, prefix)).toMatch(new RegExp(`^${prefix}_[A-Za-z0-9]{${length}}$`));
  });

  test('a database subject is 24 hexadecimal digits', () => {
    expect(newDatabaseSubject(systemEntropy)).toMatch(/^[0-9a-f]{24}$/);
  });

  test('a UUID is random but for its version and its variant (RFC 9562, section 5.4)', () => {
    expect(newUuid(fixedEntropy([0xff]))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(newUuid(fixedEntropy([0]))).toBe('00000000-0000-4000-8000-000000000000');
    expect(newUuid(fixedEntropy(Array.from({ length: 16 }, (_, at) => at)))).toBe(
      '00010203-0405-4607-8809-0a0b0c0d0e0f',
    );
  });

  test('a secret has 256 bits in characters that URLs carry', () => {
    expect(Buffer.from(newSecret(systemEntropy), 'base64url')).toHaveLength(32);
  });

  test('a reference can be read aloud: no 0, O, 1, I, L, U', () => {
    for (let index = 0; index < 500; index += 1) {
      expect(newReference(systemEntropy)).toMatch(/^V-[2-9A-HJ-KM-NP-TV-Z]{4}-[2-9A-HJ-KM-NP-TV-Z]{4}$/);
    }
  });
});

describe('randomness', () => {
  test('every character of the alphabet can be drawn, and bytes that would bias it are thrown away', () => {
    const all = Array.from({ length: 256 }, (_, byte) => byte);
    const drawn = randomAlphanumeric(fixedEntropy(all), 248);
    const counts = new Map<string, number>();
    for (const letter of drawn) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  test('247 is the last byte that is taken, and 248 the first that is thrown away', () => {
    expect(randomAlphanumeric(fixedEntropy([247, 248]), 2)).toBe('99');
  });

  test('a source that yields only biased bytes first is asked again', () => {
    let calls = 0;
    const entropy: Entropy = { bytes: (length) => Buffer.alloc(length, calls++ === 0 ? 255 : 0) };
    expect(randomAlphanumeric(entropy, 3)).toBe('AAA');
    expect(calls).toBe(2);
  });

  test('a thousand ids are a thousand ids', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId(systemEntropy, 'org'))).size).toBe(1000);
  });
});

test('log ids sort by time', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), noInvalidDate: true }),
      fc.date({ min: new Date(0), noInvalidDate: true }),
      (a, b) => {
        fc.pre(a.getTime() < b.getTime() && b.getTime() < 2 ** 48);
        expect(newLogId(systemEntropy, a) < newLogId(systemEntropy, b)).toBe(true);
      },
    ),
  );
});

describe('secrets', () => {
  test('are equal exactly when their texts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(secretsEqual(a, b)).toBe(a === b);
        expect(secretsEqual(a, a)).toBe(true);
      }),
    );
  });

  test('of different lengths compare without an error', () => {
    expect(secretsEqual('', 'x')).toBe(false);
  });

  test('are stored as SHA-256', () => {
    expect(hashSecret('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
