/** The name that a browser gives itself. Only log lines and Actions get it; it must never decide anything. */
import type { FastifyRequest } from 'fastify';

const MAX_CHARACTERS = 300;

/** Returns the `User-Agent` header, cut to the length of a log line; empty when there is none. */
export function userAgentOf(request: FastifyRequest): string {
  return (request.headers['user-agent'] ?? '').slice(0, MAX_CHARACTERS);
}
