/**
 * Everything that each kind of login leaves, as a plan. A decision may only lean on what the plan says again, since the commit can
 * only re-check that.
 */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import type { LinkCarrier } from '../../src/domain/ticket.js';
import { hashSecret, systemEntropy } from '../../src/kernel/ids.js';
import { admit } from '../../src/login/4-admit.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import { planCommit, planEarlyCommit } from '../../src/login/plan.js';
import type { Admitted, Attempt } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import {
  ACME,
  AT,
  admittedOf,
  agreedOf,
  attemptOf,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  DANA,
  databaseOf,
  identityOf,
  invitationOf,
  ownProofOf,
  passwordProofOf,
  ssoOf,
} from '../support/login-facts.js';
import { TICKET_BOX } from '../support/ticket-box.js';

const deps = {
  clock: { now: () => AT, monotonicMs: () => 0 },
  entropy: systemEntropy,
  origin: 'https://login.example',
  ticketBox: TICKET_BOX,
  newCode: (userId: string) => ({ code: `code-for-${userId}`, codeHash: hashSecret(`code-for-${userId}`) }),
};

function planOn(admitted: Admitted, attempt: Partial<Attempt> = {}) {
  return planCommit(attemptOf(attempt), admitted, deps, newTrace(), agreedOf(admitted));
}

/** Steps 3, 4 and the plan, as the pipeline runs them. */
function planThrough(changes: Changes, attempt: Partial<Attempt> = {}) {
  const trace = newTrace();
  const resolved = resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, trace);
  if ('kind' in resolved) throw new Error(`${resolved.kind}: ${'code' in resolved ? resolved.code : resolved.rule}`);
  const admitted = admit(resolved, AT, trace);
  if ('kind' in admitted) throw new Error(admitted.code);
  return planCommit(attemptOf(attempt), admitted, deps, trace, agreedOf(admitted)).plan;
}

const BOUND = candidateOf({ boundSubject: 'idp-dana' });
const NEWCOMER = {
  kind: 'new',
  email: DANA,
  vouchedBy: 'mail',
  idPrefix: { text: 'oidc|acme-oidc', known: true },
} as const;
const byPassword = { enablement: databaseOf(), proof: passwordProofOf(), vouchedEmail: undefined } as const;
const session = { userId: 'auth0|dana', sessionId: 'ses_old', connectionId: 'con_db', authenticatedAt: new Date(0) };
const bySession = {
  credential: { kind: 'session', session, sessionHash: hashSecret('cookie') },
} as const satisfies Partial<Attempt>;

const UNPROVED = { enablement: { provedDomains: [] } } as const;
const ELSEWHERE = candidateOf({ membership: 'none', otherOrganizations: 1 });

/** Lists the writes of a plan besides session, code and log line. */
function writesOf(plan: ReturnType<typeof planThrough>): readonly string[] {
  return [
    plan.newUser && 'user',
    plan.bind && `identity by ${plan.bind.rule}${plan.bind.revokeOlder ? ', older access ends' : ''}`,
    plan.bind?.replacesExpected && `in place of ${plan.bind.replacesExpected}`,
    plan.refreshIdentity && 'profile',
    plan.password && 'password',
    plan.membership && `${plan.membership.create ? 'member' : 'roles'} ${plan.membership.via}`,
    plan.membership && plan.membership.roles.length > 0 && plan.membership.roles.join(),
    plan.consumeInvitationId && `uses ${plan.consumeInvitationId}`,
    plan.vouchForEmail && 'address verified',
  ].filter((one): one is string => typeof one === 'string');
}

