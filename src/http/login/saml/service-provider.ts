/**
 * `/samlp/metadata?connection=NAME`: the SAML metadata of this server, which the administrator of an identity provider
 * imports there. Public; contains no secret.
 */
import type { FastifyInstance } from 'fastify';
import type { LoginRoutesDeps } from '../deps.js';
import { readField } from '../step.js';

const MAX_NAME = 128;

/** Registers the route. Address and media type are the same as on Auth0. */
export function registerServiceProvider(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get('/samlp/metadata', async (request, reply) => {
    const name = readField(request.query, 'connection') ?? '';
    const found = name === '' || name.length > MAX_NAME ? undefined : await deps.findServiceProvider(name);
    if (found === undefined) return reply.callNotFound();
    const document = await found.provider.toMetadata(found.connection, `${deps.origin}/login/callback`);
    return reply
      .header('cache-control', 'public, max-age=300')
      .header('x-content-type-options', 'nosniff')
      .type('application/samlmetadata+xml; charset=utf-8')
      .send(document);
  });
}
