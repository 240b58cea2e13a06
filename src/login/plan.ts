/**
 * Turns an admitted login into the writes of the commit. No I/O; draws secrets. Decides nothing except whether the
 * membership counts as used. Never leaves out data that a decision relied on: the commit checks again only what the
 * plan names.
 */

import { hasPrompt } from '../domain/authorization-request.js';
import type { IdpSession, UserProfile } from '../domain/people/account.js';
import { isEnterprise } from '../domain/tenant.js';
import { addSeconds, type Clock } from '../kernel/clock.js';
import { type Entropy, hashSecret, newSecret } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { CommitPlan, EarlyCommitPlan, MetadataPatch } from '../ports/login-store.js';
import type { RememberedBrowser } from './factor-stages.js';
import { planBinding } from './plan-binding.js';
import {
  claimedEarly,
  isBelieved,
  isFactorPassed,
  planClaim,
  planFactorMail,
  planFactors,
  rememberedBy,
  withFactors,
} from './plan-factor.js';
import { planFold } from './plan-fold.js';
import { logFactors, logLine, logMembership } from './plan-log.js';
import { planPasswords, vouchedHere, voucherOfExisting, voucherOfNewcomer, voucherOfPassword } from './plan-mailbox.js';
import { signedInAt } from './sign-in-time.js';
import type { Admitted, Agreed, Attempt, Proof } from './stages.js';
import { actionWrites, newUserMetadata, sessionCookie } from './tenant-code/action-effects.js';
import type { Trace } from './trace.js';

/**
 * Lifetime of an authorization code: long enough for a redirect, and soon worthless to somebody who reads it in a log
 * (RFC 6749 section 4.1.2).
 */
export const CODE_LIFETIME_SECONDS = 60;

export interface PlanDeps {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Public origin of this server, for mails. */
  readonly origin: string;
  /** Seals the tickets of links in mails. */
  readonly ticketBox: SecretBox;
  /** Returns a new authorization code for a user, and the hash to store. */
  readonly newCode: (userId: string) => { readonly code: string; readonly codeHash: Buffer };
}

/** The planned writes, and the secrets that the browser gets after the commit. */
export interface LoginGrant {
  readonly plan: CommitPlan;
  readonly code: string;
  readonly userId: string;
  /** Secret of a new session, for the cookie; undefined when the browser keeps its session. */
  readonly sessionSecret: string | undefined;
  /** The kind of cookie that an Action chose: persistent, or until the browser closes. */
  readonly sessionCookie: 'persistent' | 'non-persistent' | undefined;
  /** The account for which this browser is remembered from now on. */
  readonly remembers?: RememberedBrowser;
  /** True when the person wants no passkey now: this browser offers none for a time. */
  readonly putsOffPasskey?: true;
}

function profileOf(admitted: Admitted): UserProfile {
  const { proof } = admitted;
  if (proof.kind === 'identity') return proof.identity.profile;
  return proof.kind === 'sign_up' && proof.name !== undefined ? { name: proof.name } : {};
}

function patched(
  before: Readonly<Record<string, unknown>> | undefined,
  { set, remove }: MetadataPatch,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries({ ...before, ...set }).filter(([name]) => !remove.includes(name)));
}

function planAccount(
  admitted: Admitted,
  { request }: Attempt,
  effects: Agreed['effects'],
): Pick<CommitPlan, 'relyAccount' | 'newUser' | 'vouchForEmail'> {
  const { account, proof, admission } = admitted;
  const invitation = admission.invitation;
  if (account.kind === 'new') {
    const asked = newUserMetadata(effects);
    return {
      relyAccount: undefined,
      newUser: {
        email: account.email,
        emailVouchedBy: voucherOfNewcomer(admitted, request),
        newIdPrefix:
          account.idPrefix && !account.idPrefix.known && proof.kind === 'identity'
            ? { text: account.idPrefix.text, issuer: proof.identity.issuer }
            : undefined,
        profile: profileOf(admitted),
        appMetadata: patched(invitation?.appMetadata, asked.app),
        userMetadata: patched(invitation?.userMetadata, asked.user),
      },
      vouchForEmail: undefined,
    };
  }
  const { candidate } = account;
  const hash = proof.kind === 'account' ? proof.credential?.hash : undefined;
  const passkeyId = proof.kind === 'account' ? proof.passkey?.id : undefined;
  return {
    relyAccount: {
      email: candidate.account.email,
      addressProved: candidate.addressProved,
      member: candidate.membership !== undefined,
      breakGlass: candidate.membership?.breakGlass ?? false,
      noOtherOrganizations: admitted.reliedOnNoOthers,
      factorsRevision: candidate.factorsRevision,
      ...(hash !== undefined && { passwordHash: hash }),
      ...(passkeyId !== undefined && { passkeyId }),
    },
    newUser: undefined,
    vouchForEmail: voucherOfExisting(admitted, request),
  };
}

