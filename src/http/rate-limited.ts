/**
 * Limits requests to `/oauth/token`, `/mfa/…` and `/authorize` by the sender's network. Off unless the operator sets limits
 * (docs/configuration.md). Must never key a limit on the request's content: a sender could evade it by changing that
 * content.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.js';
import { networksOf } from '../kernel/networks.js';
import { createRateLimit, type Rate, type RateLimit, rateHeaders } from '../kernel/rate-limit.js';

export interface DoorLimits {
  readonly token: RateLimit | undefined;
  readonly authorize: RateLimit | undefined;
  readonly clock: Clock;
}

/** Creates a rate limiter for each endpoint that has a configured rate. */
export function createDoorLimits(
  { token, authorize }: Readonly<Record<'token' | 'authorize', Rate | undefined>>,
  clock: Clock,
): DoorLimits {
  return {
    token: token && createRateLimit(token, clock),
    authorize: authorize && createRateLimit(authorize, clock),
    clock,
  };
}

/** The endpoint of tokens, and those of second factors, where the same applications come next. */
const TOKEN_PATHS = [
  '/oauth/token',
  '/mfa/authenticators',
  '/mfa/authenticators/:id',
  '/mfa/associate',
  '/mfa/challenge',
];

/** Answers 429 to requests beyond the limits; `/authorize` by the page that `sendTooMany` sends. */
export function limitDoors(
  app: FastifyInstance,
  { token, authorize, clock }: DoorLimits,
  sendTooMany: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  const limits = new Map([...TOKEN_PATHS.map((path) => [path, token] as const), ['/authorize', authorize]]);
  if (token === undefined && authorize === undefined) return;
  app.addHook('onRequest', async (request, reply) => {
    // Compares the matched route, because the path as sent may be `/oauth/%74oken`.
    const limit = limits.get(request.routeOptions.url ?? '');
    if (limit === undefined || request.method === 'OPTIONS') return;
    const [machine] = networksOf(request.ip);
    const answer = limit.take(machine?.name ?? request.ip);
    reply.headers(rateHeaders(answer, clock.now()));
    if (answer.isWithin) return;
    if (limit === authorize) return sendTooMany(request, reply);
    return reply
      .code(429)
      .header('cache-control', 'no-store')
      .send({ error: 'too_many_requests', error_description: 'Global limit has been reached' });
  });
}
