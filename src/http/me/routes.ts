/**
 * The My Account API (`/me/v1`): people list and change their own second factors with a token of an application. Accepts
 * tokens of people for the audience `https://<domain>/me/` alone. Every change has the rules of the page /account: one
 * mechanism (management/my-account).
 */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { methodOf } from '../../domain/factors/new-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import { createRateLimit, rateHeaders } from '../../kernel/rate-limit.js';
import { accountAudience } from '../../management/api/audience.js';
import {
  type Asker,
  type Enrolment,
  finishEnrolment,
  type OwnResult,
  removeOwn,
  renameOwn,
  startAddress,
  startEnrolment,
} from '../../management/my-account/changes.js';
import { findPerson, type OwnKind, seenFactors } from '../../management/my-account/person.js';
import { toFactors, toMethod } from '../../management/my-account/wire.js';
import type { AccountScope } from '../../management/resource-servers/account-api.js';
import { userAgentOf } from '../browser/user-agent.js';
import { invalid, noScope, noToken, Problem, tooMany, toUnforeseen } from '../problem.js';
import { prepareProblemApi } from '../problem-api.js';
import { type Call, logRefused, type MeDeps } from './call.js';
import { NEW_PASSWORD, readPassword, startPassword, verifyPassword } from './password.js';
import { noMethod, toProblem } from './problem.js';

/** Requests of one person: sixty at once, then one a second. The components read two lists after every change. */
const RATE = { perSecond: 1, atOnce: 60 };

/** Lines about refused changes of one person: five at once, then one in ten minutes. Attack: a flooded log. */
const LINES = { perSecond: 1 / 600, atOnce: 5 };

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
  'webauthn-platform': 'use passkey: this device can hold one.',
};

function bodyOf({ body }: FastifyRequest, known?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The body must be an object.');
  const unknown = Object.keys(body).find((name) => known?.includes(name) === false);
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
  if (!verified.scopes.includes(scope)) throw noScope(scope);
  const { subject: userId, sessionId, clientId } = verified;
  const { ip } = request;
  const from = { ip, userAgent: userAgentOf(request), language: request.headers['accept-language']?.slice(0, 300) };
  return { userId, sessionId, clientId, from };
}

const methodUrl = ({ deps }: Call, id: string) =>
  `${accountAudience(deps.own.origin)}v1/authentication-methods/${encodeURIComponent(id)}`;

function pick({ person, id }: Call) {
  const factor = person.factors.find((one) => one.id === id);
  if (factor === undefined) throw noMethod();
  return factor;
}

/** Lists the methods; `?type=` limits the list to one type. */
async function list(call: Call) {
  const { request, person } = call;
  const { type } = request.query as { type?: unknown };
  const methods = person.factors.filter(({ kind }) => type === undefined || methodOf(kind) === type);
  const password = type === undefined || type === 'password' ? await readPassword(call) : undefined;
  return { authentication_methods: [...(password ? [password] : []), ...methods.map(toMethod)] };
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
async function startMailed(call: Call, text: unknown) {
  const address = parseEmail(text);
  if (address === undefined) throw invalid('email: an address is needed.');
  const started = good(await startAddress(call.deps.own, call.asker, address));
  call.reply.code(202).header('location', methodUrl(call, started.id));
  return toStarted(started);
}

async function start(call: Call) {
  const type = textOf(bodyOf(call.request), 'type', 40);
  if (type === 'password') {
    const body = bodyOf(call.request, ['type', 'connection', 'identity_user_id']);
    call.reply.code(202).header('location', methodUrl(call, NEW_PASSWORD));
    return startPassword(call, body);
  }
  if (type === 'email') return startMailed(call, bodyOf(call.request, ['type', 'email']).email);
  const missing = Object.hasOwn(MISSING, type) ? MISSING[type] : undefined;
  if (missing !== undefined) throw invalid(`type ${type}: ${missing}`);
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) throw invalid(`type: one of ${Object.keys(KINDS).join(', ')}, email, password is needed.`);
  bodyOf(call.request, ['type']);
  const started = good(await startEnrolment(call.deps.own, call.asker, kind));
  const { id } = started;
  call.reply.code(202).header('location', methodUrl(call, kind === 'passkey' ? 'passkey|new' : id));
  return toStarted(started);
}

