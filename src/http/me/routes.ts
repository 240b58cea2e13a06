/**
 * The My Account API (`/me/v1`): people list and change their own second factors with a token of an application. Accepts
 * tokens of people for the audience `https://<domain>/me/` alone. Every change has the rules of the page /account: one
 * mechanism (management/my-account).
 */
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { methodOf } from '../../domain/factors/new-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import { Fault } from '../../kernel/errors.js';
import { createRateLimit, rateHeaders } from '../../kernel/rate-limit.js';
import { accountAudience } from '../../management/api/audience.js';
import { ManagementError } from '../../management/api/errors.js';
import {
  type Asker,
  type Enrolment,
  finishEnrolment,
  type OwnDeps,
  type OwnResult,
  removeOwn,
  renameOwn,
  startEnrolment,
} from '../../management/my-account/changes.js';
import { findPerson, type OwnKind, type Person, seenFactors } from '../../management/my-account/person.js';
import { toFactors, toMethod } from '../../management/my-account/wire.js';
import type { AccountScope } from '../../management/resource-servers/account-api.js';
import type { AccessTokenVerifier } from '../../ports/token-issuer.js';
import { userAgentOf } from '../browser/user-agent.js';
import { invalid, noMethod, noToken, Problem, toProblem, toProblemBody } from './problem.js';

export interface MeDeps {
  readonly own: OwnDeps;
  readonly verifier: AccessTokenVerifier;
}

/** A route gets the person of the token. */
interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: MeDeps;
  readonly asker: Asker;
  readonly person: Person;
  /** The `{id}` of the path. */
  readonly id: string;
}

const BODY_LIMIT = 65_536;
/** Requests of one person: sixty at once, then one a second. The components read two lists after every change. */
const RATE = { perSecond: 1, atOnce: 60 };

/** The types that can be enrolled, and the kinds that they are here. */
const KINDS: Readonly<Record<string, OwnKind | 'recovery-code'>> = {
  totp: 'otp',
  passkey: 'passkey',
  'webauthn-roaming': 'webauthn-roaming',
  'recovery-code': 'recovery-code',
};

/** Auth0's other types, and the reason why they cannot be enrolled here. */
const MISSING: Readonly<Record<string, string>> = {
  phone: 'this server sends no text messages and makes no calls. Use totp, passkey or webauthn-roaming.',
  'push-notification': 'push notifications need an app of Auth0. Use totp instead.',
  password: 'people change their password by the mailed link of the page /account.',
  'webauthn-platform': 'use passkey: this device can hold one.',
};

function bodyOf({ body }: FastifyRequest, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The body must be an object.');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`${unknown}: this property is not supported here.`);
  return body as Readonly<Record<string, unknown>>;
}

function textOf(body: Readonly<Record<string, unknown>>, name: string, most: number): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '' || value.length > most || /\p{Cc}/u.test(value))
    throw invalid(`${name}: a text of 1 to ${most} characters is needed.`);
  return value;
}

function good<Good>(result: OwnResult<Good>): Good {
  if (!result.ok) throw toProblem(result.why);
  return result;
}

async function authenticate(request: FastifyRequest, deps: MeDeps, scope: AccountScope): Promise<Asker> {
  const { authorization = '' } = request.headers;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw noToken('No auth token provided.');
  // Attack: a token of another API of this server, such as the Management API.
  const verified = await deps.verifier.verifyAccessToken(token, accountAudience(deps.own.origin));
  if (verified === undefined || verified.isMachine) throw noToken('The auth token is not valid here.');
  if (!verified.scopes.includes(scope)) {
    const detail = `The auth token lacks the required scope: ${scope}`;
    throw new Problem(403, 'A0E-403-0002', 'Insufficient Scope', detail);
  }
  const { subject: userId, sessionId, clientId } = verified;
  return { userId, sessionId, clientId, from: { ip: request.ip, userAgent: userAgentOf(request) } };
}

const methodUrl = ({ deps }: Call, id: string) =>
  `${accountAudience(deps.own.origin)}v1/authentication-methods/${encodeURIComponent(id)}`;

function pick({ person, id }: Call) {
  const factor = person.factors.find((one) => one.id === id);
  if (factor === undefined) throw noMethod();
  return factor;
}

/** Lists the methods; `?type=` limits the list to one type. */
async function list({ request, person }: Call) {
  const { type } = request.query as { type?: unknown };
  const methods = person.factors.filter(({ kind }) => type === undefined || methodOf(kind) === type);
  return { authentication_methods: methods.map(toMethod) };
}

function toStarted({ sealed, id, kind, secret, uri, options, recoveryCode }: Enrolment) {
  return {
    // As on Auth0, the answer for a passkey has no id.
    ...(kind !== 'passkey' && { id }),
    auth_session: sealed,
    ...(secret !== undefined && { manual_input_code: secret, barcode_uri: uri }),
    ...(recoveryCode !== undefined && { recovery_code: recoveryCode }),
    ...(options && { authn_params_public_key: options }),
  };
}

/** Mails a code to an address, which `otp_code` of the verification repeats. */
async function startAddress(call: Call, text: unknown) {
  const address = parseEmail(text);
  if (address === undefined) throw invalid('email: an address is needed.');
  const started = good(await startEnrolment(call.deps.own, call.asker, { address }));
  call.reply.code(202).header('location', methodUrl(call, started.id));
  return toStarted(started);
}

