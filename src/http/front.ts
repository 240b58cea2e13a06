/**
 * The root address `/`. Redirects people to the console, or tells them how to claim a server without an owner.
 * Describes this server to programs that ask for JSON. Reveals only what the discovery document contains, and whether
 * an owner is missing: no version, no organization, no person (ADR 0038).
 */
import type { FastifyInstance } from 'fastify';
import { ENGLISH_ONLY, OPERATORS_BRAND } from './console.js';
import { wantsJson } from './nowhere.js';
import type { SendPage } from './oauth/authorization-answer.js';

export interface FrontDeps {
  /** The public origin, without a slash at its end. */
  readonly origin: string;
  /** True while the tenant has no owner. */
  lacksOwner(): Promise<boolean>;
  readonly sendPage: SendPage;
}

/** Registers GET /. */
export function registerFront(app: FastifyInstance, { origin, lacksOwner, sendPage }: FrontDeps): void {
  // A server with an owner always keeps one, so the answer is remembered. While the database is unreachable, people are
  // redirected as if there were an owner.
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