describe('what each kind of login writes', () => {
  const auto = { enablement: { assignMembershipOnLogin: true, provedDomains: ['acme.example'] } } as const;
  const expected = { candidate: candidateOf(), identityId: 'idn_1', by: 'subject' } as const;
  const twin = candidateOf({ account: { emailVerified: false } });
  const SILENT = 'identity by silent, older access ends';
  const PROVED = 'identity by own_proof, older access ends';
  test.each<readonly [string, Changes, readonly string[]]>([
    ['a known member', { candidates: { bound: BOUND } }, ['profile']],
    ['a member at the first binding', {}, [SILENT]],
    [
      'a member at the first binding, by ticket',
      { ticket: invitationOf() },
      [SILENT, 'roles invited', 'rol_editor', 'uses uinv_1'],
    ],
    [
      'a member who proved his account by a code',
      { candidates: { byEmail: [twin] }, ownProof: ownProofOf() },
      [PROVED, 'address verified'],
    ],
    [
      'a known member with a ticket',
      { candidates: { bound: BOUND }, ticket: invitationOf() },
      ['profile', 'roles invited', 'rol_editor', 'uses uinv_1'],
    ],
    [
      'a known member with a ticket without roles',
      { candidates: { bound: BOUND }, ticket: invitationOf({ roles: [] }) },
      ['profile', 'uses uinv_1'],
    ],
    [
      'an invited newcomer',
      { candidates: { byEmail: [] }, ticket: invitationOf() },
      ['user', 'identity by newcomer', 'member invited', 'rol_editor', 'uses uinv_1'],
    ],
    [
      'an invited account from elsewhere, proved',
      { candidates: { byEmail: [ELSEWHERE] }, ticket: invitationOf(), ownProof: ownProofOf() },
      [PROVED, 'member invited', 'rol_editor', 'uses uinv_1', 'address verified'],
    ],
    [
      'a newcomer by auto-membership',
      { ...auto, candidates: { byEmail: [] } },
      ['user', 'identity by newcomer', 'member auto'],
    ],
    [
      'a known account by auto-membership',
      { ...auto, candidates: { bound: candidateOf({ membership: 'none', boundSubject: 'idp-dana' }) } },
      ['profile', 'member auto'],
    ],
    [
      'a pre-provisioned member',
      { candidates: { expected } },
      ['identity by pre_provisioned, older access ends', 'in place of idn_1'],
    ],
    [
      'a newcomer without organization',
      { organization: 'none', candidates: { byEmail: [] } },
      ['user', 'identity by newcomer'],
    ],
    [
      'an account of the connection’s own without organization',
      {
        organization: 'none',
        candidates: { bound: candidateOf({ boundSubject: 'idp-dana', mainConnectionId: 'con_sso' }) },
      },
      ['profile'],
    ],
  ])('case=%s', (_name, changes, writes) => {
    expect(writesOf(planThrough(changes))).toEqual(writes);
  });

  test('case=a password: nothing, unless the stored hash is of an older kind', () => {
    expect(writesOf(planOn(admittedOf(byPassword)).plan)).toEqual([]);
    const { plan } = planOn(admittedOf({ ...byPassword, proof: passwordProofOf({ rehash: '$argon2id$new' }) }));
    expect(writesOf(plan)).toEqual(['password']);
    expect(plan.password).toEqual({ connectionId: 'con_db', email: DANA, hash: '$argon2id$new' });
  });

  test('case=a sign-up by invitation: account, identity and password at the database', () => {
    const proof = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: 'Dana', addressProved: true } as const;
    const invitation = invitationOf({ appMetadata: { plan: 'pro' }, userMetadata: { color: 'red' } });
    const { plan, userId } = planOn(
      admittedOf(
        { ...byPassword, proof, account: NEWCOMER },
        { rule: 'invited', createMembership: 'invited', roles: ['rol_editor'], invitation },
      ),
    );
    expect(writesOf(plan)).toEqual([
      'user',
      'identity by sign_up',
      'password',
      'member invited',
      'rol_editor',
      'uses uinv_1',
    ]);
    expect(userId).toMatch(/^auth0\|[0-9a-f]{24}$/);
    expect(plan.bind).toMatchObject({ connectionId: 'con_db', issuer: '', subject: userId.slice('auth0|'.length) });
    expect(plan.password).toEqual({ connectionId: 'con_db', email: DANA, hash: 'h', vouchedBy: 'mail' });
    expect(plan.newUser).toEqual({
      email: DANA,
      emailVouchedBy: 'mail',
      newIdPrefix: undefined,
      profile: { name: 'Dana' },
      appMetadata: { plan: 'pro' },
      userMetadata: { color: 'red' },
    });
  });

  test('case=a newcomer: the id is made of strategy, connection and subject, and so cannot be made twice', () => {
    const plan = planThrough({ candidates: { byEmail: [] }, ticket: invitationOf() });
    expect(plan.userId).toBe('oidc|acme-oidc|idp-dana');
    expect(plan.bind).toMatchObject({
      connectionId: 'con_sso',
      issuer: 'https://idp.acme.example',
      subject: 'idp-dana',
    });
  });

  test('case=of the token only what describes the person is kept', () => {
    const claims = {
      iss: 'x',
      aud: 'y',
      nonce: 'n',
      exp: 1,
      iat: 1,
      sid: 's',
      at_hash: 'a',
      groups: ['staff'],
      email: DANA,
    };
    const known = planThrough({ identity: { claims }, candidates: { bound: BOUND } });
    expect(known.refreshIdentity?.data).toEqual({ groups: ['staff'], email: DANA });
    const first = planThrough({ identity: { claims } });
    expect(first.bind?.profile).toEqual({ groups: ['staff'], email: DANA });
  });
});

describe('where a profile comes from (set_user_root_attributes)', () => {
  const through = (when: string | undefined, changes: Changes = {}) => {
    const options = when === undefined ? {} : { set_user_root_attributes: when };
    return planThrough({ ...changes, enablement: { connection: ssoOf({}, { options }).connection } });
  };

  test.each([
    [undefined, true],
    ['on_each_login', true],
    ['on_first_login', false],
    ['never_on_login', false],
  ])('case=%s: the profile of a known person follows the IdP: %s', (when, followed) => {
    const { refreshIdentity } = through(when, { candidates: { bound: BOUND } });
    expect(refreshIdentity?.profile).toEqual(followed ? identityOf().profile : {});
    expect(refreshIdentity?.data).toEqual(identityOf().claims);
  });

  test('case=on_first_login: a newcomer gets it', () => {
    const plan = through('on_first_login', { candidates: { byEmail: [] }, ticket: invitationOf() });
    expect(plan.newUser?.profile).toEqual(identityOf().profile);
  });
});

