/**
 * All OAuth endpoints except /authorize, as one plugin. Reads bodies as bytes, which parameters.ts parses. Never
 * answers an error in the framework's form, only in OAuth's.
 */
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../kernel/errors.js';
import { allowEverybody, answerPreflight } from './cors.js';
import type { OAuthDependencies } from './dependencies.js';
import { discoveryRoutes } from './discovery.js';
import { associate, challenge, listAuthenticators, removeAuthenticator } from './factors/endpoints.js';
import { logoutRoutes } from './logout.js';
import { unsupportedMediaType } from './parameters.js';
import { invalidRequest, OAuthRefusal } from './refusals.js';
import { answerRevocation } from './revoke.js';
import { watchStandstill } from './standstill.js';
import { answerTokenRequest } from './token.js';
import { answerUserinfo } from './userinfo.js';

/**
 * Maximum number of bytes of a body. A token request has less than one kilobyte, a logout with a long ID token a few.
 */
const BODY_LIMIT = 65_536;

const FACTOR_PATHS = ['/mfa/authenticators', '/mfa/authenticators/:id', '/mfa/associate', '/mfa/challenge'] as const;

/** Makes the routes of this plugin read bodies as bytes; routes of other plugins do not change. */
function readBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'application/json'],
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );
}

/** Converts an error of the framework, or a fault, into a refusal of RFC 6749 section 5.2. */
function toRefusal(error: FastifyError): OAuthRefusal {
  if (error instanceof Fault)
    return error.retryable
      ? new OAuthRefusal(503, 'temporarily_unavailable', 'The server cannot answer at the moment. Try again.')
      : new OAuthRefusal(500, 'server_error', 'The server could not answer. Its log says why.');
  if (error.statusCode === 415) return unsupportedMediaType();
  if (error.statusCode === 413)
    return new OAuthRefusal(413, 'invalid_request', `The body is larger than ${BODY_LIMIT} bytes`);
  if (error.statusCode !== undefined && error.statusCode < 500) return invalidRequest('The request cannot be read');
  return new OAuthRefusal(500, 'server_error', 'The server could not answer. Its log says why.');
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error);
  if (refusal.status >= 500) request.log.error({ err: error }, 'an OAuth request failed');
  if (refusal.status === 503) reply.header('retry-after', '1');
  return reply.code(refusal.status).send(refusal.toJson());
}

async function tokenRoutes(app: FastifyInstance, deps: OAuthDependencies): Promise<void> {
  readBodiesAsBytes(app);
  app.setErrorHandler(answerError);
  // An answer that holds a token must never be cached (RFC 6749 section 5.1).
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  });
  const standstill = watchStandstill();
  app.addHook('onClose', async () => standstill.end());
  app.post('/oauth/token', (request, reply) => answerTokenRequest(deps, request, reply, standstill));
  app.post('/oauth/revoke', (request, reply) => answerRevocation(deps, request, reply));
  app.options('/oauth/token', answerPreflight);
  app.options('/oauth/revoke', answerPreflight);
}

/** The endpoints of second factors. Answers hold secrets, so none is cached. */
async function factorRoutes(app: FastifyInstance, deps: OAuthDependencies): Promise<void> {
  readBodiesAsBytes(app);
  app.setErrorHandler(answerError);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  });
  app.get('/mfa/authenticators', (request, reply) => listAuthenticators(deps, request, reply));
  app.delete<{ Params: { id: string } }>('/mfa/authenticators/:id', (request, reply) =>
    removeAuthenticator(deps, request, reply),
  );
  app.post('/mfa/associate', (request, reply) => associate(deps, request, reply));
  app.post('/mfa/challenge', (request, reply) => challenge(deps, request, reply));
  for (const path of FACTOR_PATHS) app.options(path, answerPreflight);
}

async function userinfoRoutes(app: FastifyInstance, deps: OAuthDependencies): Promise<void> {
  readBodiesAsBytes(app);
  app.setErrorHandler(answerError);
  app.addHook('onRequest', async (_request, reply) => {
    allowEverybody(reply);
    reply.header('cache-control', 'no-store');
  });
  app.get('/userinfo', (request, reply) => answerUserinfo(deps, request, reply));
  app.post('/userinfo', (request, reply) => answerUserinfo(deps, request, reply));
  app.options('/userinfo', answerPreflight);
}

/** Returns the plugin with all routes of this folder except /authorize. The composition root registers it once. */
export function oauthRoutes(deps: OAuthDependencies): FastifyPluginAsync {
  return async (app) => {
    await app.register((scope) => discoveryRoutes(scope, deps));
    await app.register((scope) => tokenRoutes(scope, deps));
    await app.register((scope) => factorRoutes(scope, deps));
    await app.register((scope) => userinfoRoutes(scope, deps));
    await app.register(async (scope) => {
      readBodiesAsBytes(scope);
      await logoutRoutes(scope, deps);
    });
  };
}
