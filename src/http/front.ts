/**
 * The root address: leads people to the console, or tells them what to do on a server that nobody owns; tells programs that ask for JSON what
 * this is. Tells no more than the discovery document and that a new server waits for its owner: no version, no organization, no name of
 * anybody who signs in here (ADR 0038).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ENGLISH_ONLY, OPERATORS_BRAND } from './console.js';
import type { SendPage } from './oauth/authorization-answer.js';

/** True where JSON is asked for and a page is not: browsers name `text/html`, and a program that takes everything gets the page. */
function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}

export interface FrontDeps {
  /** The public one, without a slash at its end. */
  readonly origin: string;
  /** Whether nobody owns the server yet. */
  lacksOwner(): Promise<boolean>;
  readonly sendPage: SendPage;
}

/** GET /. */
export function registerFront(app: FastifyInstance, { origin, lacksOwner, sendPage }: FrontDeps): void {
  // A server that has an owner keeps one. While the database is away, the way is the one of everybody else.
  let isOwned = false;
  const isWaiting = async () => {
    if (!isOwned) isOwned = !(await lacksOwner().catch(() => false));
    return !isOwned;
  };

  const discoveryUrl = `${origin}/.well-known/openid-configuration`;
  app.get('/', async (request, reply) => {
    reply.header('vary', 'accept');
    if (!wantsJson(request) && (await isWaiting()))
      return sendPage(reply, { page: 'no-owner', brand: OPERATORS_BRAND }, ENGLISH_ONLY);
    if (!wantsJson(request)) return reply.redirect('/console', 302);
    return reply.header('cache-control', 'no-store').send({
      description: 'This is a sign-in server.',
      issuer: `${origin}/`,
      openid_configuration: discoveryUrl,
      management_api: `${origin}/api/v2/`,
    });
  });
}
