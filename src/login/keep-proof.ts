/**
 * What of a login waits in the browser while an Action has sent the person elsewhere. Sealed there; holds no password that was not sealed
 * in the browser before.
 */
import { digestCredential } from './2-authenticate.js';
import type { ActionExecution, Attempt, Authenticated, KeptCredential } from './stages.js';

/** The proof in a form that can wait in the browser's sealed transaction. A session stays in its own cookie. */
export function keepProof({ proof, enablement, fingerprint }: Authenticated, attempt: Attempt): KeptCredential {
  if (proof.kind === 'identity')
    return { kind: 'identity', identity: proof.identity, fingerprint, ownProof: proof.ownProof };
  if (proof.kind === 'account') {
    if (proof.by === 'session') return { kind: 'session' };
    const { userId, authenticatedAt, subject, credential } = proof;
    const connectionId = credential?.connectionId ?? enablement.connection.id;
    return {
      kind: 'known',
      userId,
      connectionId,
      fingerprint,
      authenticatedAt,
      ...(subject !== undefined && { subject }),
      credentialDigest: credential && digestCredential(credential),
    };
  }
  if (attempt.credential.kind === 'sign_up') return attempt.credential;
  throw new TypeError('a sign-up is proved by the attempt that signs up');
}

/** An address may be typed again and again: what ran for the last ones is kept. */
const KEPT_EXECUTIONS = 3;

/** Of what ran before anything was proved, what waits in the browser for the line that the login will leave. */
export function keepExecutions(executions: readonly ActionExecution[]): ActionExecution[] {
  return shorten(executions.slice(-KEPT_EXECUTIONS));
}

/** What was printed stays behind when the login goes through the browser: its cookie is small. */
export function shorten(executions: readonly ActionExecution[]): ActionExecution[] {
  return executions.map((item) => ({ ...item, results: item.results.map((result) => ({ ...result, console: [] })) }));
}
