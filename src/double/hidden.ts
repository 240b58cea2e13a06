/**
 * Removes additions from answers outside the Management API: `error_reference` beside errors of `/authorize` and
 * `/oauth/token`, and the OpenAPI document that this server offers. Changes nothing else in an answer.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { toErrorBody } from '../management/api/errors.js';

const REFERENCE = 'error_reference';

/** Removes the parameter `error_reference` from the query or fragment of a redirect's address. */
function withoutReference(location: string): string {
  const url = new URL(location);
  url.searchParams.delete(REFERENCE);
  if (url.hash.includes(`${REFERENCE}=`)) {
    const fragment = new URLSearchParams(url.hash.slice(1));
    fragment.delete(REFERENCE);
    url.hash = fragment.toString();
  }
  return url.href;
}

function hideInLocation(reply: FastifyReply): void {
  const location = reply.getHeader('location');
  if (typeof location !== 'string' || !location.includes(`${REFERENCE}=`) || !URL.canParse(location)) return;
  reply.header('location', withoutReference(location));
}

function hideInJson(payload: unknown): unknown {
  if (typeof payload !== 'string' || !payload.includes(`"${REFERENCE}"`)) return payload;
  const { [REFERENCE]: _ours, ...answer } = JSON.parse(payload) as Record<string, unknown>;
  return JSON.stringify(answer);
}

/** Adds these hooks to the whole application. Must be called before any route is registered. */
export function hideAdditions(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== '/api/v2/openapi.json') return;
    await reply.code(404).send(toErrorBody(404, 'Not Found'));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    hideInLocation(reply);
    return request.routeOptions.url?.startsWith('/oauth/') ? hideInJson(payload) : payload;
  });
}
