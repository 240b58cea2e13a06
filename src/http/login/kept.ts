/**
 * What was proved before, taken out of the browser's sealed transaction: after an Action's redirect, or once the person has said that it is
 * them. Never read from a request.
 */
import type { FastifyRequest } from 'fastify';
import type { Credential, KeptCredential } from '../../login/stages.js';
import type { LoginRoutesDeps } from './deps.js';

/** The credential to go on with. A session that has ended meanwhile proves nothing any more. */
export async function recallCredential(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  kept: KeptCredential,
): Promise<Credential> {
  if (kept.kind === 'session') {
    const found = await deps.sessions.find(request);
    return found ? { kind: 'session', ...found } : { kind: 'none' };
  }
  return kept.kind === 'known' ? { ...kept, authenticatedAt: new Date(kept.authenticatedAt) } : kept;
}
