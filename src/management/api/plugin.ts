/**
 * The Management API as Fastify routes: bearer token, scope, validation, one transaction per write with its log line,
 * list forms, error bodies. Knows no resource; the other files declare them. Every answer below `/api/v2`, even 404 and
 * 413, has Auth0's error shape.
 */
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.js';
import { Fault } from '../../kernel/errors.js';
import { rateHeaders } from '../../kernel/rate-limit.js';
import { Conflict, type Directory, MissingReference, UnstorableValue } from '../../ports/directory.js';
import type { Bearer, Caller, ManagementDeps } from './deps.js';
import { badBody, insufficientScope, ManagementError, toErrorBody } from './errors.js';
import { parseJson } from './json-body.js';
import { asGrantedNow, checkStillGranted, checkTenantWideToken } from './machine-caller.js';
import { MultipartForm, parseMultipart } from './multipart.js';
import { toOpenApi } from './openapi.js';
import { type Call, keyOf, type Operation, type Reply, statusOf, type Wire } from './operation.js';
import { asOperatorNow, checkStillOperator } from './operator-caller.js';
import { checkOperators } from './operators.js';
import { chooseFields, parsePaging, toListBody } from './paging.js';
import { checkAskedProperties, checkSentProperties, toVisible } from './property-scopes.js';
import { runWrite } from './run-write.js';
import { getAcceptedScopes } from './scopes.js';
import { withoutCredentials } from './shown-answers.js';
import { checkAgainstSchema, checkStorable, getRequestSchemas } from './validation.js';
import { checkVersion, findVersion } from './versions.js';
import { namesWithoutEffect, WITHOUT_EFFECT_HEADER } from './without-effect.js';

/** Maximum bytes of a request body. */
const BODY_LIMIT = 1_048_576;

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
  interface FastifyRequest {
    managementCaller?: Caller;
    managementBearer?: Bearer;
  }
}

function unauthorized(reply: FastifyReply, message: string, parameters: string): never {
  // RFC 6750 section 3: the challenge names the scheme and the reason for a refused token.
  reply.header('www-authenticate', `Bearer realm="management"${parameters}`);
  throw new ManagementError(401, message);
}

const INVALID_TOKEN = ', error="invalid_token"';

/**
 * Counts the call towards the limit of its client or person. Runs before any read, so that a runaway script costs the
 * database nothing.
 */
function checkRate(deps: ManagementDeps, subject: string, reply: FastifyReply): void {
  const answer = deps.rateLimit?.take(subject);
  if (answer === undefined) return;
  reply.headers(rateHeaders(answer, deps.clock.now()));
  if (!answer.isWithin) throw new ManagementError(429, 'Global limit has been reached', 'too_many_requests');
}

async function authenticate(deps: ManagementDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const operation = request.routeOptions.config.operation;
  if (operation === undefined) return;
  const header = request.headers.authorization;
  if (header === undefined) unauthorized(reply, 'Missing authentication', '');
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1];
  const bearer = token === undefined ? undefined : await deps.verifyAccessToken(token);
  if (bearer === undefined) unauthorized(reply, 'Invalid token', INVALID_TOKEN);
  const accepted = getAcceptedScopes(operation);
  // Counts by the token's subject: all operators share the console's client, and a machine's subject names its client.
  checkRate(deps, bearer.subject, reply);
  const isMachine = bearer.subject === `${bearer.clientId}@clients`;
  if (isMachine) checkTenantWideToken(bearer);
  const caller = await (isMachine ? asGrantedNow : asOperatorNow)(deps, bearer);
  if (caller === undefined && !isMachine) throw insufficientScope(accepted);
  if (caller === undefined) unauthorized(reply, 'Invalid token', INVALID_TOKEN);
  if (!accepted.some((scope) => caller.scopes.has(scope))) throw insufficientScope(accepted);
  request.managementCaller = caller;
  request.managementBearer = bearer;
}

interface Checked {
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly file?: Buffer;
}

/** Returns the parts of a form; no parts for a request without a body. */
function formOf(request: FastifyRequest): MultipartForm {
  return request.body instanceof MultipartForm ? request.body : new MultipartForm(new Map(), new Map());
}

