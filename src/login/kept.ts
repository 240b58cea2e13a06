/**
 * Builds and reads the state that one login keeps (`Kept`, described in stages.ts). Sealed in the browser while the person is away; holds
 * no password that was not sealed there before. No I/O.
 */
import { profileData } from '../domain/people/root-attributes.js';
import { type Entropy, newDatabaseSubject, newId } from '../kernel/ids.js';
import { digestCredential } from './2-authenticate.js';
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
  Resolved,
} from './stages.js';

/** The state of a login that begins or continues. */
export function beginKept({ executionsSoFar = [], kept }: Attempt, entropy: Entropy): Kept {
  if (kept) return { ...kept, executions: [...executionsSoFar, ...kept.executions] };
  return {
    newUserId: `auth0|${newDatabaseSubject(entropy)}`,
    newSessionId: newId(entropy, 'ses'),
    executions: executionsSoFar,
  };
}

/** The proof in the form in which the browser keeps it. */
export function keepProof({ proof, enablement, fingerprint }: Authenticated, { credential }: Attempt): KeptProof {
  if (proof.kind === 'identity')
    return { kind: 'identity', identity: proof.identity, fingerprint, ownProof: proof.ownProof };
  if (proof.kind === 'sign_up') {
    if (credential.kind === 'sign_up') return { ...credential, addressProved: proof.addressProved };
    throw new TypeError('a sign-up is proved by the attempt that signs up');
  }
  const { userId, authenticatedAt, subject, idpSession, credential: stored } = proof;
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
  };
}

/** For the choice of an organization: an identity that is bound to an account is kept as a proof of that account and of no other. */
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
  };
}

/** An address may be typed again and again: only the last executions are kept. */
const KEPT_EXECUTIONS = 3;

/** Actions that ran before any proof: the executions that wait in the browser for the log line of the login. */
export function keepExecutions(executions: readonly ActionExecution[]): ActionExecution[] {
  return withoutConsole(executions.slice(-KEPT_EXECUTIONS));
}

/** Console output is dropped when the login goes through the browser: its cookie is small. */
export function withoutConsole(executions: readonly ActionExecution[]): ActionExecution[] {
  return executions.map((item) => ({ ...item, results: item.results.map((result) => ({ ...result, console: [] })) }));
}

/** The account that the login leads to, existing or new. Auth0's id of an enterprise user: strategy, connection name, subject. */
export function userIdOf({ account, proof }: Pick<Resolved, 'account' | 'proof'>, { newUserId }: Kept): string {
  if (account.kind === 'existing') return account.candidate.account.userId;
  return proof.kind === 'identity' && account.idPrefix
    ? `${account.idPrefix.text}|${proof.identity.subject}`
    : newUserId;
}

/** A member of the organization before this login. */
export function isMember({ account }: Pick<Resolved, 'account'>): boolean {
  return account.kind === 'existing' && account.candidate.membership !== undefined;
}

/** The other account that an Action named as primary instead of this login's account. */
export function namedPrimary({ agreement }: Kept): string | undefined {
  const named = agreement?.effects.findLast((effect) => effect.kind === 'primary_user');
  return named?.kind === 'primary_user' && named.userId !== agreement?.userId ? named.userId : undefined;
}

/**
 * The Actions' agreement is valid only for the same account with the same membership. Since it was given, the stored data was read again or
 * the person was sent elsewhere, and they may come back with a session of another account (stops a verdict about one account from being
 * used for another). If an Action named another account the primary, the agreement covers that one too.
 */
export function checkStanding(admitted: Admitted, kept: Kept): Refusal | undefined {
  const { agreement } = kept;
  const userId = userIdOf(admitted, kept);
  if (agreement === undefined || namedPrimary(kept) === userId) return undefined;
  if (agreement.userId === userId && (isMember(admitted) || !agreement.wasMember)) return undefined;
  return refuse('commit.conflict', 'the account or its membership is another one than the Actions were asked about');
}

/** The account's membership before the earlier commit point; undefined for another account. */
export function membershipBefore(userId: string, { written }: Kept): ActionMembership | undefined {
  return written?.userId === userId ? written.membership : undefined;
}