describe('rule 8: an enterprise login changes nothing else of the account', () => {
  test.each<readonly [string, Changes]>([
    ['known', { candidates: { bound: BOUND } }],
    ['silent', {}],
    ['pre-provisioned', { candidates: { expected: { candidate: candidateOf(), identityId: 'i', by: 'subject' } } }],
    ['own proof', { candidates: { byEmail: [candidateOf({ otherOrganizations: 2 })] }, ownProof: ownProofOf() }],
  ])('case=%s', (_name, changes) => {
    const plan = planThrough(changes);
    expect(plan.newUser).toBeUndefined();
    expect(plan.password).toBeUndefined();
    expect(plan.userId).toBe('auth0|dana');
    // The code that was typed says something about the mailbox, and so does nothing else.
    expect(plan.vouchForEmail).toBe(changes.ownProof && 'mail');
    expect(plan.connectionId).toBe('con_sso');
  });

  test('case=the address follows the IdP only where somebody vouches for it', () => {
    const vouched = (changes: Changes) =>
      planThrough({ ...changes, candidates: { bound: BOUND } }).refreshIdentity?.vouchedEmail;
    expect(vouched({})).toBe(DANA);
    expect(vouched({ ...UNPROVED, identity: { emailVerified: false } })).toBeUndefined();
  });
});

describe('when the stored address counts as verified', () => {
  const twin = candidateOf({ account: { emailVerified: false } });
  const outsideTwin = candidateOf({ account: { emailVerified: false }, membership: 'none' });
  const invited = { rule: 'invited', createMembership: 'invited' } as const;
  test('case=a code that was mailed to it', () => {
    expect(planThrough({ candidates: { byEmail: [twin] }, ownProof: ownProofOf() }).vouchForEmail).toBe('mail');
  });

  test('case=a code that was mailed to another address shows nothing about this one', () => {
    const account = { kind: 'existing', candidate: twin, bind: undefined } as const;
    const ownProof = ownProofOf({ email: 'dana@beta.example' as Email });
    const proof = { kind: 'identity', identity: identityOf(), ownProof } as const;
    expect(planOn(admittedOf({ account, proof })).plan.vouchForEmail).toBeUndefined();
  });

  test('case=a password shows nothing about mail where the domain is not proved', () => {
    const ownProof = ownProofOf({ by: 'password' });
    expect(planThrough({ ...UNPROVED, candidates: { byEmail: [twin] }, ownProof }).vouchForEmail).toBeUndefined();
  });

  test('case=the ticket that was mailed to it, with the password', () => {
    const account = { kind: 'existing', candidate: outsideTwin, bind: undefined } as const;
    const ticket = invitationOf({ connectionId: undefined });
    const accepted = admittedOf(
      { ...byPassword, account, invitation: ticket, provedEmail: undefined },
      { ...invited, invitation: ticket },
    );
    const request = { ...attemptOf().request, invitationCarrier: 'mail' } as const;
    expect(planOn(accepted, { request }).plan.vouchForEmail).toBe('mail');
    // The person who made the invitation was shown the ticket too, but not its seal.
    expect(planOn(accepted).plan.vouchForEmail).toBeUndefined();
  });

  test("case=an identity provider's word and an invitation of the same organization, with the password", () => {
    const changes = { ...UNPROVED, ownProof: ownProofOf({ by: 'password' }), ticket: invitationOf() } as const;
    expect(planThrough({ ...changes, candidates: { byEmail: [outsideTwin] } }).vouchForEmail).toBeUndefined();
  });

  test('case=an invitation for another address shows nothing', () => {
    const account = { kind: 'existing', candidate: outsideTwin, bind: undefined } as const;
    const ticket = invitationOf({ inviteeEmail: 'sam@acme.example' as Email });
    const accepted = admittedOf({ ...byPassword, account, invitation: ticket }, { ...invited, invitation: ticket });
    expect(planOn(accepted).plan.vouchForEmail).toBeUndefined();
  });

  test('case=a plain login does not', () => {
    const account = { kind: 'existing', candidate: twin, bind: undefined } as const;
    expect(planOn(admittedOf({ ...byPassword, account })).plan.vouchForEmail).toBeUndefined();
  });
});

