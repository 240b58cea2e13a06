/**
 * Checks the proof that a person holds their own account or mailbox: the mailed code, or the account's old password.
 * Part of step 2. Allows five tries at a code. The answer is the same whether or not an account exists.
 */
import type { Email } from '../domain/people/email.js';
import { hashSecret, secretsEqual } from '../kernel/ids.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { PasswordConnector } from '../ports/connector.js';
import type { LoginReads } from '../ports/login-store.js';
import { countAttempt, evidenceOfLimit } from './attempt-limits.js';
import { findNearest } from './limits-ahead.js';
import { type Refusal, refuse } from './refusals.js';
import type { Attempt, Credential, ProofAgain, ProofAnswer } from './stages.js';
import type { Trace } from './trace.js';

export interface OwnProofDeps {
  readonly reads: Pick<LoginReads, 'findCredential'>;
  readonly attempts: AttemptCounters;
  readonly passwords: PasswordConnector;
}

/** Attack: guessing a code of six digits (1,000,000 possible). attempt-limits.ts limits the number of codes. */
const TRIES_PER_CODE = 5;

/** Hashes a mailed code together with the id of the question, so that a hash from one login is useless in another. */
export function hashCode(proofId: string, code: string): string {
  return hashSecret(`${proofId}.${code}`).toString('base64url');
}

async function fits({ pending, by, typed }: ProofAnswer, at: Date, deps: OwnProofDeps): Promise<boolean> {
  if (by === 'code')
    return (
      secretsEqual(hashCode(pending.id, typed.replace(/[\s-]/g, '')), pending.codeHash) &&
      pending.expiresAt > at.getTime()
    );
  const { userId } = pending;
  const credential = userId === undefined ? undefined : await deps.reads.findCredential({ userId });
  return (await deps.passwords.verify(credential, typed)) && credential !== undefined;
}

/** Returns the login's credential with the proof added; undefined for a kind of credential that cannot have one. */
function proved({ credential }: Attempt, { pending, by }: ProofAnswer): Credential | undefined {
  const email = pending.email as Email;
  if (credential.kind === 'identity') return { ...credential, ownProof: { by, email, userId: pending.userId } };
  return credential.kind === 'sign_up' && by === 'code' ? { ...credential, addressProved: true } : undefined;
}

/**
 * Checks the code or password that the person typed, if any. Returns the credential with the proof, {@link ProofAgain}
 * after a wrong try, or a refusal after the last one. Throws if the try cannot be counted, so that nobody gets unlimited
 * tries.
 */
export async function checkOwnProof(
  attempt: Attempt,
  deps: OwnProofDeps,
  trace: Trace,
): Promise<Credential | ProofAgain | Refusal> {
  const { answer, at, ip, device } = attempt;
  if (answer === undefined) return attempt.credential;
  const { pending, by } = answer;
  const fail = (evidence: Readonly<Record<string, unknown>>) => {
    trace.about({ email: pending.email as Email, userId: pending.userId });
    trace.add('authenticate', 'own_proof', 'refuse', evidence);
    return refuse('authenticate.proof_failed', JSON.stringify(evidence));
  };
  const once = { key: `proof:${pending.id}`, limit: TRIES_PER_CODE };
  const tried = { email: pending.email, ip, userId: pending.userId, device, once };
  const counted = await countAttempt(deps.attempts, 'proof', tried, at);
  if (!counted.allowed) return fail(evidenceOfLimit(counted.passed));
  if (await fits(answer, at, deps)) {
    return proved(attempt, answer) ?? fail({ detail: 'nothing waits for this proof' });
  }
  const nearest = findNearest(counted.ahead);
  const { left: triesLeft } = nearest;
  if (triesLeft === 0) return fail({ detail: 'the last try did not fit', ...evidenceOfLimit(nearest) });
  trace.add('authenticate', 'own_proof', 'ask', { by, tries_left: triesLeft });
  return { kind: 'again', triesLeft };
}
