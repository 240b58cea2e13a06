/**
 * The line of a request that is refused before there is a login: in the login log as far as its network address may cause lines,
 * else in the server's own log. Returns the reference number that the person is shown.
 */
import type { FastifyRequest } from 'fastify';
import { newReference } from '../../kernel/ids.js';
import { logRefusedRequest } from '../../login/record-refusal.js';
import type { Refusal } from '../../login/refusals.js';
import type { Trace } from '../../login/trace.js';
import { userAgentOf } from '../browser/user-agent.js';
import type { LoginRoutesDeps } from './deps.js';

/** Throws what the ledger throws. */
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
