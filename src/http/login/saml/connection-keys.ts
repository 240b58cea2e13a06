/**
 * `/oauth/connection/NAME/.well-known/jwks.json`: the public keys with which a connection signs at its identity
 * provider (RFC 7517), at Auth0's address. Public; contains no secret. The provider reads it automatically, so that
 * nobody has to hand keys over.
 */
import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { LoginRoutesDeps } from '../deps.js';

/** The names that Auth0 allows for connections; any other name is refused without a look-up. */
const NAME = /^[\w-]{1,128}$/;
/** Cache time of the keys, as short as on Auth0, so that providers notice a rotation soon. */
const CACHE = 'public, max-age=300';

/** Registers the route; a connection without keys is not found, like one that does not exist. */
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
