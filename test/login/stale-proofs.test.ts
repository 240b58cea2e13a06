/**
 * An earlier proof makes nobody a member, and uses no membership (linking rule, parts 7 and 8, and "Admit"). The attack: Evil Corp writes
 * a membership for somebody, or opens itself to everybody, and sends their browser through /authorize once; their session signs them in,
 * the membership counts as used, and Evil's own identity provider takes the account silently.
 */
import { describe, expect, test } from 'vitest';
import { hashSecret, systemEntropy } from '../../src/kernel/ids.js';
import { admit, needsFreshProof } from '../../src/login/4-admit.js';
import { planCommit } from '../../src/login/plan.js';
import type { Attempt, Proof, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  AT,
  admittedOf,
  agreedOf,
  attemptOf,
  candidateOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  ownProofOf,
  passwordProofOf,
  resolvedOf,
  ssoOf,
} from '../support/login-facts.js';
import { TICKET_BOX } from '../support/ticket-box.js';

const OUTSIDER = { kind: 'existing', candidate: candidateOf({ membership: 'none' }), bind: undefined } as const;
const session: Proof = passwordProofOf({ by: 'session', credential: undefined });
const known: Proof = passwordProofOf({ by: 'known', credential: undefined });
const password: Proof = passwordProofOf();
const identity = (claimsCut?: readonly string[]): Proof => ({
  kind: 'identity',
  identity: identityOf(claimsCut && { claimsCut }),
  ownProof: undefined,
});

function admission(changes: Partial<Resolved>): string {
  const answer = admit(resolvedOf({ account: OUTSIDER, ...changes }), AT, newTrace());
  return 'kind' in answer ? answer.code : answer.admission.rule;
}

describe('a new membership', () => {
  const AGAIN = 'authenticate.session_not_usable';
  const auto = { assignMembershipOnLogin: true };
  const condition = { ...auto, autoMembershipCondition: '!("contractor" in claims)' };
  test.each<readonly [string, Partial<Resolved>, string]>([
    ['auto, by a session of the company', { proof: session, enablement: ssoOf(auto) }, AGAIN],
    ['auto, by a session of a password', { proof: session, enablement: databaseOf(auto) }, AGAIN],
    ['auto, by what waited at the picker', { proof: known, enablement: ssoOf(auto) }, AGAIN],
    ['auto on a condition, by what waited at the picker', { proof: known, enablement: ssoOf(condition) }, AGAIN],
    ['auto, by a password that waited at the picker', { proof: known, enablement: databaseOf(auto) }, 'auto'],
    ['auto, by a password', { proof: password, enablement: databaseOf(auto) }, 'auto'],
    ['auto, by the company', { proof: identity(), enablement: ssoOf(auto) }, 'auto'],
    ['auto on a condition, by the company', { proof: identity(), enablement: ssoOf(condition) }, 'auto'],
    [
      'auto on a condition, by claims that were cut',
      { proof: identity(['groups']), enablement: ssoOf(condition) },
      AGAIN,
    ],
    [
      'auto, by claims that were cut but decide nothing',
      { proof: identity(['groups']), enablement: ssoOf(auto) },
      'auto',
    ],
    ['invited, by a session', { proof: session, invitations: [invitationOf()] }, AGAIN],
    ['none in sight, by a session', { proof: session }, 'admit.not_a_member'],
  ])('case=%s', (_name, changes, answer) => {
    expect(admission(changes)).toBe(answer);
  });

  test('case=whoever was asked in this very login is not sent to sign in once more', () => {
    const signUp: Proof = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true };
    expect(needsFreshProof({ proof: signUp, enablement: databaseOf(condition) })).toBe(false);
    expect(needsFreshProof({ proof: password, enablement: ssoOf(condition) })).toBe(false);
    const proved: Proof = { kind: 'identity', identity: identityOf({ claimsCut: ['groups'] }), ownProof: ownProofOf() };
    expect(needsFreshProof({ proof: proved, enablement: ssoOf(condition) })).toBe(false);
  });

  test('case=a member enters by a session as before', () => {
    const account = { kind: 'existing', candidate: candidateOf(), bind: undefined } as const;
    expect(admission({ account, proof: session, enablement: databaseOf(auto) })).toBe('member');
  });
});

describe('a membership counts as used', () => {
  const deps = {
    clock: { now: () => AT, monotonicMs: () => 0 },
    entropy: systemEntropy,
    origin: 'https://login.example',
    ticketBox: TICKET_BOX,
    newCode: () => ({ code: 'code', codeHash: hashSecret('code') }),
  };
  const uses = (changes: Partial<Resolved>, attempt: Partial<Attempt> = {}) => {
    const admitted = admittedOf(changes);
    return planCommit(attemptOf(attempt), admitted, deps, newTrace(), agreedOf(admitted)).plan.usesMembership;
  };
  const account = (mainConnectionId: string) =>
    ({ kind: 'existing', candidate: candidateOf({ mainConnectionId }), bind: undefined }) as const;
  const database = { enablement: databaseOf(), account: account('con_db') };
  const proved = (by: 'code' | 'password'): Proof => ({
    kind: 'identity',
    identity: identityOf(),
    ownProof: ownProofOf({ by }),
  });
  const back = { came: {} as NonNullable<Attempt['came']> };

  test.each<[string, boolean, Partial<Resolved>, Partial<Attempt>?]>([
    ['by a password', true, { ...database, proof: password }],
    ['by a code for the old account', true, { account: account('con_db'), proof: proved('code') }],
    ['by the password of the old account', true, { account: account('con_db'), proof: proved('password') }],
    ['not by a session', false, { ...database, proof: session }],
    ['not by what waited at the picker', false, { ...database, proof: known }],
    ['not on the way back from an Action', false, { ...database, proof: password }, back],
    [
      'not by an identity alone, which its IdP may assert unasked',
      false,
      { account: account('con_db'), proof: identity() },
    ],
    [
      'not for an account that this organization’s IdP brought',
      false,
      { account: account('con_sso'), proof: proved('code') },
    ],
    ['nor by a password of such an account', false, { ...database, account: account('con_sso'), proof: password }],
    ['not without an organization', false, { ...database, proof: password, organization: undefined }],
  ])('case=%s', (_name, expected, changes, attempt) => {
    expect(uses(changes, attempt)).toBe(expected);
  });
});
