/**
 * The common parts of the APIs for people: JSON bodies, errors as problems, and answers that scripts of other origins may read.
 * They read no cookie, so a page of another site has nothing to misuse. Knows no route.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalid, Problem, toProblemBody } from './problem.js';

const BODY_LIMIT = 65_536;

/** The headers that Auth0's SDKs and components send, and those that they read. */
const ALLOWED_HEADERS = 'authorization, content-type, auth0-client, auth0-custom-domain, auth0-scope, dpop';
const EXPOSED_HEADERS =
  'location, retry-after, www-authenticate, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset';

/** Lets scripts of every origin call the API. */
function allowScripts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply
      .header('access-control-allow-origin', '*')
      .header('access-control-expose-headers', EXPOSED_HEADERS)
      .header('cache-control', 'no-store');
    if (request.method !== 'OPTIONS') return;
    return reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS')
      .header('access-control-allow-headers', ALLOWED_HEADERS)
      .header('access-control-max-age', '600')
      .send();
  });
  app.options('/*', async (_request, reply) => reply.code(204).send());
}

/** Prepares `app` for the routes of such an API. `toProblem` turns any error into the answer, of the type `mediaType`. */
export function prepareProblemApi(
  app: FastifyInstance,
  toProblem: (error: unknown, request: FastifyRequest) => Problem,
  mediaType = 'application/problem+json',
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    async (_request: FastifyRequest, body: string) => {
      // Clients send the header with a DELETE, and nothing after it.
      if (body === '') return undefined;
      try {
        return JSON.parse(body) as unknown;
      } catch {
        throw invalid('The body is not JSON.');
      }
    },
  );
  allowScripts(app);
  app.setErrorHandler((error, request, reply: FastifyReply) => {
    const problem = error instanceof Problem ? error : toProblem(error, request);
    return reply.code(problem.status).type(mediaType).send(toProblemBody(problem));
  });
}
