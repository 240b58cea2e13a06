/** Data that a login keeps while the person is away, and what of it still counts when they are back. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/domain/actions/action.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { digestCredential } from '../../src/login/2-authenticate.js';
import {
  beginKept,
  checkStanding,
  isMember,
  keepAccount,
  keepExecutions,
  keepProof,
  membershipBefore,
  namedPrimary,
  userIdOf,
  withoutConsole,
} from '../../src/login/kept.js';
import type { ActionExecution, Attempt, Kept, Proof, Resolved } from '../../src/login/stages.js';
import {
  AT,
  admittedOf,
  attemptOf,
  authenticatedOf,
  candidateOf,
  DANA,
  databaseOf,
  identityOf,
  ownProofOf,
  passwordProofOf,
  resolvedOf,
} from '../support/login-facts.js';

const KEPT: Kept = { newUserId: 'auth0|new', newSessionId: 'ses_1', executions: [] };
const NEW: Resolved['account'] = {
  kind: 'new',
  email: DANA,
  vouchedBy: 'idp',
  idPrefix: { text: 'oidc|acme-oidc', known: true },
};
const IDENTITY: Proof = { kind: 'identity', identity: identityOf(), ownProof: undefined };
const SIGN_UP: Proof = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: 'Dana', addressProved: true };
const signingUp: Attempt['credential'] = {
  kind: 'sign_up',
  email: DANA,
  password: 'p',
  name: 'Dana',
  addressProved: false,
};
const executionOf = (reason: string): ActionExecution => {
  const report = { actionId: 'a', versionId: 'v', name: 'gate', startedAt: 0, durationMs: 1, error: undefined };
  return { trigger: 'post-login', end: 'done', reason, results: [{ ...report, console: ['hello'] }] };
};

describe('at the beginning', () => {
  test('ids are drawn for the account and the session that may be opened', () => {
    const kept = beginKept(attemptOf(), systemEntropy);
    expect(kept).toEqual({
      newUserId: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      newSessionId: expect.stringMatching(/^ses_[A-Za-z0-9]{22}$/),
      executions: [],
    });
  });

  test('what ran before anything was proved comes first', () => {
    const [first, second] = [executionOf('first'), executionOf('second')];
    expect(beginKept(attemptOf({ executionsSoFar: [first] }), systemEntropy).executions).toEqual([first]);
    const kept = { ...KEPT, executions: [second] };
    expect(beginKept(attemptOf({ executionsSoFar: [first], kept }), systemEntropy)).toEqual({
      ...KEPT,
      executions: [first, second],
    });
    expect(beginKept(attemptOf({ kept }), systemEntropy)).toEqual(kept);
  });
});

describe('a proof waits', () => {
  test('an identity, with what the person proved beside it', () => {
    const ownProof = ownProofOf();
    const proof: Proof = { ...IDENTITY, ownProof };
    expect(keepProof({ ...authenticatedOf(), proof }, attemptOf())).toEqual({
      kind: 'identity',
      identity: identityOf(),
      fingerprint: 'c1.e1',
      ownProof,
    });
  });

  test('a sign-up, as it was typed, and whether its address is proved by now', () => {
    const authenticated = { ...authenticatedOf(), proof: SIGN_UP };
    expect(keepProof(authenticated, attemptOf({ credential: signingUp }))).toEqual({
      ...signingUp,
      addressProved: true,
    });
    expect(() => keepProof(authenticated, attemptOf())).toThrow('a sign-up is proved by the attempt that signs up');
  });

  test('a session, by its owner alone: it is looked up anew', () => {
    const proof = passwordProofOf({ by: 'session', credential: undefined });
    expect(keepProof({ ...authenticatedOf(), proof }, attemptOf())).toEqual({ kind: 'session', userId: 'auth0|dana' });
  });

  test('a password, by the digest of what is stored, at the connection that it belongs to', () => {
    const credential = { connectionId: 'con_other', hash: '$argon2id$stored' };
    const authenticated = { ...authenticatedOf(), enablement: databaseOf(), proof: passwordProofOf({ credential }) };
    expect(keepProof(authenticated, attemptOf())).toStrictEqual({
      kind: 'known',
      userId: 'auth0|dana',
      connectionId: 'con_other',
      fingerprint: 'c1.e1',
      authenticatedAt: AT.getTime(),
      credentialDigest: digestCredential(credential),
      givenHere: true,
    });
  });

  test('a password before the picker is given to no organization, also after the choice', () => {
    const before = { ...authenticatedOf(), enablement: databaseOf(), proof: passwordProofOf() };
    const kept = keepAccount({ ...resolvedOf(), ...before }, attemptOf({ picker: 'before' }));
    if (kept.kind !== 'known') throw new Error('a password proves an account');
    expect(kept).not.toHaveProperty('givenHere');
    const after = { ...before, proof: passwordProofOf({ by: 'known' }) };
    expect(keepProof(after, attemptOf({ credential: kept, picker: 'after' }))).not.toHaveProperty('givenHere');
    const here = keepProof(after, attemptOf({ credential: { ...kept, givenHere: true } }));
    expect(here).toMatchObject({ givenHere: true });
  });

  test('an account that an identity proved earlier, by its subject', () => {
    const proof = passwordProofOf({ by: 'known', credential: undefined, subject: 'idp-dana' });
    expect(keepProof({ ...authenticatedOf(), proof }, attemptOf())).toEqual({
      kind: 'known',
      userId: 'auth0|dana',
      connectionId: 'con_sso',
      fingerprint: 'c1.e1',
      authenticatedAt: AT.getTime(),
      credentialDigest: undefined,
      subject: 'idp-dana',
    });
  });
});

describe('while the person picks an organization', () => {
  test('an identity that is bound proves its account, with the address that it came with', () => {
    const kept = {
      kind: 'known',
      userId: 'auth0|dana',
      connectionId: 'con_sso',
      fingerprint: 'c1.e1',
      authenticatedAt: AT.getTime() - 5_000,
      credentialDigest: undefined,
      assertedEmail: DANA,
      subject: 'idp-dana',
      said: {
        data: { email: DANA, email_verified: true },
        isBound: true,
      },
    };
    const signedInAtSeconds = AT.getTime() / 1000 - 5;
    const proof: Proof = { ...IDENTITY, identity: identityOf({ signedInAtSeconds }) };
    expect(keepAccount(resolvedOf({ proof }), attemptOf())).toEqual(kept);
    const silent: Proof = { ...IDENTITY, identity: identityOf({ signedInAtSeconds, email: undefined }) };
    expect(keepAccount(resolvedOf({ proof: silent }), attemptOf())).toEqual({ ...kept, assertedEmail: '' });
  });

  test('an identity that no account has yet stays one, and a password stays one', () => {
    expect(keepAccount(resolvedOf({ account: NEW }), attemptOf())).toMatchObject({ kind: 'identity' });
    expect(keepAccount(resolvedOf({ proof: passwordProofOf() }), attemptOf())).toMatchObject({
      kind: 'known',
      credentialDigest: expect.any(String),
    });
  });
});

describe('of what ran', () => {
  test('the last three wait in the browser', () => {
    const ran = ['1', '2', '3', '4'].map(executionOf);
    expect(keepExecutions(ran).map(({ reason }) => reason)).toEqual(['2', '3', '4']);
  });

  test('what was printed stays behind, and nothing else does', () => {
    const ran = executionOf('1');
    const silent = { ...ran, results: ran.results.map((result) => ({ ...result, console: [] })) };
    expect(withoutConsole([ran])).toEqual([silent]);
    expect(keepExecutions([ran])).toEqual([silent]);
  });
});

describe('the account that the login leads to', () => {
  test.each<readonly [string, Partial<Resolved>, string]>([
    ['is the existing one', {}, 'auth0|dana'],
    ['is made of the connection and the subject', { account: NEW, proof: IDENTITY }, 'oidc|acme-oidc|idp-dana'],
    ['is drawn for a sign-up', { account: { ...NEW, idPrefix: undefined }, proof: SIGN_UP }, 'auth0|new'],
    ['is drawn for a sign-up whatever the connection is called', { account: NEW, proof: SIGN_UP }, 'auth0|new'],
    [
      'is drawn where ids of the connection have no beginning',
      { account: { ...NEW, idPrefix: undefined }, proof: IDENTITY },
      'auth0|new',
    ],
  ])('%s', (_name, changes, userId) => expect(userIdOf(resolvedOf(changes), KEPT)).toBe(userId));

  test('is a member who was one before this login', () => {
    const outsider = candidateOf({ membership: 'none' });
    expect(isMember(resolvedOf())).toBe(true);
    expect(isMember(resolvedOf({ account: { kind: 'existing', candidate: outsider, bind: undefined } }))).toBe(false);
    expect(isMember(resolvedOf({ account: NEW }))).toBe(false);
  });
});

const primary = (userId: string): Effect => ({ kind: 'primary_user', userId });
const agreedAbout = (userId: string, wasMember: boolean, effects: readonly Effect[] = []): Kept => ({
  ...KEPT,
  agreement: { userId, wasMember, effects },
});

describe('the account that an Action named the primary', () => {
  test.each<readonly [string, Kept, string | undefined]>([
    ['nobody agreed to anything', KEPT, undefined],
    ['nobody named one', agreedAbout('auth0|dana', true, [{ kind: 'record_method', method: 'x' }]), undefined],
    ['it is another one', agreedAbout('auth0|dana', true, [primary('auth0|sam')]), 'auth0|sam'],
    [
      'something else was asked for after it',
      agreedAbout('auth0|dana', true, [primary('auth0|sam'), { kind: 'record_method', method: 'x' }]),
      'auth0|sam',
    ],
    ['it is the same one', agreedAbout('auth0|dana', true, [primary('auth0|dana')]), undefined],
    [
      'the last word counts',
      agreedAbout('auth0|dana', true, [primary('auth0|sam'), primary('auth0|olga')]),
      'auth0|olga',
    ],
  ])('%s', (_name, kept, named) => expect(namedPrimary(kept)).toBe(named));
});

describe('what the Actions agreed to is good for', () => {
  const outsider: Partial<Resolved> = {
    account: { kind: 'existing', candidate: candidateOf({ membership: 'none' }), bind: undefined },
  };
  test.each<readonly [string, Partial<Resolved>, Kept, boolean]>([
    ['anybody, where they were not asked', {}, KEPT, true],
    ['the same account', {}, agreedAbout('auth0|dana', true), true],
    ['an account that has become a member meanwhile', {}, agreedAbout('auth0|dana', false), true],
    ['an account that never was a member', outsider, agreedAbout('auth0|dana', false), true],
    ['not for a member who is none any more', outsider, agreedAbout('auth0|dana', true), false],
    ['not for another account', {}, agreedAbout('auth0|sam', true), false],
    ['not for another account, member or not', outsider, agreedAbout('auth0|sam', false), false],
    ['the account that an Action named the primary', {}, agreedAbout('auth0|sam', true, [primary('auth0|dana')]), true],
    ['not for a third one', {}, agreedAbout('auth0|sam', true, [primary('auth0|olga')]), false],
  ])('%s', (_name, changes, kept, good) => {
    expect(checkStanding(admittedOf(changes), kept)?.code).toBe(good ? undefined : 'commit.conflict');
  });
});

test('how a membership stood before the earlier commit point is known of the account that it was written for', () => {
  const membership = { exists: false, via: 'invitation' };
  expect(membershipBefore('auth0|dana', { ...KEPT, written: { userId: 'auth0|dana', membership } })).toBe(membership);
  expect(membershipBefore('auth0|sam', { ...KEPT, written: { userId: 'auth0|dana', membership } })).toBeUndefined();
  expect(membershipBefore('auth0|dana', KEPT)).toBeUndefined();
});