function checkRequest(operation: Operation, request: FastifyRequest): Checked {
  const key = keyOf(operation);
  const params = { ...(request.params as Record<string, string>) };
  const query = { ...(request.query as Record<string, unknown>) };
  // The router matches `/connections/` as a connection with an empty id; this is no route of Auth0's.
  if (Object.values(params).includes('')) throw new ManagementError(404, 'Not Found');
  checkStorable(params, 'path');
  checkStorable(query, 'query');
  checkAgainstSchema(key, 'path', params);
  checkAgainstSchema(key, 'query', query);
  // Some clients send a body where none is needed (DELETE of an invitation, POST without arguments). It is ignored.
  if (getRequestSchemas(key).body === undefined) return { params, query, body: undefined };
  const { body, ...rest } = operation.form?.toBody(formOf(request)) ?? {
    // A missing body counts as an empty object; `null` is a value, which the schema may refuse.
    body: request.body === undefined ? {} : request.body,
  };
  checkStorable(body, 'body');
  checkAgainstSchema(key, 'body', body);
  // A null that the schema allows means the same as no body. SDK 4 sends null to deploy a version of an Action.
  return { params, query, body: body ?? {}, ...rest };
}

function toBody(operation: Operation, call: Omit<Call, 'directory'>, answer: Reply): unknown {
  const choose = (item: Wire) => {
    const { scopes } = call.caller;
    const visible = withoutCredentials(operation, scopes, toVisible(operation, scopes, item));
    const { fields } = operation;
    return fields === undefined ? visible : chooseFields(visible, call.query, fields === true ? [] : fields);
  };
  if (operation.list !== undefined) {
    assert(answer.page, `${keyOf(operation)} is a list and gives a page`);
    const page = { ...answer.page, items: answer.page.items.map(choose) };
    return toListBody(call.paging, operation.list, page);
  }
  if (Array.isArray(answer.body)) return (answer.body as Wire[]).map(choose);
  return typeof answer.body === 'object' ? choose(answer.body as Wire) : answer.body;
}

/** An operation, and the `get` operation with the same path, if there is one. */
interface Route {
  readonly operation: Operation;
  readonly sibling: Operation | undefined;
}

async function answer(
  deps: ManagementDeps,
  { operation, sibling }: Route,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const caller = request.managementCaller;
  assert(caller, 'the route was authenticated');
  const checked = checkRequest(operation, request);
  checkSentProperties(operation, caller.scopes, checked.body);
  checkAskedProperties(operation, caller.scopes, checked.query);
  await checkOperators(deps, operation, caller, checked);
  const paging = parsePaging(checked.query, operation.list ?? { key: '', checkpoint: false });
  const from = { ip: request.ip, userAgent: request.headers['user-agent'] };
  const call = { caller, now: deps.clock.now(), from, ...checked, paging };
  const writes = operation.method !== 'get' && operation.readsOnly !== true;
  const stays = async (directory: Directory, purpose: 'read' | 'write') => {
    const { managementBearer: bearer } = request;
    assert(bearer, 'the route was authenticated');
    if (caller.person) await checkStillOperator(deps, { directory, purpose }, bearer, caller);
    else await checkStillGranted({ origin: deps.origin, directory }, bearer, caller);
  };
  if (operation.readsOnly) await stays(deps.directory, 'read');
  const known = request.headers['if-match'];
  const check = async (directory: Directory) => {
    await stays(directory, 'write');
    if (known !== undefined) await checkVersion(sibling, call, directory, known);
  };
  const result = writes
    ? await runWrite(deps, operation, call, { url: request.url, check })
    : await operation.run({ ...call, directory: deps.directory });
  const status = result.empty ? 204 : statusOf(operation);
  reply.code(status).header('cache-control', 'no-store');
  const version = writes ? undefined : findVersion(operation, call, result);
  if (version !== undefined) reply.header('etag', version);
  const without = writes ? namesWithoutEffect(operation.path, checked.body, result) : [];
  if (without.length > 0) reply.header(WITHOUT_EFFECT_HEADER, without.join(', '));
  return status === 204 ? reply.send() : reply.send(toBody(operation, call, result));
}

/** Errors that Fastify itself raises, by their code: the status, text and error code of the answer. */
const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [number, string, string?]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'Unsupported Media Type: send application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The body does not have the announced length', 'invalid_body'],
  FST_ERR_BAD_URL: [400, 'The path is not a valid URL', 'invalid_uri'],
};

const TOO_LARGE = 'FST_ERR_CTP_BODY_TOO_LARGE';

