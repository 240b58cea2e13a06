/**
 * The earlier proof, taken from the browser's sealed transaction: after an Action's redirect, at the picker, or once the person has
 * confirmed that it is them. Never read from a request.
 */
import type { FastifyRequest } from 'fastify';
import type { Credential, KeptProof } from '../../../login/stages.js';
import type { LoginRoutesDeps } from '../deps.js';

/** The credential to go on with. A session that has ended meanwhile proves nothing any more. */
export async function recallProof(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  proof: KeptProof | undefined,
): Promise<Credential> {
  if (proof !== undefined && proof.kind !== 'session') return proof;
  const found = proof && (await deps.sessions.find(request));
  return found ? { kind: 'session', ...found } : { kind: 'none' };
}
