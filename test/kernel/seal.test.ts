/** Sealing: what was sealed opens unchanged, and nothing else opens: not changed, cut, moved, or from another key or purpose. */

import { describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox, openToken, sealToken } from '../../src/kernel/seal.js';
import fc from '../support/random.js';

const key = Buffer.alloc(32, 1);
const box = createSecretBox(key, 'test', systemEntropy);

describe('seal and open', () => {
  test('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        expect(box.open(box.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  test('attack=a value moved to another row does not open', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (plain, context, other) => {
        fc.pre(context !== other);
        expect(box.open(box.seal(plain, context), other)).toBeUndefined();
      }),
    );
  });

  test('attack=one changed bit anywhere does not open', () => {
    const sealed = box.seal('client secret', 'clients/1/secret');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(box.open(changed, 'clients/1/secret')).toBeUndefined();
    }
  });

  test('attack=a shorter tag or a cut value does not open', () => {
    const sealed = box.seal('client secret', 'c');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(box.open(sealed.subarray(0, length), 'c')).toBeUndefined();
    }
  });

  test('attack=a value of another purpose or another master key does not open', () => {
    const sealed = box.seal('x', 'c');
    expect(createSecretBox(key, 'other', systemEntropy).open(sealed, 'c')).toBeUndefined();
    expect(createSecretBox(Buffer.alloc(32, 2), 'test', systemEntropy).open(sealed, 'c')).toBeUndefined();
  });

  test('the same text twice looks different (fresh nonce)', () => {
    expect(box.seal('x', 'c').equals(box.seal('x', 'c'))).toBe(false);
  });

  test('never throws on bytes from outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(box.open(bytes, 'c')).toBeUndefined();
      }),
    );
  });
});

describe('tokens', () => {
  const fields = { transaction: 'abc', state: 'ünïcode' };

  test('give back their fields, in characters that URLs and cookies carry', () => {
    const token = sealToken(box, fields, 'cookie');
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(openToken(box, token, 'cookie')).toEqual(fields);
    expect(openToken(box, token, 'query')).toBeUndefined();
  });

  test('attack=an oversized token is refused before it is decrypted', () => {
    const token = sealToken(box, { text: 'x'.repeat(4000) }, 'cookie');
    expect(token.length).toBeGreaterThan(4096);
    expect(openToken(box, token, 'cookie')).toBeUndefined();
  });

  test('never throw on text from outside', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(openToken(box, text, 'cookie')).toBeUndefined();
      }),
    );
  });
});
