/**
 * Tells `vestibule doctor` how its request reached this server: through which peer, and for which address it counts
 * (ADR 0065). Answers 404 without a sealed question of the doctor.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.js';
import { createMatcher } from '../kernel/networks.js';
import type { SecretBox } from '../kernel/seal.js';
import type { SeenRequest } from '../ports/examiner.js';
import { isSeenQuestion, SEEN_PATH } from '../ports/seen-question.js';

interface SeenDeps {
  readonly trustProxy: readonly string[];
  /** Opens the doctor's sealed questions. It seals with the key for tickets. */
  readonly box: SecretBox;
  readonly clock: Clock;
}

function toSeen(request: FastifyRequest, isTrusted: (address: string) => boolean): SeenRequest {
  const { headers, socket, ip } = request;
  const peer = socket.remoteAddress ?? '';
  return {
    peer,
    isPeerTrusted: isTrusted(peer),
    client: ip,
    isClientTrusted: isTrusted(ip),
    hasForwardedFor: headers['x-forwarded-for'] !== undefined,
    hasForwarded: headers.forwarded !== undefined,
    isEncrypted: 'encrypted' in socket,
  };
}

/** Registers GET /health/seen. */
export function registerSeen(app: FastifyInstance, { trustProxy, box, clock }: SeenDeps): void {
  const isTrusted = createMatcher(trustProxy);
  app.get(SEEN_PATH, async (request, reply) => {
    const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    // Attack: a stranger learns which networks are trusted, and so which address to forge.
    if (!isSeenQuestion(box, token, clock.now())) return reply.callNotFound();
    return reply.header('cache-control', 'no-store').send(toSeen(request, isTrusted));
  });
}