describe('the plan carries what the decision leaned on', () => {
  const relied = (changes: Changes) => {
    const { relyProvedDomains, relyUnclaimedDomain, relyAccount, relyFingerprint } = planThrough(changes);
    return {
      domains: relyProvedDomains,
      unclaimed: relyUnclaimedDomain,
      account: relyAccount,
      fingerprint: relyFingerprint,
    };
  };
  const DANA_MEMBER = {
    email: DANA,
    addressProved: true,
    member: true,
    breakGlass: false,
    noOtherOrganizations: false,
    factorsRevision: 0,
  };

  test('case=always the connection as it was when the person left for the IdP', () => {
    expect(relied({}).fingerprint).toBe('c1.e1');
    expect(planOn(admittedOf({ fingerprint: 'c0.e0' })).plan.relyFingerprint).toBe('c0.e0');
  });

  test('case=silent by domain: the domain, the account as it was, no other organization', () => {
    expect(relied({})).toMatchObject({
      domains: ['acme.example'],
      unclaimed: undefined,
      account: { ...DANA_MEMBER, noOtherOrganizations: true },
    });
  });

  test('case=silent by the IdP’s word: that nobody else proved the domain', () => {
    expect(relied(UNPROVED)).toMatchObject({
      domains: [],
      unclaimed: 'acme.example',
      account: { ...DANA_MEMBER, noOtherOrganizations: true },
    });
  });

  test('case=proved by the person: the account as it was', () => {
    const proved = relied({
      ...UNPROVED,
      candidates: { byEmail: [candidateOf({ otherOrganizations: 1 })], domainProvedElsewhere: true },
      identity: { emailVerified: true },
      enablement: { provedDomains: ['acme.example'] },
      ownProof: ownProofOf(),
    });
    expect(proved).toMatchObject({ domains: ['acme.example'], unclaimed: undefined, account: DANA_MEMBER });
  });

  test('case=pre-provisioned by address: who vouched for it; by subject: nobody', () => {
    const expected = { candidate: candidateOf(), identityId: 'idn_1' };
    const byAddress = { candidates: { expected: { ...expected, by: 'email' } } } as const;
    expect(relied(byAddress)).toMatchObject({ domains: ['acme.example'], unclaimed: undefined });
    expect(relied({ ...UNPROVED, ...byAddress })).toMatchObject({ domains: [], unclaimed: 'acme.example' });
    expect(relied({ candidates: { expected: { ...expected, by: 'subject' } } })).toMatchObject({ domains: [] });
  });

  test('case=pre-provisioned: the expectation itself', () => {
    const expected = { candidate: candidateOf(), identityId: 'idn_1', by: 'subject' } as const;
    expect(planThrough({ candidates: { expected } }).bind?.replacesExpected).toBe('idn_1');
  });

  test('case=known: the identity that it came by', () => {
    expect(planThrough({ candidates: { bound: BOUND } }).refreshIdentity).toMatchObject({
      connectionId: 'con_sso',
      subject: 'idp-dana',
    });
  });

  test('case=invited newcomer: the domain, and the invitation that it uses up', () => {
    const plan = planThrough({ candidates: { byEmail: [] }, ticket: invitationOf() });
    expect(plan).toMatchObject({
      relyProvedDomains: ['acme.example'],
      relyUnclaimedDomain: undefined,
      relyAccount: undefined,
      consumeInvitationId: 'uinv_1',
    });
  });

  test('case=auto-membership: that nobody else proved the domain', () => {
    const auto = { enablement: { assignMembershipOnLogin: true, provedDomains: [] }, candidates: { byEmail: [] } };
    expect(planThrough(auto)).toMatchObject({ relyUnclaimedDomain: 'acme.example', relyAccount: undefined });
    expect(planThrough({ ...auto, identity: { emailVerified: false } })).toMatchObject({
      relyUnclaimedDomain: 'acme.example',
    });
  });

  test('case=not a member yet: that he still is none', () => {
    const account = relied({ candidates: { byEmail: [ELSEWHERE] }, ticket: invitationOf(), ownProof: ownProofOf() });
    expect(account).toMatchObject({ account: { member: false } });
  });

  test('case=a password: the hash that fitted', () => {
    expect(planOn(admittedOf(byPassword)).plan.relyAccount).toEqual({
      ...DANA_MEMBER,
      passwordHash: '$argon2id$stored',
    });
  });

  test('case=break glass: that the member is still there for it', () => {
    const account = {
      kind: 'existing',
      candidate: candidateOf({ membership: { breakGlass: true } }),
      bind: undefined,
    } as const;
    expect(planOn(admittedOf({ ...byPassword, account })).plan.relyAccount).toMatchObject({ breakGlass: true });
  });

  test('case=a session: that it still lives', () => {
    const proof = passwordProofOf({ by: 'session', credential: undefined });
    const { plan } = planOn(admittedOf({ ...byPassword, proof }), bySession);
    expect(plan.session).toEqual({ kind: 'existing', sessionId: 'ses_old', sessionHash: hashSecret('cookie') });
    expect(plan.relyAccount).toEqual(DANA_MEMBER);
  });

  test('case=the one-time id of the browser’s transaction', () => {
    expect(planThrough({}).transactionId).toBe('tx-1');
  });
});

