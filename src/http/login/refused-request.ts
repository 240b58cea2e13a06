/**
 * The line of a request that is refused before there is a login: in the login log as far as its network address may cause lines,
 * else in the server's own log. And the page that says so, with its reference number.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newReference } from '../../kernel/ids.js';
import { logRefusedRequest } from '../../login/record-refusal.js';
import { REFUSALS, type Refusal } from '../../login/refusals.js';
import type { Trace } from '../../login/trace.js';
import { userAgentOf } from '../browser/user-agent.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';

/** Returns the reference number. Throws what the ledger throws. */
export async function recordRefusedRequest(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  refused: { refusal: Refusal; trace: Trace; clientId?: string },
): Promise<string> {
  if (deps.logAllowance.take(request.ip)) {
    const at = deps.pipeline.clock.now();
    return logRefusedRequest({ at, ip: request.ip, userAgent: userAgentOf(request), ...refused }, deps.pipeline);
  }
  const reference = newReference(deps.pipeline.entropy);
  request.log.warn(
    { reference, code: refused.refusal.code },
    'refused; this address has had its lines in the login log',
  );
  return reference;
}

/** The refusal's own page, in the tenant's name: nothing more is known of the person or of an organization. */
export async function sendRefusedRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  refused: { refusal: Refusal; trace: Trace },
): Promise<FastifyReply> {
  const { title, sentence, advice, status } = REFUSALS[refused.refusal.code];
  const reference = await recordRefusedRequest(request, deps, refused);
  const brand = brandOf(undefined, await deps.pipeline.reads.findTenant());
  return deps.sendPage(
    reply,
    { page: 'refusal', brand, title, sentence, advice, reference, signedInAs: undefined, links: [] },
    status,
  );
}
