/** One user of an import: never gets somebody else's password, never more than the file says. */
import { describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/domain/people/email.js';
import {
  type ImportEntry,
  type ImportedUser,
  type ImportGround,
  planImport,
  withoutRepeats,
} from '../../src/domain/people/user-import.js';

function user(changes: Partial<ImportedUser> = {}): ImportedUser {
  const email = parseEmail('dana@acme.example');
  if (email === undefined) throw new Error('the address does not parse');
  return {
    email,
    emailVerified: false,
    subject: undefined,
    username: undefined,
    profile: {},
    blocked: false,
    passwordHash: undefined,
    userMetadata: undefined,
    appMetadata: undefined,
    factors: [],
    ...changes,
  };
}

const nobody: ImportGround = { holder: undefined, idTaken: false, hasUsernames: false };
const dana: ImportGround = {
  ...nobody,
  holder: { userId: 'auth0|dana', email: 'dana@acme.example', profile: { name: 'Dana', nickname: 'dd' } },
};

describe('the plan', () => {
  test('a newcomer is inserted, with upsert or without', () => {
    for (const upsert of [true, false]) expect(planImport(user(), nobody, upsert)).toEqual({ kind: 'insert' });
  });

  test.each<[string, ImportedUser, ImportGround, boolean, string]>([
    ['the address is taken', user(), dana, false, 'DUPLICATED_USER'],
    ['the id is taken', user({ subject: 'x' }), { ...nobody, idTaken: true }, true, 'DUPLICATED_USER'],
    ['another id', user({ subject: 'other' }), dana, true, 'CONFLICT'],
    ['a hash for somebody who is there', user({ passwordHash: '$2b$' }), dana, true, 'CONFLICT'],
    [
      'a factor for somebody who is there',
      user({ factors: [{ kind: 'otp', secret: 'A'.repeat(16) }] }),
      dana,
      true,
      'MFA_FACTORS_FAILED',
    ],
    ['a user name where there are none', user({ username: 'dd' }), nobody, false, 'CONFLICT'],
    [
      'the address of a linked account',
      user({ emailVerified: true }),
      { ...nobody, holder: { userId: 'auth0|dana', email: 'other@acme.example', profile: {} } },
      true,
      'CONFLICT',
    ],
    [
      'an account without an address',
      user(),
      { ...nobody, holder: { userId: 'oidc|dana', email: undefined, profile: {} } },
      true,
      'CONFLICT',
    ],
  ])('refused: %s', (_name, imported, ground, upsert, code) => {
    expect(planImport(imported, ground, upsert)).toMatchObject({ kind: 'refuse', problems: [{ code }] });
  });

  test('an update keeps what the file does not say, and never blocks, unblocks or renames', () => {
    const imported = user({
      subject: 'dana',
      blocked: true,
      emailVerified: true,
      profile: { nickname: 'new' },
      appMetadata: { plan: 'pro' },
    });
    expect(planImport(imported, dana, true)).toEqual({
      kind: 'update',
      userId: 'auth0|dana',
      changes: { emailVouchedBy: 'operator', profile: { name: 'Dana', nickname: 'new' }, appMetadata: { plan: 'pro' } },
    });
  });

  test('metadata is replaced as a whole where the file has some; an address that it does not call verified is not', () => {
    const metadata = { color: 'red' };
    expect(planImport(user({ userMetadata: metadata }), dana, true)).toEqual({
      kind: 'update',
      userId: 'auth0|dana',
      changes: { emailVouchedBy: undefined, profile: { name: 'Dana', nickname: 'dd' }, userMetadata: metadata },
    });
    const untouched = planImport(user(), dana, true);
    expect(Object.keys('changes' in untouched ? untouched.changes : {})).toEqual(['emailVouchedBy', 'profile']);
  });

  test('a user name where the connection has them', () => {
    expect(planImport(user({ username: 'dd' }), { ...nobody, hasUsernames: true }, false)).toEqual({ kind: 'insert' });
  });
});

test('who comes twice is told so; an invalid one does not count as the first', () => {
  const valid = (changes: Partial<ImportedUser>): ImportEntry => ({ ok: true, user: user(changes), shown: {} });
  const other = parseEmail('bob@acme.example');
  const invalid: ImportEntry = { ok: false, failure: { user: { email: 'dana@acme.example' }, errors: [] } };
  const entries = [
    invalid,
    valid({ username: 'dd' }),
    valid({}),
    valid({ ...(other && { email: other }), username: 'dd' }),
  ];
  expect([...withoutRepeats(entries)].map((entry) => (entry.ok ? 'ok' : entry.failure.errors[0]?.path))).toEqual([
    undefined,
    'ok',
    'email',
    'username',
  ]);
});