describe('session and code', () => {
  const replaces = { userId: 'auth0|dana', sessionHash: hashSecret('planted') };

  test('case=session fixation: a login gets a session of its own, and the one the browser came with ends', () => {
    const { plan, sessionSecret } = planOn(admittedOf(), { replaces });
    expect(sessionSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(plan.session).toEqual({
      kind: 'new',
      // The id that Actions were told.
      sessionId: 'ses_1',
      sessionHash: hashSecret(sessionSecret ?? ''),
      authenticatedAt: AT,
      expiresAt: new Date(AT.getTime() + 3_600_000),
      replaces,
    });
  });

  test.each<readonly [string, Admitted, Partial<Attempt>]>([
    ['the company’s sign-in', admittedOf(), {}],
    ['a password', admittedOf(byPassword), { credential: { kind: 'password', email: DANA, password: 'p' } }],
    [
      'a password typed before the organization was picked',
      admittedOf({ ...byPassword, proof: passwordProofOf({ by: 'known', credential: undefined }) }),
      {
        credential: {
          kind: 'known',
          userId: 'auth0|dana',
          connectionId: 'con_db',
          fingerprint: '1.1',
          authenticatedAt: AT.getTime(),
          credentialDigest: undefined,
        },
      },
    ],
    [
      'a sign-up',
      admittedOf({
        ...byPassword,
        account: NEWCOMER,
        proof: { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true },
      }),
      { credential: { kind: 'sign_up', email: DANA, password: 'p', name: undefined, addressProved: true } },
    ],
  ])('case=%s opens a new session, two never the same one', (_name, admitted, attempt) => {
    const [one, two] = [planOn(admitted, attempt), planOn(admitted, attempt)];
    expect(one.plan.session.kind).toBe('new');
    expect(one.sessionSecret).toBeDefined();
    expect(one.sessionSecret).not.toBe(two.sessionSecret);
  });

  test('case=a session that is used again keeps its secret and its time of authentication', () => {
    const proof = passwordProofOf({ by: 'session', credential: undefined });
    const { plan, sessionSecret } = planOn(admittedOf({ ...byPassword, proof }), { ...bySession, replaces });
    expect(sessionSecret).toBeUndefined();
    expect(plan.code.authenticatedAt).toEqual(new Date(0));
  });

  test('case=the code is good for a minute and for this request', () => {
    const request = {
      ...attemptOf().request,
      nonce: 'n',
      audience: 'https://api.example',
      codeChallenge: 'c',
    };
    const { plan, code, userId } = planOn(admittedOf(), { request });
    expect(code).toBe('code-for-auth0|dana');
    expect(userId).toBe('auth0|dana');
    expect(plan.code).toEqual({
      codeHash: hashSecret(code),
      redirectUri: 'https://app.example/callback',
      redirectUriSent: true,
      scope: 'openid profile email',
      audience: 'https://api.example',
      nonce: 'n',
      codeChallenge: 'c',
      authenticatedAt: AT,
      expiresAt: new Date(AT.getTime() + 60_000),
      familyId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      factorPassed: false,
    });
  });
});

describe('the log', () => {
  const typesOf = (changes: Changes, attempt: Partial<Attempt> = {}) =>
    planThrough(changes, attempt).log.map((line) => line.type);

  test('case=one line for a login, one more for a membership, one more for an invitation', () => {
    expect(typesOf({})).toEqual(['s']);
    expect(typesOf({ candidates: { byEmail: [] }, ticket: invitationOf() })).toEqual([
      's',
      'organization_member_added',
      'si',
    ]);
    const auto = { enablement: { assignMembershipOnLogin: true }, candidates: { byEmail: [] } };
    expect(typesOf(auto)).toEqual(['s', 'organization_member_added']);
    expect(typesOf({}, { request: { ...attemptOf().request, prompt: ['none'] } })).toEqual(['ssa']);
  });

  test('case=the line holds the rule and the whole trace, the commit’s own line included', () => {
    const [line] = planThrough({}).log;
    expect(line).toMatchObject({
      organizationId: ACME.id,
      userId: 'auth0|dana',
      connectionId: 'con_sso',
      details: { rule: 'member', transaction: 'tx-1' },
    });
    const trace = line?.details.trace as { rule: string }[];
    expect(trace.map((one) => one.rule)).toEqual([
      'address_strict',
      'address_vouched',
      'bound_identity',
      'one_candidate',
      'belongs_here',
      'silent_or_proof',
      'member',
      'one_transaction',
    ]);
  });

  test('case=no secret of the session or the code is in the plan', () => {
    const { plan, code, sessionSecret } = planOn(
      admittedOf({ enablement: ssoOf(), proof: { kind: 'identity', identity: identityOf(), ownProof: undefined } }),
    );
    const text = JSON.stringify(plan);
    expect(text).not.toContain(code);
    expect(text).not.toContain(sessionSecret ?? 'no session');
  });
});

describe('what a new account is', () => {
  const newcomer = (changes: Partial<Extract<Admitted['account'], { kind: 'new' }>>) =>
    ({ ...NEWCOMER, ...changes }) as const;
  const identity = { kind: 'identity', identity: identityOf(), ownProof: undefined } as const;
  const signUp = (name: string | undefined) =>
    ({ kind: 'sign_up', email: DANA, passwordHash: 'h', name, addressProved: true }) as const;

  test('case=its id is made of connection and subject, or drawn: for a sign-up, and for an account that is there', () => {
    expect(agreedOf(admittedOf({ account: NEWCOMER, proof: identity })).userId).toBe('oidc|acme-oidc|idp-dana');
    const drawn = /^auth0\|[0-9a-f]{24}$/;
    expect(agreedOf(admittedOf({ account: NEWCOMER, proof: signUp(undefined) })).userId).toMatch(drawn);
    expect(agreedOf(admittedOf({ account: newcomer({ idPrefix: undefined }), proof: identity })).userId).toMatch(drawn);
  });

  test('case=a beginning of ids that is used for the first time is written down with its issuer', () => {
    const prefixOf = (known: boolean, proof: Admitted['proof'] = identity) =>
      planOn(admittedOf({ account: newcomer({ idPrefix: { text: 'oidc|acme-oidc~2', known } }), proof })).plan.newUser
        ?.newIdPrefix;
    expect(prefixOf(false)).toEqual({ text: 'oidc|acme-oidc~2', issuer: 'https://idp.acme.example' });
    expect(prefixOf(true)).toBeUndefined();
    expect(prefixOf(false, signUp(undefined))).toBeUndefined();
    expect(
      planOn(admittedOf({ account: newcomer({ idPrefix: undefined }) })).plan.newUser?.newIdPrefix,
    ).toBeUndefined();
  });

  test('case=its name is what was typed, if something was', () => {
    const profileOf = (name: string | undefined) =>
      planOn(admittedOf({ ...byPassword, account: NEWCOMER, proof: signUp(name) })).plan.newUser?.profile;
    expect(profileOf('Dana')).toEqual({ name: 'Dana' });
    expect(Object.keys(profileOf(undefined) ?? { none: true })).toEqual([]);
    expect(planOn(admittedOf({ account: NEWCOMER, proof: identity })).plan.newUser?.profile).toEqual(
      identityOf().profile,
    );
  });

  test('case=its metadata is the invitation’s, as Actions changed it', () => {
    const invitation = invitationOf({ appMetadata: { plan: 'pro', trial: true }, userMetadata: { color: 'red' } });
    const agreed = {
      userId: 'auth0|new',
      newSessionId: 'ses_1',
      executions: [],
      effects: [
        { kind: 'app_metadata', name: 'plan', value: 'basic' },
        { kind: 'app_metadata', name: 'trial', value: null },
        { kind: 'user_metadata', name: 'size', value: 7 },
      ],
    } as const;
    const admitted = admittedOf({ account: NEWCOMER }, { rule: 'invited', createMembership: 'invited', invitation });
    const { plan } = planCommit(attemptOf(), admitted, deps, newTrace(), agreed);
    expect(plan.newUser).toMatchObject({ appMetadata: { plan: 'basic' }, userMetadata: { color: 'red', size: 7 } });
    expect(Object.keys(plan.newUser?.appMetadata ?? {})).toEqual(['plan']);
  });

  test('case=the ticket out of the mail vouches for the address that it was sent to, and for no other one', () => {
    const request = { ...attemptOf().request, invitationCarrier: 'mail' } as const;
    const vouchedBy = (email: Email | undefined, invitation = invitationOf()) =>
      planOn(admittedOf({ account: newcomer({ email, vouchedBy: 'idp' }), invitation }), { request }).plan.newUser
        ?.emailVouchedBy;
    expect(vouchedBy(DANA)).toBe('mail');
    expect(vouchedBy('sam@acme.example' as Email)).toBe('idp');
    expect(vouchedBy(undefined)).toBe('idp');
    const without = admittedOf({ account: newcomer({ vouchedBy: 'idp' }), invitation: undefined });
    expect(planOn(without, { request }).plan.newUser?.emailVouchedBy).toBe('idp');
  });
});

describe('when the owner of a domain vouches for the stored address', () => {
  const twin = { addressProved: false, account: { emailVerified: false } } as const;
  const byItsPassword = { ownProof: ownProofOf({ by: 'password' }) } as const;
  const vouchedFor = (changes: Partial<Parameters<typeof candidateOf>[0]>, proof: Changes) =>
    planThrough({ ...proof, candidates: { byEmail: [candidateOf({ ...twin, ...changes })] } }).vouchForEmail;

  test('case=its password in a domain that the organization has proved', () => {
    expect(vouchedFor({}, byItsPassword)).toBe(ACME.id);
  });

  test('case=not where somebody has vouched for it before', () => {
    expect(vouchedFor({ addressProved: true, otherOrganizations: 1 }, byItsPassword)).toBeUndefined();
  });

  test('case=not where the person proved nothing, or something of another address', () => {
    const account = { kind: 'existing', candidate: candidateOf(twin), bind: undefined } as const;
    const reliedDomains = ['acme.example'];
    const proof = (ownProof: ReturnType<typeof ownProofOf> | undefined) =>
      ({ kind: 'identity', identity: identityOf(), ownProof }) as const;
    const vouched = (ownProof: ReturnType<typeof ownProofOf> | undefined, domains = reliedDomains) =>
      planOn(admittedOf({ account, proof: proof(ownProof), reliedDomains: domains })).plan.vouchForEmail;
    expect(vouched(ownProofOf({ by: 'password' }))).toBe(ACME.id);
    expect(vouched(undefined)).toBeUndefined();
    expect(vouched(ownProofOf({ by: 'password', email: 'sam@acme.example' as Email }))).toBeUndefined();
    expect(vouched(ownProofOf({ by: 'password' }), ['beta.example'])).toBeUndefined();
    expect(vouched(ownProofOf({ by: 'password', userId: 'auth0|another' }))).toBeUndefined();
    expect(vouched(ownProofOf({ userId: 'auth0|another' }))).toBe('mail');
    expect(planOn(admittedOf({ ...byPassword, account, reliedDomains })).plan.vouchForEmail).toBeUndefined();
  });

  test('case=an account without address has none to vouch for', () => {
    const account = {
      kind: 'existing',
      candidate: candidateOf({ account: { email: undefined }, addressProved: false }),
      bind: undefined,
    } as const;
    const request = { ...attemptOf().request, invitationCarrier: 'mail' } as const;
    expect(
      planOn(admittedOf({ account, reliedDomains: ['acme.example'] }), { request }).plan.vouchForEmail,
    ).toBeUndefined();
  });
});

describe('what else the plan says', () => {
  test('case=a company’s connection without an organization leans on none having enabled it', () => {
    const unserved = (changes: Partial<Admitted>) => planOn(admittedOf(changes)).plan.relyUnserved;
    expect(unserved({ organization: undefined })).toBe(true);
    expect(unserved({})).toBe(false);
    expect(unserved({ ...byPassword, organization: undefined })).toBe(false);
  });

  test('case=an account that is no member leans on being there without break glass, and on no password', () => {
    const account = { kind: 'existing', candidate: ELSEWHERE, bind: undefined } as const;
    const { relyAccount } = planOn(admittedOf({ account })).plan;
    expect(relyAccount).toMatchObject({ member: false, breakGlass: false });
    expect(Object.keys(relyAccount ?? {})).not.toContain('passwordHash');
  });

  test('case=a better hash is written with the address that it belongs to, or not at all', () => {
    const rehash = passwordProofOf({ rehash: 'better' });
    const nameless = {
      kind: 'existing',
      candidate: candidateOf({ account: { email: undefined } }),
      bind: undefined,
    } as const;
    expect(planOn(admittedOf({ ...byPassword, proof: rehash, account: nameless })).plan.password).toBeUndefined();
    const vanished = passwordProofOf({ rehash: 'better', credential: undefined });
    expect(planOn(admittedOf({ ...byPassword, proof: vanished })).plan.password).toBeUndefined();
    expect(planOn(admittedOf({ ...byPassword, proof: rehash, account: NEWCOMER })).plan.password).toBeUndefined();
  });

  test('case=no mail is sent, and an address to go back to that was implied is not called sent', () => {
    expect(planThrough({}).mail).toEqual([]);
    const request = { ...attemptOf().request, redirectUriImplied: true } as const;
    expect(planOn(admittedOf(), { request }).plan.code.redirectUriSent).toBe(false);
  });

  test('case=a sign-up with a password uses its membership, a newcomer of a company does not', () => {
    const proof = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true } as const;
    expect(planOn(admittedOf({ ...byPassword, account: NEWCOMER, proof })).plan.usesMembership).toBe(true);
    expect(planOn(admittedOf({ account: NEWCOMER })).plan.usesMembership).toBe(false);
  });

  test('case=the commit’s own line of the trace says by which rule the account was bound and admitted', () => {
    const trace = newTrace();
    const plan = (admitted: Admitted) => planCommit(attemptOf(), admitted, deps, trace, agreedOf(admitted));
    plan(admittedOf());
    expect(trace.lines.at(-1)?.evidence).toEqual({ binds: null, admission: 'member' });
    plan(admittedOf({ account: NEWCOMER }, { rule: 'auto' }));
    expect(trace.lines.at(-1)?.evidence).toEqual({ binds: 'newcomer', admission: 'auto' });
  });

  test('case=without Actions nothing is written for them, and no line says that any ran', () => {
    const { plan } = planOn(admittedOf());
    expect(plan.actions).toBeUndefined();
    expect(Object.keys(plan.log[0]?.details ?? {})).toEqual(['rule', 'transaction', 'trace']);
  });
});