/**
 * Part 7 of the linking rule: a membership counts as used when the person gave a password, passkey or code of this account in
 * this login. A session, a refresh, the choice of an organization or the way back from an Action do not count. Attack:
 * a redirect from the organization's page causes them, and then the organization's IdP may be bound to the account
 * without a question. An identity does not count either: the IdP may have answered without asking the person, and may
 * be the organization's own. Nor does a login to an account that the organization's own IdP created.
 */
function usesMembership(
  { organization, connections, account, proof }: Admitted,
  { came, factorAnswer, credential }: Attempt,
): boolean {
  if (organization === undefined || came !== undefined) return false;
  if (account.kind === 'new') return proof.kind === 'sign_up';
  const { mainConnectionId } = account.candidate;
  const broughtHere = connections.some(
    ({ connection }) => connection.id === mainConnectionId && isEnterprise(connection.strategy),
  );
  const { userId } = account.candidate.account;
  // A factor interrupts the login: the password was then typed in an earlier request of it, if not before the picker.
  const typedBefore = factorAnswer !== undefined && credential.kind === 'known' && credential.givenHere === true;
  const shown =
    proof.kind === 'account'
      ? proof.by === 'password' || proof.by === 'passkey' || typedBefore
      : proof.kind === 'identity' && proof.ownProof?.userId === userId;
  return Boolean(shown) && !broughtHere;
}

function planPassword(admitted: Admitted, { request }: Attempt): CommitPlan['password'] {
  const { proof, enablement, account } = admitted;
  if (proof.kind === 'sign_up') {
    const vouchedBy = voucherOfPassword(admitted, request);
    return { connectionId: enablement.connection.id, email: proof.email, hash: proof.passwordHash, vouchedBy };
  }
  if (proof.kind !== 'account' || proof.rehash === undefined || account.kind !== 'existing') return undefined;
  const { email } = account.candidate.account;
  return email && proof.credential
    ? { connectionId: proof.credential.connectionId, email, hash: proof.rehash, vouchedBy: undefined }
    : undefined;
}

/** Returns the IdP's session that the new session depends on: when the IdP ends it (logout), ours is revoked too. */
function idpSessionOf(proof: Proof): IdpSession | undefined {
  if (proof.kind === 'identity') return proof.identity.idpSession;
  return proof.kind === 'account' ? proof.idpSession : undefined;
}

function planSession(
  attempt: Attempt,
  admitted: Admitted,
  entropy: Entropy,
  newSessionId: string,
): { session: CommitPlan['session']; secret: string | undefined; authenticatedAt: Date } {
  const { credential } = attempt;
  if (credential.kind === 'session') {
    const { sessionId, authenticatedAt } = credential.session;
    return {
      session: { kind: 'existing', sessionId, sessionHash: credential.sessionHash },
      secret: undefined,
      authenticatedAt,
    };
  }
  // Each login gets a new session. Attack (session fixation): somebody planted a session that they know before.
  const secret = newSecret(entropy);
  const authenticatedAt = signedInAt(admitted.proof, attempt.at);
  const expiresAt = addSeconds(attempt.at, admitted.tenant.sessionLifetimeSeconds);
  const session = {
    kind: 'new',
    sessionId: newSessionId,
    sessionHash: hashSecret(secret),
    authenticatedAt,
    expiresAt,
    replaces: attempt.replaces,
    idpSession: idpSessionOf(admitted.proof),
  } as const;
  return { session, secret, authenticatedAt };
}

/** Returns the groups on which auto-membership decided, so that the commit can check them again. */
function planGroups({ admission, proof, scimGroups }: Admitted): CommitPlan['relyScimGroups'] {
  if (admission.rule !== 'auto' || proof.kind !== 'identity' || scimGroups === undefined) return undefined;
  const { issuer, subject } = proof.identity;
  return { issuer, subject, names: scimGroups };
}

/** Plans the writes of both commit points: account, identity, membership, invitation, and the data they rely on. */
function planPerson(attempt: Attempt, admitted: Admitted, agreed: Pick<Agreed, 'userId' | 'effects'>, deps: PlanDeps) {
  const { admission, organization, client, enablement } = admitted;
  return {
    at: attempt.at,
    transactionId: attempt.transactionId,
    clientId: client.clientId,
    organizationId: organization?.id,
    connectionId: enablement.connection.id,
    relyFingerprint: admitted.fingerprint,
    relySecondFactor: organization?.secondFactor,
    relyUnserved: organization === undefined && isEnterprise(enablement.connection.strategy),
    relyProvedDomains: admitted.reliedDomains,
    relyUnclaimedDomain: admitted.reliedUnclaimedDomain,
    relyScimGroups: planGroups(admitted),
    ...planAccount(admitted, attempt, agreed.effects),
    userId: agreed.userId,
    ...planBinding(admitted, agreed.userId, deps.entropy),
    ...planPasswords(admitted, attempt.request),
    vouchedHere: vouchedHere(admitted, attempt.request),
    membership:
      organization && (admission.createMembership || admission.roles.length > 0)
        ? {
            via: admission.createMembership ?? ('invited' as const),
            create: admission.createMembership !== undefined,
            roles: admission.roles,
          }
        : undefined,
    consumeInvitationId: admission.invitation?.id,
    ip: attempt.ip,
    mail: [],
  };
}

