/**
 * Input of a login's rules, as plain values: complete, and such that everything holds. A test changes exactly one thing.
 * Dana is a member of Acme, has used her membership, and comes through Acme's IdP, which vouches for her address under a
 * domain that Acme has proved.
 */
import type { Account, ExternalIdentity, Invitation } from '../../src/domain/people/account.js';
import type { Email } from '../../src/domain/people/email.js';
import { fingerprintOf, type OrganizationConnection } from '../../src/domain/tenant.js';
import { newDatabaseSubject, systemEntropy } from '../../src/kernel/ids.js';
import type { ActDeps } from '../../src/login/5-act.js';
import { userIdOf } from '../../src/login/kept.js';
import type { Admitted, Agreed, Attempt, Authenticated, OwnProof, Proof, Resolved } from '../../src/login/stages.js';
import type { Trace } from '../../src/login/trace.js';
import type { Candidate, Candidates } from '../../src/ports/login-store.js';

export const AT = new Date('2026-03-01T10:00:00Z');
export const DANA = 'dana@acme.example' as Email;

export const ACME = {
  id: 'org_acme',
  name: 'acme',
  displayName: 'Acme',
  branding: { logoUrl: undefined, primaryColor: undefined, pageBackground: undefined },
  blocked: false,
} as const;

/** Acme's own sign-in, trusted for the domain that Acme has proved. */
export function ssoOf(
  changes: Partial<OrganizationConnection> = {},
  connection: Partial<OrganizationConnection['connection']> = {},
): OrganizationConnection {
  return {
    connection: {
      id: 'con_sso',
      name: 'acme-oidc',
      strategy: 'oidc',
      displayName: undefined,
      options: {},
      domainAliases: ['acme.example'],
      revision: 'c1',
      ...connection,
    },
    assignMembershipOnLogin: false,
    showAsButton: true,
    isSignupEnabled: false,
    linkExistingMembers: 'verified_email',
    ssoRollout: 'optional',
    autoMembershipCondition: undefined,
    pilotEmails: [],
    servesOrganizations: false,
    revision: 'e1',
    provedDomains: ['acme.example'],
    ...changes,
  };
}

/** The database connection, enabled for Acme. */
export function databaseOf(changes: Partial<OrganizationConnection> = {}): OrganizationConnection {
  const connection = { id: 'con_db', name: 'passwords', strategy: 'auth0', domainAliases: [] } as const;
  return ssoOf({ provedDomains: [], ...changes }, connection);
}

export function accountOf(changes: Partial<Account> = {}): Account {
  return { userId: 'auth0|dana', email: DANA, emailVerified: true, blocked: false, profile: {}, ...changes };
}

export interface CandidateChanges extends Partial<Omit<Candidate, 'account' | 'membership'>> {
  readonly account?: Partial<Account>;
  readonly membership?: Partial<Candidate['membership']> | 'none';
}

/** A member of Acme who has used the membership, or with `membership: 'none'` somebody else. */
export function candidateOf({ account: accountChanges, membership, ...rest }: CandidateChanges = {}): Candidate {
  const account = accountOf(accountChanges);
  return {
    account,
    membership:
      membership === 'none'
        ? undefined
        : { organizationId: ACME.id, userId: account.userId, breakGlass: false, usedBefore: true, ...membership },
    otherOrganizations: 0,
    hasPassword: true,
    addressProved: account.emailVerified,
    mainConnectionId: 'con_db',
    boundSubject: undefined,
    boundIssuer: rest.boundSubject === undefined ? undefined : 'https://idp.acme.example',
    awaitedSubject: undefined,
    awaitedOfIssuer: undefined,
    factorsRevision: 0,
    ...rest,
  };
}

export function candidatesOf(changes: Partial<Candidates> = {}): Candidates {
  return {
    bound: undefined,
    expected: undefined,
    byEmail: [candidateOf()],
    invitations: [],
    domainProvedElsewhere: false,
    formerIssuer: undefined,
    formerAccount: undefined,
    movedFrom: undefined,
    userIdPrefix: { text: 'oidc|acme-oidc', known: true },
    ...changes,
  };
}

export function identityOf(changes: Partial<ExternalIdentity> = {}): ExternalIdentity {
  return {
    connectionId: 'con_sso',
    issuer: 'https://idp.acme.example',
    subject: 'idp-dana',
    email: DANA,
    emailVerified: true,
    profile: { name: 'Dana Member' },
    claims: { email: DANA, email_verified: true },
    ...changes,
  };
}

export function invitationOf(changes: Partial<Invitation> = {}): Invitation {
  return {
    id: 'uinv_1',
    organizationId: ACME.id,
    clientId: 'app',
    connectionId: 'con_sso',
    inviterName: 'Olga',
    invitedBy: undefined,
    inviteeEmail: DANA,
    roles: ['rol_editor'],
    expiresAt: new Date(AT.getTime() + 86_400_000),
    consumedAt: undefined,
    appMetadata: undefined,
    userMetadata: undefined,
    ...changes,
  };
}

export function ownProofOf(changes: Partial<OwnProof> = {}): OwnProof {
  return { by: 'code', email: DANA, userId: 'auth0|dana', ...changes };
}