/** Returns the error for a body of the wrong kind or size. For an operation with a form, the texts are Auth0's. */
function toBodyFailure(code: string, request: FastifyRequest): ManagementError | undefined {
  const form = request.routeOptions.config?.operation?.form;
  if (code === TOO_LARGE && form !== undefined) {
    return new ManagementError(413, `Payload content length greater than maximum allowed: ${form.limitBytes}`);
  }
  if (code === TOO_LARGE) return new ManagementError(413, `The body is larger than ${BODY_LIMIT} bytes`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' && form !== undefined) {
    return new ManagementError(415, 'Unsupported Media Type: send multipart/form-data');
  }
  return undefined;
}

/** Returns the answer for any thrown error. An unknown error is logged and becomes 500. Never repeats the input. */
function toFailure(error: unknown, request: FastifyRequest): ManagementError {
  if (error instanceof ManagementError) return error;
  if (error instanceof UnstorableValue) return badBody('A value is out of range');
  if (error instanceof Conflict) return new ManagementError(409, 'Something with the same key exists already.');
  if (error instanceof MissingReference) return new ManagementError(404, 'Not Found');
  if (error instanceof Fault) {
    request.log.error({ err: error }, 'the Management API could not reach what it needs');
    return new ManagementError(503, 'The server cannot answer now. Try again in a moment.', 'service_unavailable');
  }
  const code = (error as FastifyError | undefined)?.code ?? '';
  const body = toBodyFailure(code, request);
  if (body !== undefined) return body;
  const framework = FRAMEWORK_ERRORS[code];
  if (framework !== undefined) return new ManagementError(...framework);
  const status = (error as FastifyError | undefined)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return new ManagementError(status, 'Bad request');
  request.log.error({ err: error }, 'a Management API call failed');
  return new ManagementError(500, 'An internal server error occurred');
}

function addErrorShape(app: FastifyInstance, findWords: (path: string) => string | undefined): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = toFailure(error, request);
    return reply.code(failure.statusCode).send(toErrorBody(failure.statusCode, failure.message, failure.errorCode));
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]?.replace(/^\/api\/v2/, '') ?? '';
    return reply.code(404).send(toErrorBody(404, findWords(path) ?? 'Not Found'));
  });
}

/**
 * Settings for the Fastify instance. They allow parameters as long as user ids, and give the errors of the router
 * itself the shape of all others: a path that is not a valid URL (`%ED%A0%80`) fails before any route is found.
 */
export const MANAGEMENT_SERVER_OPTIONS = {
  routerOptions: { maxParamLength: 2_048 },
  frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
    const failure = toFailure(error, request);
    reply.code(failure.statusCode).send(toErrorBody(failure.statusCode, failure.message, failure.errorCode));
  },
};

function addRoute(app: FastifyInstance, deps: ManagementDeps, route: Route): void {
  const { operation } = route;
  app.route({
    method: operation.method.toUpperCase(),
    url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
    config: { operation },
    bodyLimit: operation.form?.limitBytes ?? BODY_LIMIT,
    exposeHeadRoute: false,
    handler: (request, reply) => answer(deps, route, request, reply),
  });
}

/**
 * Returns a plugin with all routes, to be registered below `/api/v2` on an instance with {@link
 * MANAGEMENT_SERVER_OPTIONS}. The routes of `files` need no token: each checks the ticket in its link.
 * `findWords` says what is missing at a path that no operation serves.
 */
export function serveOperations(
  deps: ManagementDeps,
  operations: readonly Operation[],
  files: FastifyPluginAsync,
  findWords: (path: string) => string | undefined,
): FastifyPluginAsync {
  const reads = new Map(operations.filter(({ method }) => method === 'get').map((read) => [read.path, read]));
  const routes = operations.map((operation) => ({ operation, sibling: reads.get(operation.path) }));
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      async (_request: FastifyRequest, body: Buffer) => parseJson(body),
    );
    addErrorShape(app, findWords);
    app.addHook('onRequest', (request, reply) => authenticate(deps, request, reply));
    for (const route of routes.filter(({ operation: { form } }) => form === undefined)) addRoute(app, deps, route);
    await app.register(async (forms) => {
      // Operations with a form are registered in a context of their own: they accept forms only, and no other operation
      // accepts one.
      forms.removeAllContentTypeParsers();
      forms.addContentTypeParser(
        'multipart/form-data',
        { parseAs: 'buffer' },
        async (request: FastifyRequest, body: Buffer) => parseMultipart(request.headers['content-type'] ?? '', body),
      );
      for (const route of routes.filter(({ operation: { form } }) => form !== undefined)) addRoute(forms, deps, route);
    });
    await app.register(files);
    const document = toOpenApi(operations, deps.origin);
    app.get('/openapi.json', { exposeHeadRoute: false }, async () => document);
  };
}
