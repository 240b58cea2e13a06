/**
 * The root address: the server's purpose and the next step, as a page for people and as JSON for programs that ask for JSON. Tells no more
 * than the discovery document: no version, no organization, no name of anybody who signs in here. Never redirects (ADR 0038).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { brandOf } from '../domain/brand.js';
import type { SendPage } from './oauth/authorization-answer.js';

/** True where JSON is asked for and a page is not: browsers name `text/html`, and a program that takes everything gets the page. */
function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}

/** GET /. `origin` is the public one, without a slash at its end. */
export function registerFront(app: FastifyInstance, origin: string, sendPage: SendPage): void {
  const discoveryUrl = `${origin}/.well-known/openid-configuration`;
  app.get('/', async (request, reply) => {
    reply.header('vary', 'accept');
    if (!wantsJson(request)) return sendPage(reply, { page: 'front', brand: brandOf({}, origin), discoveryUrl }, {});
    return reply.header('cache-control', 'no-store').send({
      description: 'This is a sign-in server.',
      issuer: `${origin}/`,
      openid_configuration: discoveryUrl,
      management_api: `${origin}/api/v2/`,
    });
  });
}
