/**
 * The SCIM endpoint of each connection, `/scim/v2/connections/{id}` (RFC 7644): Users and the description of what is supported. A write is one
 * transaction with its log line (`sscim`); a refused one leaves one line (`fscim`) and nothing else. Knows the protocol, not the rules.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { newLogId } from '../../kernel/ids.js';
import type { ScimPerson } from '../../ports/directory/scim.js';
import type { LogEntry } from '../../ports/ledger.js';
import { authenticate, checkScope } from './authenticate.js';
import { type ScimCall, type ScimCaller, type ScimDeps, scopeOf } from './deps.js';
import { badRequest, noPerson, ScimError, toErrorBody, toScimError } from './errors.js';
import { parseFilter } from './parse-filter.js';
import { createPerson, deletePerson, patchPerson, replacePerson } from './people.js';
import { locationOf, toWire } from './resource.js';

declare module 'fastify' {
  interface FastifyRequest {
    scimCaller?: ScimCaller;
  }
}

/** Most bytes of a body: a user has some kilobytes. */
const BODY_LIMIT = 102_400;
const MAX_COUNT = 100;
const MAX_INDEX = 1_000_000_000;
const MEDIA_TYPE = 'application/scim+json; charset=utf-8';

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badRequest('invalidSyntax', 'The body is not valid JSON.');
  }
}

function callerOf(request: FastifyRequest): ScimCaller {
  if (request.scimCaller === undefined) throw new ScimError(401, 'Missing authentication');
  return request.scimCaller;
}

function toLogEntry(
  deps: ScimDeps,
  request: FastifyRequest,
  response: { statusCode: number; detail?: string },
  userId?: string,
): LogEntry {
  const { connection, token } = callerOf(request);
  const now = deps.clock.now();
  const userAgent = request.headers['user-agent'];
  return {
    logId: newLogId(deps.entropy, now),
    date: now,
    type: response.statusCode < 400 ? 'sscim' : 'fscim',
    description: `SCIM ${request.method} of a user`,
    connectionId: connection.id,
    ...(userId !== undefined && { userId }),
    ip: request.ip,
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 512) }),
    // Without the body: a directory sends more about people than a log should keep.
    details: {
      request: { method: request.method, path: request.url.split('?')[0]?.slice(0, 2_048) },
      response,
      token_id: token.id,
    },
  };
}

function send(reply: FastifyReply, status: number, body: object | undefined): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  return body === undefined ? reply.send() : reply.type(MEDIA_TYPE).send(JSON.stringify(body));
}

/** Runs a write in one transaction with its log line. */
async function write(
  deps: ScimDeps,
  request: FastifyRequest,
  statusCode: number,
  work: (call: ScimCall) => Promise<ScimPerson>,
) {
  const caller = callerOf(request);
  return deps.directory.transaction(async (directory) => {
    const person = await work({ ...caller, directory, now: deps.clock.now() });
    await directory.ledger.append(toLogEntry(deps, request, { statusCode }, person.user.userId));
    return person;
  });
}

function parseIndex(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'string' || !/^-?\d{1,10}$/.test(value))
    throw badRequest('invalidValue', `${name} takes a number.`);
  return Math.min(Number(value), MAX_INDEX);
}

async function list(deps: ScimDeps, request: FastifyRequest): Promise<object> {
  const caller = callerOf(request);
  const query = request.query as Readonly<Record<string, unknown>>;
  const { filter } = query;
  if (filter !== undefined && typeof filter !== 'string') throw badRequest('invalidFilter', 'Send one filter.');
  // RFC 7644 section 3.4.2.4: a startIndex below 1 counts as 1, a negative count as 0.
  const startIndex = Math.max(parseIndex(query.startIndex, 'startIndex', 1), 1);
  const limit = Math.min(Math.max(parseIndex(query.count, 'count', MAX_COUNT), 0), MAX_COUNT);
  const parsed = filter === undefined || filter.trim() === '' ? undefined : parseFilter(filter);
  const { total, people } = await deps.directory.scim.findPeople(scopeOf(caller), {
    filter: parsed,
    offset: startIndex - 1,
    limit,
  });
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: people.length,
    Resources: people.map((person) => toWire(deps.origin, caller, person)),
  };
}

