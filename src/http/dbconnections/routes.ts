/**
 * The plugin of `/dbconnections`, Auth0's endpoints for programs about accounts with a password. Reads bodies as bytes.
 * Scripts of every origin may read the answers, so that a page reads why it is refused. Only the pages of the application
 * get a mail sent (request.ts).
 */
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../kernel/errors.js';
import { createRateLimit } from '../../kernel/rate-limit.js';
import { allowEverybody, answerPreflight } from '../oauth/cors.js';
import { answerChangePassword } from './change-password.js';
import type { DatabaseApiDeps } from './deps.js';
import { DatabaseRefusal, sendRefusal } from './request.js';
import { answerSignUp, CHECKS_PER_NETWORK } from './sign-up.js';

/** Maximum number of bytes of a body. */
const BODY_LIMIT = 16_384;

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.statusCode === 413 || error.statusCode === 415) {
    const description =
      error.statusCode === 413
        ? `The body is larger than ${BODY_LIMIT} bytes`
        : 'The body must be application/json or application/x-www-form-urlencoded';
    return sendRefusal(reply, new DatabaseRefusal(error.statusCode, 'invalid_request', description, 'ValidationError'));
  }
  if (error.statusCode !== undefined && error.statusCode < 500)
    return sendRefusal(reply, new DatabaseRefusal(400, 'invalid_request', 'The request cannot be read'));
  request.log.error({ err: error }, 'a request to /dbconnections failed');
  const isRetryable = error instanceof Fault && error.retryable;
  if (isRetryable) reply.header('retry-after', '1');
  return reply.code(isRetryable ? 503 : 500).send({
    error: isRetryable ? 'temporarily_unavailable' : 'server_error',
    error_description: 'The server cannot answer at the moment. Try again.',
  });
}

/** Returns the plugin with both routes. */
export function databaseRoutes(deps: DatabaseApiDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      ['application/x-www-form-urlencoded', 'application/json'],
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body, done) => done(null, body),
    );
    app.setErrorHandler(answerError);
    app.addHook('onRequest', async (_request, reply) => {
      allowEverybody(reply);
      reply.header('cache-control', 'no-store');
    });
    app.post('/dbconnections/change_password', (request, reply) => answerChangePassword(request, reply, deps));
    const checks = createRateLimit(CHECKS_PER_NETWORK, deps.pipeline.clock);
    app.post('/dbconnections/signup', (request, reply) => answerSignUp(request, reply, deps, checks));
    app.options('/dbconnections/change_password', answerPreflight);
    app.options('/dbconnections/signup', answerPreflight);
  };
}
