/**
 * `/oauth/connection/NAME/.well-known/jwks.json`: the public keys (RFC 7517) of a connection that signs its requests to
 * the identity provider. The address is the same as on Auth0. Contains no secret. The provider reads the keys from it,
 * so that nobody has to send them.
 */
import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { LoginRoutesDeps } from '../deps.js';

/** The names that Auth0 allows for connections; any other name is refused without a look-up. */
const NAME = /^[\w-]{1,128}$/;
/** Cache time of the keys; as short as on Auth0, so that providers soon see new keys. */
const CACHE = 'public, max-age=300';

/** Registers the route. Answers 404 for a connection without keys, as for one that does not exist. */
export function registerConnectionKeys(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get<{ Params: { name: string } }>('/oauth/connection/:name/.well-known/jwks.json', async (request, reply) => {
    const { name } = request.params;
    const published = NAME.test(name) ? await deps.findPublishedKeys(name) : [];
    if (published.length === 0) return reply.callNotFound();
    const keys = published.map(({ kid, algorithm, certificate }) => ({
      ...new X509Certificate(certificate).publicKey.export({ format: 'jwk' }),
      kid,
      alg: algorithm,
      use: 'sig',
    }));
    return reply.header('cache-control', CACHE).header('x-content-type-options', 'nosniff').send({ keys });
  });
}