describe('the earlier commit point', () => {
  const early = (changes: Partial<Admitted>, admission: Partial<Admitted['admission']> = {}) =>
    planEarlyCommit(attemptOf(), admittedOf(changes, admission), deps, { userId: 'auth0|dana', effects: [] });

  test('case=lets nobody in, and so uses no membership', () => {
    const plan = early({ ...byPassword });
    expect(plan.usesMembership).toBe(false);
    expect(plan).not.toHaveProperty('session');
    expect(plan).not.toHaveProperty('code');
  });

  test('case=writes the password of a sign-up; a better hash of a known one waits for the end', () => {
    const signUp = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true } as const;
    expect(early({ ...byPassword, account: NEWCOMER, proof: signUp }).password).toEqual({
      connectionId: 'con_db',
      email: DANA,
      vouchedBy: 'mail',
      hash: 'h',
    });
    expect(early({ ...byPassword, proof: passwordProofOf({ rehash: 'better' }) }).password).toBeUndefined();
  });

  test('case=its log has what became of the membership, and no line of a login', () => {
    const plan = early({}, { rule: 'invited', createMembership: 'invited', invitation: invitationOf() });
    expect(plan.log.map(({ type }) => type)).toEqual(['organization_member_added', 'si']);
  });
});

describe('the lines about membership and invitation', () => {
  const linesFor = (admission: Partial<Admitted['admission']>) => planOn(admittedOf({}, admission)).plan.log.slice(1);

  test.each([
    ['invited', 'invitation'],
    ['auto', 'auto_membership'],
    ['action', 'action'],
  ] as const)('case=%s: added by %s', (createMembership, reason) => {
    expect(linesFor({ createMembership }).map(({ type, details }) => ({ type, details }))).toEqual([
      { type: 'organization_member_added', details: { reason } },
    ]);
  });

  test('case=an invitation is shown whole but for its ticket', () => {
    const invitation = invitationOf();
    const [line] = linesFor({ invitation });
    expect(line).toMatchObject({ type: 'si', userId: 'auth0|dana', ip: '192.0.2.1', organizationId: ACME.id });
    expect(line?.details).toEqual({
      invitation: {
        id: 'uinv_1',
        client_id: 'app',
        expires_at: invitation.expiresAt,
        invitee: { email: DANA },
        inviter: { name: 'Olga', organization_id: ACME.id },
        roles: ['rol_editor'],
      },
    });
  });

  test('case=a line of a login without an organization names none', () => {
    const { plan } = planOn(admittedOf({ organization: undefined }));
    expect(plan.log[0]).not.toHaveProperty('organizationId');
  });
});

