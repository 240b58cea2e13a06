/** Commit plans that have, together, something for every part of the statement: for tests that look at each variant of it. */
import type { Email } from '../../src/domain/people/email.js';
import type { CommitPlan } from '../../src/ports/login-store.js';

export interface CommitIds {
  readonly at: Date;
  readonly userId: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly clientId: string;
}

const HASH = Buffer.alloc(32, 7);
const EMAIL = 'p7@large8.example' as Email;
const RELY = {
  email: EMAIL,
  addressProved: true,
  member: false,
  breakGlass: false,
  noOtherOrganizations: true,
  factorsRevision: 0,
};

/** Somebody who comes back, without an organization, by a session; nothing else. */
function plainPlan({ at, userId, connectionId, clientId }: CommitIds): CommitPlan {
  return {
    at,
    transactionId: 'transaction',
    clientId,
    organizationId: undefined,
    connectionId,
    relyFingerprint: 'r.-',
    relyUnserved: true,
    relyProvedDomains: [],
    relyUnclaimedDomain: 'large8.example',
    relyAccount: RELY,
    userId,
    newUser: undefined,
    bind: undefined,
    refreshIdentity: undefined,
    password: undefined,
    vouchForEmail: undefined,
    usesMembership: false,
    membership: undefined,
    consumeInvitationId: undefined,
    session: { kind: 'existing', sessionId: 'ses_1', sessionHash: HASH },
    code: {
      codeHash: HASH,
      redirectUri: 'https://app.example/callback',
      redirectUriSent: true,
      scope: 'openid',
      audience: undefined,
      nonce: 'n',
      codeChallenge: 'c',
      authenticatedAt: at,
      expiresAt: at,
      familyId: 'family',
      factorPassed: false,
    },
    ip: '192.0.2.1',
    log: [{ logId: 'l', date: at, type: 's', description: '', details: {} }],
    mail: [],
  };
}

function bindOf(ids: CommitIds, replacesExpected: string | undefined): NonNullable<CommitPlan['bind']> {
  return {
    identityId: 'identity',
    connectionId: ids.connectionId,
    issuer: 'https://idp.example',
    subject: 's7',
    profile: {},
    emailVouchedBy: 'idp',
    rule: 'silent',
    evidence: {},
    replacesExpected,
    revokeOlder: true,
  };
}

/** Every answer of a second factor, and what sets one up. */
function factorPlans(plan: CommitPlan, ids: CommitIds): readonly CommitPlan[] {
  const passed = { name: 'mfa', type: 'otp', timestamp: ids.at, revision: 1 } as const;
  const endPasswords = { which: 'unmailed', keep: undefined } as const;
  const use = { id: 'totp|dev_7', kind: 'otp' } as const;
  return [
    { ...plan, factors: { passed, used: [{ ...use, step: 7 }] } },
    { ...plan, relyAccount: { ...RELY, passwordHash: 'h7' }, factors: { passed, used: [{ ...use, step: 7 }] } },
    {
      ...plan,
      factors: {
        passed,
        used: [{ id: 'email|dev_7', kind: 'email', mailed: { code: 'c7', address: 'a7@large.example' } }],
      },
    },
    { ...plan, factors: { passed, used: [{ ...use, signCount: 7, backedUp: true }] } },
    { ...plan, relyAccount: { ...RELY, passkeyId: 'passkey|dev_7' } },
    { ...plan, factors: { passed, used: [{ ...use, codeHash: HASH, nextCodeHash: HASH }] } },
    {
      ...plan,
      relySecondFactor: { rule: 'required', accepts: ['otp'] },
      bind: bindOf(ids, undefined),
      endPasswords,
      factors: { passed, enrolled: [{ ...use, secret: 'JBSWY3DPEHPK3PXP', lastStep: 7 }] },
    },
  ];
}

/** See the top of the file. */
export function commitShapes(ids: CommitIds): readonly CommitPlan[] {
  const { at, organizationId, connectionId } = ids;
  const plain = plainPlan(ids);
  const here = { ...plain, organizationId, relyUnserved: false, relyProvedDomains: ['large8.example'] };
  const session = {
    kind: 'new',
    sessionId: 'ses_2',
    sessionHash: HASH,
    authenticatedAt: at,
    expiresAt: at,
    replaces: { userId: ids.userId, sessionHash: HASH },
  } as const;
  const patch = { set: { name: 1 }, remove: ['other'] };
  const refreshIdentity = {
    connectionId,
    subject: 's7',
    data: {},
    profile: { name: 'Name' },
    vouchedEmail: EMAIL,
    emailVouchedBy: 'idp',
  } as const;
  const newUser = {
    email: EMAIL,
    emailVouchedBy: 'mail',
    newIdPrefix: { text: 'oidc|x', issuer: 'https://idp.example' },
    profile: {},
    appMetadata: {},
    userMetadata: {},
  } as const;
  const password = { connectionId, email: EMAIL, hash: '$argon2id$', vouchedBy: undefined };
  const endPasswords = { which: 'unvouched', keep: undefined } as const;
  return [
    plain,
    { ...plain, fold: { key: 'k', logId: 'f' }, tellsOfLogout: true },
    { ...here, refreshIdentity, usesMembership: true, membership: { via: 'action', create: false, roles: ['rol_7'] } },
    { ...here, session, password, vouchForEmail: 'mail', relyAccount: { ...RELY, passwordHash: 'hash' } },
    { ...here, session, relyScimGroups: { issuer: 'https://idp.example', subject: 's7', names: ['Sales'] } },
    { ...here, session, bind: bindOf(ids, 'expected-7'), endPasswords, tellsOfLogout: true },
    ...factorPlans({ ...here, session, raisesFactors: true, relyAccount: { ...RELY, factorsRevision: 1 } }, ids),
    { ...here, session, vouchForEmail: 'mail', vouchedHere: EMAIL, provesPassword: connectionId, endPasswords },
    {
      ...here,
      session,
      bind: bindOf(ids, undefined),
      endPasswords,
      vouchedHere: EMAIL,
      consumeInvitationId: 'uinv_7',
      membership: { via: 'invited', create: true, roles: ['rol_7'] },
      actions: {
        userMetadata: patch,
        appMetadata: patch,
        sessionMetadata: patch,
        sessionMethods: [],
        sessionExpiresAt: at,
        sessionIdleExpiresAt: at,
        tokens: undefined,
      },
    },
    {
      ...here,
      session,
      relyAccount: undefined,
      newUser,
      bind: { ...bindOf(ids, undefined), revokeOlder: false },
      mail: [{ id: 'm', to: EMAIL, template: 'proof_code', model: {} as never }],
      jobs: [{ id: 'j', trigger: 'post-user-registration', organizationId, event: {} }],
    },
  ];
}