async function start(call: Call) {
  const body = bodyOf(call.request, ['type', 'email']);
  const type = textOf(body, 'type', 40);
  if ((type === 'email') !== (body.email !== undefined))
    throw invalid('email: this property belongs to the type email alone, which needs it.');
  if (type === 'email') return startAddress(call, body.email);
  const missing = Object.hasOwn(MISSING, type) ? MISSING[type] : undefined;
  if (missing !== undefined) throw invalid(`type ${type}: ${missing}`);
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) throw invalid(`type: one of ${Object.keys(KINDS).join(', ')}, email is needed.`);
  const started = good(await startEnrolment(call.deps.own, call.asker, kind));
  const { id } = started;
  call.reply.code(202).header('location', methodUrl(call, kind === 'passkey' ? 'passkey|new' : id));
  return toStarted(started);
}

async function verify(call: Call) {
  const body = bodyOf(call.request, ['auth_session', 'otp_code', 'authn_response']);
  const sealed = textOf(body, 'auth_session', 4_096);
  const response = body.authn_response === undefined ? undefined : JSON.stringify(body.authn_response);
  const code = body.otp_code === undefined ? undefined : textOf(body, 'otp_code', 32);
  const answer = { ...(code !== undefined && { code }), ...(response !== undefined && { response }) };
  const { id } = good(await finishEnrolment(call.deps.own, call.asker, sealed, answer, { ids: [call.id] }));
  const factors = await call.deps.own.directory.factors.list(call.asker.userId);
  const made = factors.find((factor) => factor.id === id);
  call.reply.code(201).header('location', methodUrl(call, id));
  return made && toMethod(made);
}

async function rename(call: Call) {
  const name = textOf(bodyOf(call.request, ['name']), 'name', 20);
  const before = pick(call);
  good(await renameOwn(call.deps.own, call.asker, call.id, name));
  return toMethod({ ...before, name });
}

async function remove(call: Call) {
  good(await removeOwn(call.deps.own, call.asker, call.id));
  call.reply.code(204);
  return undefined;
}

type Run = (call: Call) => Promise<unknown>;

/** Method, path, scope and what runs. As on Auth0, verifying needs the scope `create`. */
const ROUTES: readonly (readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, AccountScope, Run])[] = [
  ['GET', '/factors', 'read:me:factors', async ({ person }) => ({ factors: toFactors(person) })],
  ['GET', '/authentication-methods', 'read:me:authentication_methods', list],
  ['POST', '/authentication-methods', 'create:me:authentication_methods', start],
  ['GET', '/authentication-methods/:id', 'read:me:authentication_methods', async (call) => toMethod(pick(call))],
  ['PATCH', '/authentication-methods/:id', 'update:me:authentication_methods', rename],
  ['DELETE', '/authentication-methods/:id', 'delete:me:authentication_methods', remove],
  ['POST', '/authentication-methods/:id/verify', 'create:me:authentication_methods', verify],
];

function toKnown(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // The limit of factors of a kind, from management/users/factor-changes.ts.
  if (error instanceof ManagementError) return toProblem('exists');
  if (error instanceof Fault) {
    request.log.error({ err: error }, 'the My Account API could not reach what it needs');
    return new Problem(
      503,
      'A0E-503-0001',
      'Service Unavailable',
      'The server cannot answer now. Try again in a moment.',
    );
  }
  const { statusCode } = error as FastifyError;
  if (statusCode === 413) return new Problem(413, 'A0E-413-0001', 'Payload Too Large', 'The body is too large.');
  if (statusCode === 415) return new Problem(415, 'A0E-415-0001', 'Unsupported Media Type', 'Send application/json.');
  if (statusCode !== undefined && statusCode < 500) return invalid('The request cannot be read.');
  request.log.error({ err: error }, 'a call of the My Account API failed');
  return new Problem(500, 'A0E-500-0001', 'Internal Server Error', 'An internal server error occurred.');
}

/** Lets scripts of every origin call the API. It reads no cookie, so a page of another site has nothing to misuse. */
function allowScripts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply
      .header('access-control-allow-origin', '*')
      .header('access-control-expose-headers', 'location, retry-after, x-ratelimit-limit, x-ratelimit-remaining')
      .header('cache-control', 'no-store');
    if (request.method !== 'OPTIONS') return;
    return reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, PATCH, DELETE, OPTIONS')
      .header('access-control-allow-headers', 'authorization, content-type, auth0-client')
      .header('access-control-max-age', '600')
      .send();
  });
  app.options('/*', async (_request, reply) => reply.code(204).send());
}

/** Returns a plugin with all routes, to be registered below `/me/v1`. */
export function meRoutes(deps: MeDeps): FastifyPluginAsync {
  return async (app) => {
    const limit = createRateLimit(RATE, deps.own.clock);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: BODY_LIMIT },
      async (_request: FastifyRequest, body: string) => {
        try {
          return JSON.parse(body) as unknown;
        } catch {
          throw invalid('The body is not JSON.');
        }
      },
    );
    allowScripts(app);
    const send = (reply: FastifyReply, problem: Problem) =>
      reply.code(problem.status).type('application/problem+json').send(toProblemBody(problem));
    app.setErrorHandler((error, request, reply) => send(reply, toKnown(error, request)));
    for (const [method, url, scope, run] of ROUTES)
      app.route({
        method,
        url,
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const asker = await authenticate(request, deps, scope);
          const taken = limit.take(asker.userId);
          reply.headers(rateHeaders(taken, deps.own.clock.now()));
          if (!taken.isWithin)
            throw new Problem(429, 'A0E-429-0003', 'Too Many Requests', 'The request limit has been exceeded.');
          const at = deps.own.clock.now();
          const found = await findPerson(deps.own.directory, asker, at);
          if (found === undefined) throw toProblem('nobody');
          const person = { ...found, factors: seenFactors(found, at) };
          const { id = '' } = request.params as { id?: string };
          return reply.send(await run({ request, reply, deps, asker, person, id }));
        },
      });
  };
}
