/** Logs a request that is refused before a login exists, and shows a page with the reference number. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { logRefusedRequest } from '../../login/record-refusal.js';
import { REFUSALS, type Refusal } from '../../login/refusals.js';
import type { Trace } from '../../login/trace.js';
import { userAgentOf } from '../browser/user-agent.js';
import { sayLasts, sayRefusal } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';

/** Logs the refusal and returns the reference number. Throws the ledger's errors. */
export async function recordRefusedRequest(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  refused: { refusal: Refusal; trace: Trace; clientId?: string },
): Promise<string> {
  const at = deps.pipeline.clock.now();
  return logRefusedRequest({ at, ip: request.ip, userAgent: userAgentOf(request), ...refused }, deps.pipeline);
}

/** Logs the refusal and shows its page. The page has the tenant's look, because person and organization are unknown. */
export async function sendRefusedRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  refused: { refusal: Refusal; trace: Trace },
): Promise<FastifyReply> {
  const { code, lasts } = refused.refusal;
  const reference = await recordRefusedRequest(request, deps, refused);
  const place = { tenant: await deps.pipeline.reads.findTenant() };
  const brand = brandOf(place, deps.origin);
  return deps.sendPage(
    reply,
    { page: 'refusal', brand, ...sayRefusal(code), ...sayLasts(lasts), reference, signedInAs: undefined, links: [] },
    place,
    REFUSALS[code].status,
  );
}
