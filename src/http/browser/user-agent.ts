/** The name that a browser gives itself. For log lines and Actions alone: nothing may be decided by it. */
import type { FastifyRequest } from 'fastify';

const MAX_CHARACTERS = 300;

/** The `User-Agent` header, cut to what a log line needs; empty when there is none. */
export function userAgentOf(request: FastifyRequest): string {
  return (request.headers['user-agent'] ?? '').slice(0, MAX_CHARACTERS);
}