/**
 * Plans the commit before any Action runs (`membership_evaluation: before_actions`): the person and their membership.
 * `agreed` has the effects of pre-user-registration for the new account.
 */
export function planEarlyCommit(
  attempt: Attempt,
  admitted: Admitted,
  deps: PlanDeps,
  agreed: Pick<Agreed, 'userId' | 'effects' | 'factors'>,
): EarlyCommitPlan {
  const { userId } = agreed;
  const person = planPerson(attempt, admitted, agreed, deps);
  const factors = planClaim(agreed.factors);
  return {
    ...person,
    ...withFactors(person, factors),
    mail: planFactorMail({ factors: claimedEarly(agreed.factors) }, admitted, attempt, deps),
    // The person is not signed in yet.
    usesMembership: false,
    // A stronger hash of a verified password is written only at the end: the last commit still checks the old hash.
    password: admitted.proof.kind === 'sign_up' ? planPassword(admitted, attempt) : undefined,
    log: logMembership({ attempt, admitted, userId, entropy: deps.entropy }),
  };
}

/**
 * Plans only a newcomer's account (`LoginHabits.opensAccountFirst`): no membership, and the invitation stays unused. An
 * invitation's metadata for a new account is included.
 */
export function planAccountAlone(
  attempt: Attempt,
  admitted: Admitted,
  deps: PlanDeps,
  agreed: Pick<Agreed, 'userId' | 'effects'>,
): EarlyCommitPlan {
  return {
    ...planEarlyCommit(attempt, admitted, deps, agreed),
    membership: undefined,
    consumeInvitationId: undefined,
    vouchedHere: undefined,
    log: [],
  };
}

/** Plans everything that the login writes. `trace` is copied into the log line of the same commit. */
export function planCommit(
  attempt: Attempt,
  admitted: Admitted,
  deps: PlanDeps,
  trace: Trace,
  agreed: Agreed,
): LoginGrant {
  const { entropy } = deps;
  const { admission } = admitted;
  const { userId, effects } = agreed;
  const { session, secret, authenticatedAt } = planSession(attempt, admitted, entropy, agreed.newSessionId);
  const { code, codeHash } = deps.newCode(userId);
  const { request } = attempt;
  const person = planPerson(attempt, admitted, { userId, effects }, deps);
  trace.add('commit', 'one_transaction', 'pass', { binds: person.bind?.rule ?? null, admission: admission.rule });
  const ground = { attempt, admitted, userId, entropy };
  const success = logLine(ground, hasPrompt(request, 'none') ? 'ssa' : 's', {
    rule: admission.rule,
    transaction: attempt.transactionId,
    trace: trace.lines,
    ...(agreed.executions.length > 0 && { actions: agreed.executions }),
  });
  const { factors: passed, offered } = agreed;
  const isFederated = isBelieved(admitted);
  const factors = planFactors(passed, { at: attempt.at, isFederated, offered, entropy, person });
  const plan: CommitPlan = {
    ...person,
    ...withFactors(person, factors),
    usesMembership: usesMembership(admitted, attempt),
    password: planPassword(admitted, attempt),
    session,
    code: {
      codeHash,
      redirectUri: request.redirectUri,
      redirectUriSent: request.redirectUriImplied !== true,
      scope: request.scope,
      audience: request.audience,
      nonce: request.nonce,
      codeChallenge: request.codeChallenge,
      authenticatedAt,
      expiresAt: addSeconds(attempt.at, CODE_LIFETIME_SECONDS),
      familyId: newSecret(entropy),
      factorPassed: isFactorPassed(attempt, factors),
    },
    ...(admitted.client.hearsOfLogout && { tellsOfLogout: true }),
    actions: actionWrites(effects, attempt.at),
    mail: planFactorMail(agreed, admitted, attempt, deps),
    log: [success, ...logFactors(ground, agreed), ...logMembership(ground)],
  };
  const fold = planFold(plan, { trace, executions: agreed.executions }, entropy);
  const remembers = rememberedBy(agreed.factors, plan);
  return {
    plan: { ...plan, fold },
    code,
    userId,
    sessionSecret: secret,
    sessionCookie: sessionCookie(effects),
    ...(remembers && { remembers }),
    ...(offered?.isPutOff && { putsOffPasskey: true }),
  };
}
