/**
 * Builds and reads the state that a login keeps between turns and requests (`Kept`, described in stages.ts). The
 * browser holds it sealed while the person is away. Never adds a password that the browser's sealed data did not have.
 * No I/O.
 */
import { profileData } from '../domain/people/root-attributes.js';
import { type Entropy, newDatabaseSubject, newId } from '../kernel/ids.js';
import { digestCredential } from './2-authenticate.js';
import { saysSecondFactor } from './company-factor.js';
import { type Refusal, refuse } from './refusals.js';
import { signedInAt } from './sign-in-time.js';
import type {
  ActionExecution,
  ActionMembership,
  Admitted,
  Attempt,
  Authenticated,
  Kept,
  KeptProof,
  Proof,
  Resolved,
} from './stages.js';

type ProofOfAccount = Extract<Proof, { readonly kind: 'account' }>;

/** Returns the first state of a new login, or the state that the browser brought back. */
export function beginKept({ executionsSoFar = [], kept }: Attempt, entropy: Entropy): Kept {
  if (kept) return { ...kept, executions: [...executionsSoFar, ...kept.executions] };
  return {
    newUserId: `auth0|${newDatabaseSubject(entropy)}`,
    newSessionId: newId(entropy, 'ses'),
    executions: executionsSoFar,
  };
}

/** Returns the proof in the form that the browser keeps between requests. */
export function keepProof({ proof, enablement, fingerprint }: Authenticated, attempt: Attempt): KeptProof {
  const { credential } = attempt;
  if (proof.kind === 'identity')
    return { kind: 'identity', identity: proof.identity, fingerprint, ownProof: proof.ownProof };
  if (proof.kind === 'sign_up') {
    if (credential.kind === 'sign_up') return { ...credential, addressProved: proof.addressProved };
    throw new TypeError('a sign-up is proved by the attempt that signs up');
  }
  const { userId, authenticatedAt, subject, idpSession, credential: stored, passkey } = proof;
  if (proof.by === 'session') return { kind: 'session', userId };
  return {
    kind: 'known',
    userId,
    connectionId: stored?.connectionId ?? enablement.connection.id,
    fingerprint,
    authenticatedAt: authenticatedAt.getTime(),
    credentialDigest: stored && digestCredential(stored),
    ...(subject !== undefined && { subject }),
    ...(idpSession !== undefined && { idpSession }),
    ...(proof.passedFactor && { passedFactor: true }),
    ...(passkey && { passkey }),
    ...(isGivenHere(proof.by, attempt) && { givenHere: true }),
  };
}

/** True when the person gave a password or passkey to this organization: a proof before the picker is for any of them. */
function isGivenHere(by: ProofOfAccount['by'], { credential, picker }: Attempt): boolean {
  if (by === 'known') return credential.kind === 'known' && credential.givenHere === true;
  return picker === undefined && (by === 'password' || by === 'passkey');
}

/**
 * Returns the proof to keep while the person picks an organization. An identity that is bound to an account becomes a
 * proof of that account only.
 */
export function keepAccount(resolved: Resolved, attempt: Attempt): KeptProof {
  const { account, proof, enablement, fingerprint } = resolved;
  if (account.kind === 'new' || proof.kind !== 'identity') return keepProof(resolved, attempt);
  return {
    kind: 'known',
    userId: account.candidate.account.userId,
    connectionId: enablement.connection.id,
    fingerprint,
    authenticatedAt: signedInAt(proof, attempt.at).getTime(),
    credentialDigest: undefined,
    assertedEmail: proof.identity.email ?? '',
    subject: proof.identity.subject,
    said: {
      data: profileData(proof.identity.claims, proof.identity.claimsCut),
      isBound: account.bind === undefined,
    },
    ...(proof.identity.idpSession !== undefined && { idpSession: proof.identity.idpSession }),
    ...(saysSecondFactor(proof.identity) && { passedFactor: true }),
  };
}

/**
 * Maximum number of runs of Actions to keep for the log: each typed address causes one, and a person may type any
 * number.
 */
const KEPT_EXECUTIONS = 3;

/** Returns the runs of Actions before any proof, as the browser keeps them for the login's log line. */
export function keepExecutions(executions: readonly ActionExecution[]): ActionExecution[] {
  return withoutConsole(executions.slice(-KEPT_EXECUTIONS));
}

/** Drops the Actions' console output when the login is kept in the browser, because its cookie is small. */
export function withoutConsole(executions: readonly ActionExecution[]): ActionExecution[] {
  return executions.map((item) => ({ ...item, results: item.results.map((result) => ({ ...result, console: [] })) }));
}

/**
 * Returns the id of the login's account, existing or new. A new enterprise user's id has Auth0's form: strategy,
 * connection name, subject.
 */
export function userIdOf(
  { account, proof }: Pick<Resolved, 'account' | 'proof'>,
  { newUserId }: Pick<Kept, 'newUserId'>,
): string {
  if (account.kind === 'existing') return account.candidate.account.userId;
  return proof.kind === 'identity' && account.idPrefix
    ? `${account.idPrefix.text}|${proof.identity.subject}`
    : newUserId;
}

/** True when the person was a member of the organization before this login. */
export function isMember({ account }: Pick<Resolved, 'account'>): boolean {
  return account.kind === 'existing' && account.candidate.membership !== undefined;
}

/** Returns the account that an Action named as primary instead of this login's account. */
export function namedPrimary({ agreement }: Kept): string | undefined {
  const named = agreement?.effects.findLast((effect) => effect.kind === 'primary_user');
  return named?.kind === 'primary_user' && named.userId !== agreement?.userId ? named.userId : undefined;
}

/**
 * Checks that the Actions' agreement still applies: the login still leads to the same account, and its membership was
 * not removed. Attack: a person whom an Action redirected comes back with the session of another account, to use the
 * verdict about the first. If an Action made another account primary, the agreement covers that one too.
 */
export function checkStanding(admitted: Admitted, kept: Kept): Refusal | undefined {
  const { agreement } = kept;
  const userId = userIdOf(admitted, kept);
  if (agreement === undefined || namedPrimary(kept) === userId) return undefined;
  if (agreement.userId === userId && (isMember(admitted) || !agreement.wasMember)) return undefined;
  return refuse('commit.conflict', 'the account or its membership is another one than the Actions were asked about');
}

/**
 * Returns the account's membership as it was before the commit that precedes Actions (`before_actions`). Undefined when
 * there was no such commit, or when it was for another account.
 */
export function membershipBefore(userId: string, { written }: Kept): ActionMembership | undefined {
  return written?.userId === userId ? written.membership : undefined;
}
