/**
 * The SCIM endpoint of each connection, `/scim/v2/connections/{id}` (RFC 7644): Users, Groups, and a description of the
 * supported features. A write and its log line (`sscim`) are one transaction. A refused write leaves only a log line
 * (`fscim`); so does a read that the token or the filter does not allow. Knows the protocol; people.ts and groups.ts have the rules.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, HTTPMethods } from 'fastify';
import { toScimRefusalCode } from '../../facts/scim-refusals.js';
import { authenticate, checkScope } from './authenticate.js';
import type { ScimDeps } from './deps.js';
import { addDiscoveryRoutes } from './discovery.js';
import { badRequest, notFound, ScimError, toErrorBody, toScimError } from './errors.js';
import { addGroupRoutes } from './group-routes.js';
import { send, toLogEntry } from './reply.js';
import { addUserRoutes } from './user-routes.js';

/** Maximum number of bytes of a body: a user has some kilobytes. */
const BODY_LIMIT = 102_400;

/** The paths below a connection, and the methods of each. */
const METHODS: Readonly<Record<string, readonly HTTPMethods[]>> = {
  '/ServiceProviderConfig': ['GET'],
  '/ResourceTypes': ['GET'],
  '/ResourceTypes/:id': ['GET'],
  '/Schemas': ['GET'],
  '/Schemas/:id': ['GET'],
  '/Users': ['GET', 'POST'],
  '/Users/.search': ['POST'],
  '/Users/:userId': ['GET', 'PUT', 'PATCH', 'DELETE'],
  '/Groups': ['GET', 'POST'],
  '/Groups/.search': ['POST'],
  '/Groups/:groupId': ['GET', 'PUT', 'PATCH', 'DELETE'],
};
const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Answers 405 for other methods than those of {@link METHODS}. */
function refuseOtherMethods(app: FastifyInstance): void {
  for (const [path, methods] of Object.entries(METHODS))
    app.route({
      method: ALL_METHODS.filter((method) => !methods.includes(method)),
      url: `/connections/:connectionId${path}`,
      exposeHeadRoute: false,
      handler: (_request, reply) => {
        reply.header('allow', methods.join(', '));
        throw new ScimError(405, `This path takes ${methods.join(', ')}.`);
      },
    });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badRequest('invalidSyntax', 'The body is not valid JSON.');
  }
}

/** Refused reads that are logged, by status: after them a directory finds nobody, and sends nothing more. */
const LOGGED_READS: ReadonlySet<number> = new Set([400, 401, 403]);

/**
 * Logs a refused write, or a refused read that keeps the directory from working. The answer is sent even if the line
 * cannot be written. A caller without a token of the connection leaves no line.
 */
async function noteRefusal(deps: ScimDeps, request: FastifyRequest, failure: ScimError): Promise<void> {
  const { status, message, scimType } = failure;
  const isRead = request.method === 'GET' || request.routeOptions.config.scim?.reads === true;
  const isLogged = isRead ? LOGGED_READS.has(status) : status < 500;
  if (request.scimCaller === undefined || !isLogged) return;
  const facts = { code: toScimRefusalCode(status, scimType), detail: message };
  try {
    const line = toLogEntry(deps, request, { statusCode: status, detail: message }, { facts });
    await deps.ledger.append({ ...line, hasProof: true });
  } catch (error) {
    request.log.error({ err: error }, 'a refused SCIM call could not be logged');
  }
}

/** Returns the routes, to be registered with the prefix `/scim/v2`. */
export function scimRoutes(deps: ScimDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // Parses SCIM's media type (RFC 7644 section 3.1) and plain JSON, which some clients send. A route may set a body
    // limit of its own.
    app.addContentTypeParser(
      ['application/scim+json', 'application/json'],
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseJson(body)),
    );
    app.addHook('onRoute', (route) => {
      route.bodyLimit ??= BODY_LIMIT;
    });
    app.setErrorHandler(async (error, request, reply) => {
      const failure = toScimError(error, request);
      await noteRefusal(deps, request, failure);
      return send(reply, failure.status, toErrorBody(failure));
    });
    app.setNotFoundHandler((_request, reply) => send(reply, 404, toErrorBody(notFound())));
    app.addHook('onRequest', async (request, reply) => {
      if (request.is404) return;
      const caller = await authenticate(deps, request, reply);
      request.scimCaller = caller;
      // Only the routes that describe the endpoint need no scope.
      const { scim } = request.routeOptions.config;
      if (scim !== undefined) checkScope(caller, request.method, scim);
    });
    addDiscoveryRoutes(app, deps);
    addUserRoutes(app, deps);
    addGroupRoutes(app, deps);
    refuseOtherMethods(app);
  };
}
