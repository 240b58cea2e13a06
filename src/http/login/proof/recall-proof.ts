/**
 * Reads the proof of an earlier request from the browser's sealed transaction: after an Action's redirect, at the
 * picker, or after the page "Is this you?". Never reads it from the request itself.
 */
import type { FastifyRequest } from 'fastify';
import type { Credential, KeptProof } from '../../../login/stages.js';
import type { LoginRoutesDeps } from '../deps.js';

/** Returns the credential to continue with. A session that was revoked or has expired meanwhile proves nothing. */
export async function recallProof(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  proof: KeptProof | undefined,
): Promise<Credential> {
  if (proof !== undefined && proof.kind !== 'session') return proof;
  const found = proof && (await deps.sessions.find(request));
  return found ? { kind: 'session', ...found } : { kind: 'none' };
}
