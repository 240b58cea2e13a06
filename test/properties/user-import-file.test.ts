/** Any file of an import: it is read or refused, nothing is thrown, and no hash comes out where it is shown. */

import { expect, test } from 'vitest';
import { isCheckableHash } from '../../src/connectors/password.js';
import type { ImportEntry } from '../../src/domain/people/user-import.js';
import { parseUsersFile } from '../../src/management/users/user-import-file.js';
import fc from '../support/random.js';

/** Stands for a hash: if it shows anywhere in a failure, a secret did. */
const CANARY = 'canary-of-a-hash';

function read(text: string | Uint8Array): readonly ImportEntry[] | string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const file = parseUsersFile(bytes, isCheckableHash);
  if (!file.ok) return file.reason;
  const entries = [...file.entries];
  expect(entries).toHaveLength(file.total);
  return entries;
}

const names = fc.constantFrom(
  'email',
  'email_verified',
  'user_id',
  'username',
  'given_name',
  'name',
  'picture',
  'blocked',
  'password_hash',
  'custom_password_hash',
  'app_metadata',
  'user_metadata',
  'phone_number',
  'mfa_factors',
  'algorithm',
  'hash',
  'value',
  'salt',
  'encoding',
  'passwordHash',
  '__proto__',
  'constructor',
  'toString',
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>('a@acme.example', 'bcrypt', 'argon2', 'md5', '', null, true, 1e308, '\0', '\ud800'),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 8 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

test('any JSON: one entry for each place, and what is accepted can be stored', () => {
  fc.assert(
    fc.property(fc.array(values.value, { maxLength: 6 }), (records) => {
      const entries = read(JSON.stringify(records));
      if (typeof entries === 'string') throw new Error(entries);
      for (const entry of entries) {
        if (!entry.ok) {
          expect(entry.failure.errors.length).toBeGreaterThan(0);
          for (const { code, message } of entry.failure.errors) expect([code, message]).not.toContain('');
          continue;
        }
        expect(entry.user.subject ?? 'x').toMatch(/^[\x21-\x7b\x7d\x7e]+$/);
        expect(JSON.stringify(entry.user)).not.toMatch(/\\u0000|\\ud800|__proto__/);
        const { passwordHash } = entry.user;
        if (passwordHash === undefined) continue;
        expect(isCheckableHash(typeof passwordHash === 'string' ? passwordHash : passwordHash.recipe)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('any bytes: refused or read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(read(bytes)).toBeDefined();
    }),
  );
});

test('a hash, wherever it stands, is not shown', () => {
  const secretNames = fc.constantFrom('password_hash', 'passwordHash', 'password', 'hash', 'salt', 'secret');
  const hidden = fc.oneof(
    secretNames.map((name) => ({ [name]: CANARY })),
    secretNames.map((name) => ({ [name]: { deep: [CANARY, { deeper: CANARY }] } })),
    fc.constant({
      custom_password_hash: { algorithm: 'scrypt', hash: { value: CANARY, encoding: 'hex' }, keylen: CANARY },
    }),
    fc.constant({ custom_password_hash: { algorithm: 'bcrypt', hash: { value: CANARY } } }),
    fc.constant({ custom_password_hash: { algorithm: 'argon2', hash: { value: `$argon2id$v=19$${CANARY}` } } }),
    fc.constant({ custom_password_hash: [CANARY] }),
    fc.constant({ mfa_factors: [{ totp: { secret: CANARY } }] }),
  );
  fc.assert(
    fc.property(hidden, fc.boolean(), (fields, repeated) => {
      const record = { email: repeated ? 'a@acme.example' : 'nobody', ...fields };
      const entries = read(JSON.stringify(repeated ? [{ email: 'a@acme.example' }, record] : [record]));
      const entry = typeof entries === 'string' ? undefined : entries.at(-1);
      expect(entry?.ok).toBe(false);
      expect(JSON.stringify(entry)).not.toContain(CANARY);
    }),
    { numRuns: 300 },
  );
});

test('ten thousand users are read without holding anybody up for long at a time', () => {
  const users = Array.from({ length: 10_000 }, (_item, index) => ({ email: `u${index}@a.example` }));
  const file = parseUsersFile(Buffer.from(JSON.stringify(users)), isCheckableHash);
  if (!file.ok) throw new Error(file.reason);
  let longest = 0;
  let before = performance.now();
  let ok = 0;
  for (const entry of file.entries) {
    if (entry.ok) ok += 1;
    longest = Math.max(longest, performance.now() - before);
    before = performance.now();
  }
  expect(ok).toBe(10_000);
  expect(longest).toBeLessThan(500);
});