async function verify(call: Call) {
  const isPassword = call.id === NEW_PASSWORD;
  const body = bodyOf(call.request, [
    'auth_session',
    ...(isPassword ? ['new_password'] : ['otp_code', 'authn_response']),
  ]);
  const sealed = textOf(body, 'auth_session', 4_096);
  if (isPassword) {
    const method = await verifyPassword(call, sealed, textOf(body, 'new_password', 256));
    call.reply.code(201).header('location', methodUrl(call, String(method?.id)));
    return method;
  }
  const response = body.authn_response === undefined ? undefined : JSON.stringify(body.authn_response);
  const code = body.otp_code === undefined ? undefined : textOf(body, 'otp_code', 32);
  const answer = { ...(code !== undefined && { code }), ...(response !== undefined && { response }) };
  const { id } = good(await finishEnrolment(call.deps.own, call.asker, sealed, answer, { ids: [call.id] }));
  const factors = await call.deps.own.directory.factors.list(call.asker.userId);
  const made = factors.find((factor) => factor.id === id);
  call.reply.code(201).header('location', methodUrl(call, id));
  return made && toMethod(made);
}

/** Finds one method: a factor, or the password. */
async function get(call: Call) {
  const password = call.id.startsWith('password|') ? await readPassword(call) : undefined;
  return password?.id === call.id ? password : toMethod(pick(call));
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

const listFactors = async (call: Call) => ({
  factors: toFactors(call.person, (await readPassword(call)) !== undefined),
});

type Run = (call: Call) => Promise<unknown>;

/** Method, path, scope and what runs. As on Auth0, verifying needs the scope `create`. */
const ROUTES: readonly (readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, AccountScope, Run])[] = [
  ['GET', '/factors', 'read:me:factors', listFactors],
  ['GET', '/authentication-methods', 'read:me:authentication_methods', list],
  ['POST', '/authentication-methods', 'create:me:authentication_methods', start],
  ['GET', '/authentication-methods/:id', 'read:me:authentication_methods', get],
  ['PATCH', '/authentication-methods/:id', 'update:me:authentication_methods', rename],
  ['DELETE', '/authentication-methods/:id', 'delete:me:authentication_methods', remove],
  ['POST', '/authentication-methods/:id/verify', 'create:me:authentication_methods', verify],
];

function toKnown(error: unknown, request: FastifyRequest): Problem {
  return error instanceof Problem ? error : toUnforeseen(error, request, 'My Account API');
}

/** Returns a plugin with all routes, to be registered below `/me/v1`. */
export function meRoutes(deps: MeDeps): FastifyPluginAsync {
  return async (app) => {
    const limit = createRateLimit(RATE, deps.own.clock);
    const lines = createRateLimit(LINES, deps.own.clock);
    prepareProblemApi(app, toKnown);
    for (const [method, url, scope, run] of ROUTES)
      app.route({
        method,
        url,
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const asker = await authenticate(request, deps, scope);
          const taken = limit.take(asker.userId);
          reply.headers(rateHeaders(taken, deps.own.clock.now()));
          if (!taken.isWithin) throw tooMany();
          const at = deps.own.clock.now();
          const found = await findPerson(deps.own.directory, asker, at);
          if (found === undefined) throw toProblem('nobody');
          const person = { ...found, factors: seenFactors(found, at) };
          const { id = '' } = request.params as { id?: string };
          try {
            return reply.send(await run({ request, reply, deps, asker, person, id }));
          } catch (error) {
            const problem = toKnown(error, request);
            const isTold = method !== 'GET' && problem.status < 500 && lines.take(asker.userId).isWithin;
            if (isTold) await logRefused(deps.own, asker, problem, method);
            throw problem;
          }
        },
      });
  };
}