describe('which passwords end', () => {
  const unproved = candidateOf({ addressProved: false, account: { emailVerified: false } });
  const bind = { rule: 'own_proof', evidence: {}, replacesExpected: undefined };
  const byCode = { kind: 'identity', identity: identityOf(), ownProof: ownProofOf() } as const;
  const byItsPassword = { ...byCode, ownProof: ownProofOf({ by: 'password' }) } as const;
  const byAnothersPassword = { ...byCode, ownProof: ownProofOf({ by: 'password', userId: 'auth0|another' }) } as const;
  const identity = { ...byCode, ownProof: undefined } as const;
  const mailed = { ...attemptOf().request, invitationCarrier: 'mail' } as const;
  const ends = (changes: Partial<Admitted>, carried = false) => {
    const account = { kind: 'existing', candidate: unproved, bind } as const;
    const admitted = admittedOf({ account, proof: byCode, ...changes });
    return planOn(admitted, carried ? { request: mailed } : {}).plan.endPasswords?.which;
  };
  const existing = (candidate: ReturnType<typeof candidateOf>, rule = 'own_proof') =>
    ({ kind: 'existing', candidate, bind: { ...bind, rule } }) as const;
  const known = { account: { kind: 'existing', candidate: candidateOf(), bind: undefined } } as const;

  test.each<readonly [string, string | undefined, Partial<Admitted>]>([
    ['nobody had proved the address, and a code has now: all that were not set by a mail', 'unmailed', {}],
    ['a code for an address that was proved', 'unvouched', { account: existing(candidateOf()) }],
    ['a silent binding', 'unvouched', { account: existing(candidateOf(), 'silent'), proof: identity }],
    ['the operator expected the identity', 'unvouched', { account: existing(unproved, 'pre_provisioned') }],
    ['a known identity', undefined, { ...known, proof: identity }],
    ['it was the password that proved the account', undefined, { proof: byItsPassword }],
    [
      'the password of another account: this one was expected while the question was open',
      'unvouched',
      { account: existing(unproved, 'pre_provisioned'), proof: byAnothersPassword },
    ],
    ['the account is new', undefined, { account: NEWCOMER }],
    ['a password login', undefined, { ...byPassword, ...known }],
  ])('case=%s', (_name, which, changes) => expect(ends(changes)).toBe(which));

  test('case=a known identity, by the link out of the mail', () => {
    expect(ends({ ...known, proof: identity, invitation: invitationOf() }, true)).toBe('unvouched');
  });

  test('case=a password that was typed beside the link out of the mail is its owner’s from now on', () => {
    const ticket = invitationOf({ connectionId: undefined });
    const account = { kind: 'existing', candidate: unproved, bind: undefined } as const;
    const planned = (carrier: LinkCarrier | undefined) =>
      planOn(admittedOf({ ...byPassword, account, invitation: ticket }), {
        request: { ...attemptOf().request, ...(carrier && { invitationCarrier: carrier }) },
      }).plan;
    expect(planned('mail')).toMatchObject({
      provesPassword: 'con_db',
      endPasswords: { which: 'unvouched', keep: 'con_db' },
      vouchForEmail: 'mail',
    });
    for (const carrier of ['application', 'operator', undefined] as const)
      expect(planned(carrier), carrier).not.toHaveProperty('provesPassword');
    // The organization alone vouches where its application delivered the link; a command of the server speaks for the operator.
    expect(planned('application')).toMatchObject({ vouchForEmail: undefined, vouchedHere: DANA });
    expect(planned('operator')).toMatchObject({ vouchForEmail: 'operator', vouchedHere: undefined });
    expect(planned(undefined)).toMatchObject({ vouchForEmail: undefined, vouchedHere: undefined });
  });

  test.each([
    ['a code', undefined, true, 'mail', 'mail', undefined],
    ['the link out of the mail', 'mail', true, 'mail', 'mail', undefined],
    ['the link that an application delivered', 'application', false, undefined, undefined, DANA],
    ['the same, and a code', 'application', true, 'mail', 'mail', DANA],
    ['the link that a command printed', 'operator', false, 'operator', 'operator', undefined],
  ] as const)('case=a sign-up by %s', (_name, carrier, addressProved, address, vouchedBy, vouchedHere) => {
    const proof = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved } as const;
    const account = { ...NEWCOMER, vouchedBy: addressProved ? 'mail' : undefined } as const;
    const invitation = invitationOf({ connectionId: undefined });
    const request = { ...attemptOf().request, ...(carrier && { invitationCarrier: carrier }) };
    const { plan } = planOn(admittedOf({ ...byPassword, account, proof, invitation }), { request });
    expect(plan.newUser?.emailVouchedBy).toBe(address);
    expect(plan.password?.vouchedBy).toBe(vouchedBy);
    expect(plan.vouchedHere).toBe(vouchedHere);
    expect(plan.endPasswords).toBeUndefined();
  });

  test('case=a sign-up binds an identity that was never used before, and a password or a session binds none', () => {
    const signUp = { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true } as const;
    const { bind: opened } = planOn(admittedOf({ ...byPassword, account: NEWCOMER, proof: signUp })).plan;
    expect(opened).toMatchObject({ rule: 'sign_up', revokeOlder: false });
    const plain = planOn(admittedOf(byPassword)).plan;
    expect(Object.keys(plain)).toEqual(expect.arrayContaining(['bind', 'refreshIdentity']));
    expect([plain.bind, plain.refreshIdentity]).toEqual([undefined, undefined]);
  });
});