/** RFC 7643 section 5. */
const SERVICE_PROVIDER_CONFIG = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_COUNT },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token of POST /api/v2/connections/{id}/scim-configuration/tokens',
    },
  ],
};

const idOf = (request: FastifyRequest) => (request.params as { userId: string }).userId;

function addUsers(app: FastifyInstance, deps: ScimDeps): void {
  const path = '/connections/:connectionId/Users';
  const wire = (request: FastifyRequest, person: ScimPerson) => toWire(deps.origin, callerOf(request), person);
  app.get(path, { exposeHeadRoute: false }, async (request, reply) => send(reply, 200, await list(deps, request)));
  app.post(path, async (request, reply) => {
    const person = await write(deps, request, 201, (call) => createPerson(deps, call, request.body));
    reply.header('location', locationOf(deps.origin, callerOf(request), person.scimId));
    return send(reply, 201, wire(request, person));
  });
  app.get(`${path}/:userId`, { exposeHeadRoute: false }, async (request, reply) => {
    const id = idOf(request);
    if (id.includes('\0')) throw noPerson();
    const filter = { kind: 'eq', attribute: 'id', value: id } as const;
    const { people } = await deps.directory.scim.findPeople(scopeOf(callerOf(request)), {
      filter,
      offset: 0,
      limit: 1,
    });
    const [person] = people;
    if (person === undefined) throw noPerson();
    return send(reply, 200, wire(request, person));
  });
  app.put(`${path}/:userId`, async (request, reply) => {
    const person = await write(deps, request, 200, (call) => replacePerson(call, idOf(request), request.body));
    return send(reply, 200, wire(request, person));
  });
  app.patch(`${path}/:userId`, async (request, reply) => {
    const person = await write(deps, request, 200, (call) => patchPerson(call, idOf(request), request.body));
    return send(reply, 200, wire(request, person));
  });
  app.delete(`${path}/:userId`, async (request, reply) => {
    await write(deps, request, 204, (call) => deletePerson(call, idOf(request)));
    return send(reply, 204, undefined);
  });
}

/** The line about a refused write. The answer does not wait for the reason why there is none. */
async function noteRefusal(deps: ScimDeps, request: FastifyRequest, { status, message }: ScimError): Promise<void> {
  if (request.scimCaller === undefined || request.method === 'GET' || status >= 500) return;
  try {
    await deps.ledger.append({ ...toLogEntry(deps, request, { statusCode: status, detail: message }), hasProof: true });
  } catch (error) {
    request.log.error({ err: error }, 'a refused SCIM call could not be logged');
  }
}

/** The routes, to be registered with the prefix `/scim/v2`. */
export function scimRoutes(deps: ScimDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // RFC 7644 section 3.1 and, for clients that call it so, plain JSON.
    app.addContentTypeParser(
      ['application/scim+json', 'application/json'],
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseJson(body)),
    );
    app.setErrorHandler(async (error, request, reply) => {
      const failure = toScimError(error, request);
      await noteRefusal(deps, request, failure);
      return send(reply, failure.status, toErrorBody(failure));
    });
    app.setNotFoundHandler((_request, reply) => send(reply, 404, toErrorBody(noPerson())));
    app.addHook('onRequest', async (request, reply) => {
      if (request.is404) return;
      const caller = await authenticate(deps, request, reply);
      request.scimCaller = caller;
      if (request.routeOptions.url?.endsWith('/ServiceProviderConfig') !== true) checkScope(caller, request.method);
    });
    app.get('/connections/:connectionId/ServiceProviderConfig', { exposeHeadRoute: false }, async (_request, reply) =>
      send(reply, 200, SERVICE_PROVIDER_CONFIG),
    );
    addUsers(app, deps);
  };
}