/** One thing that is not as it usually is; everything else stays. */
export interface Changes {
  readonly identity?: Partial<ExternalIdentity>;
  readonly enablement?: Partial<OrganizationConnection>;
  readonly candidates?: Partial<Candidates>;
  readonly ownProof?: OwnProof;
  /** The invitation of the ticket that the browser came with. */
  readonly ticket?: Invitation;
  readonly organization?: 'none';
  readonly connections?: readonly OrganizationConnection[];
}

/** Step 2's answer for a person who came through the company's sign-in. */
export function authenticatedOf(changes: Changes = {}): Authenticated {
  const enablement = ssoOf(changes.enablement);
  const proof: Proof = { kind: 'identity', identity: identityOf(changes.identity), ownProof: changes.ownProof };
  return {
    tenant: {
      friendlyName: 'Test',
      look: {},
      defaultRedirectionUri: undefined,
      allowOrganizationName: false,
      membershipEvaluation: 'after_actions',
      sessionLifetimeSeconds: 3600,
      idleSessionLifetimeSeconds: 600,
      actions: { revision: '', bound: [] },
      factors: { accepts: [], isRequired: false, keyVerification: 'discouraged' },
    },
    client: {
      clientId: 'app',
      name: 'Notebook',
      appType: undefined,
      tokenEndpointAuthMethod: 'client_secret_post',
      callbacks: ['https://app.example/callback'],
      allowedLogoutUrls: [],
      webOrigins: [],
      grantTypes: [],
      initiateLoginUri: undefined,
      organizationUsage: 'require',
      organizationRequireBehavior: 'no_prompt',
      idTokenLifetimeSeconds: 36_000,
      refreshRotating: true,
      refreshLeewaySeconds: 0,
      refreshLifetimeSeconds: 2_592_000,
      refreshIdleLifetimeSeconds: 1_296_000,
      isFirstParty: true,
      ssoDisabled: false,
    },
    organization: changes.organization === 'none' ? undefined : ACME,
    connections: changes.connections ?? [databaseOf(), enablement],
    invitation: changes.ticket,
    enablement,
    fingerprint: fingerprintOf(enablement.connection, enablement),
    proof,
  };
}

/** Step 3's answer for a known member. */
export function resolvedOf(changes: Partial<Resolved> = {}): Resolved {
  return {
    ...authenticatedOf(),
    account: { kind: 'existing', candidate: candidateOf({ boundSubject: 'idp-dana' }), bind: undefined },
    provedEmail: DANA,
    vouchedEmail: DANA,
    assertedBy: 'idp',
    invitations: [],
    domainProvedElsewhere: false,
    scimGroups: undefined,
    reliedDomains: [],
    reliedUnclaimedDomain: undefined,
    reliedOnNoOthers: false,
    ...changes,
  };
}

/** The same for a proof of a password account. */
export function passwordProofOf(changes: Partial<Proof & { kind: 'account' }> = {}): Proof {
  const credential = { connectionId: 'con_db', hash: '$argon2id$stored' };
  const base = {
    kind: 'account',
    userId: 'auth0|dana',
    by: 'password',
    authenticatedAt: AT,
    rehash: undefined,
  } as const;
  return { ...base, credential, ...changes };
}

/** Step 4's answer. */
export function admittedOf(changes: Partial<Resolved> = {}, admission: Partial<Admitted['admission']> = {}): Admitted {
  return {
    ...resolvedOf(changes),
    admission: { rule: 'member', createMembership: undefined, roles: [], invitation: undefined, ...admission },
  };
}

/** Step 5 where no Action is bound: nothing was asked for. */
export function agreedOf(admitted: Admitted): Agreed {
  const kept = { newUserId: `auth0|${newDatabaseSubject(systemEntropy)}`, newSessionId: 'ses_1', executions: [] };
  return { userId: userIdOf(admitted, kept), newSessionId: kept.newSessionId, effects: [], executions: [] };
}

export function attemptOf(changes: Partial<Attempt> = {}): Attempt {
  return {
    at: AT,
    ip: '192.0.2.1',
    userAgent: 'Test',
    transactionId: 'tx-1',
    request: {
      clientId: 'app',
      redirectUri: 'https://app.example/callback',
      responseMode: 'query',
      scope: 'openid profile email',
      organization: ACME.id,
    },
    organizationId: undefined,
    credential: { kind: 'identity', identity: identityOf(), fingerprint: 'c1.e1', ownProof: undefined },
    replaces: undefined,
    ...changes,
  };
}

/** `stage rule answer` of every line. */
export function linesOf(trace: Trace): readonly string[] {
  return trace.lines.map((line) => `${line.stage} ${line.rule} ${line.answer}`);
}

/** For a tenant without Actions: a rule that asks for one is wrong. */
export const NO_ACTIONS: ActDeps['actions'] = {
  tenantId: 'test',
  hostname: 'test.example',
  runner: {
    run: () => {
      throw new Error('no Action is bound');
    },
  },
  programs: {
    findProgram: () => {
      throw new Error('no Action is bound');
    },
  },
};
