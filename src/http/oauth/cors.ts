/**
 * Decides which scripts of other origins may read an answer. Scripts of every origin may read keys, discovery and
 * /userinfo, since these need no cookie. The token endpoint's answers are for the origins that the client lists. Never
 * allows credentials: no endpoint here both reads a cookie and answers scripts of other origins.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenClient } from '../../ports/token-store.js';

const ALLOWED_HEADERS = 'authorization, auth0-client, content-type, dpop';
const EXPOSED_HEADERS = 'www-authenticate, retry-after';

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin } = new URL(url);
  // "null" is the origin of native apps' schemes, but also of every sandboxed frame of any site.
  return origin === 'null' ? undefined : origin;
}

/**
 * True for an origin that the client lists, or that is the origin of one of its callbacks (Auth0: "allowed
 * automatically").
 */
export function isOriginOf(client: Pick<TokenClient, 'webOrigins' | 'callbacks'>, origin: string): boolean {
  return [...client.webOrigins, ...client.callbacks].some((url) => originOf(url) === origin);
}

/** Lets scripts of every origin read the answer. */
export function allowEverybody(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED_HEADERS);
}

/** Lets only the client's own pages read the answer, so that another site's script cannot redeem a stolen code. */
export function allowClientOrigins(
  request: FastifyRequest,
  reply: FastifyReply,
  client: TokenClient | undefined,
): void {
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || client === undefined || !isOriginOf(client, origin)) return;
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED_HEADERS);
}

/**
 * Answers a preflight request. A preflight names no client, so the answer is the same for all. It only allows a page to
 * send the request, which any page could do with a form anyway.
 */
export async function answerPreflight(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply
    .code(204)
    .header('vary', 'Origin')
    .header('access-control-allow-origin', request.headers.origin ?? '*')
    .header('access-control-allow-methods', 'GET, POST, DELETE, OPTIONS')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', '600')
    .send();
}
