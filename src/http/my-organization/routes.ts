/**
 * The My Organization API (`/my-org` and `/my-org/v1`): members administer their own organization with a token of an
 * application (ADR 0099). Accepts tokens of people for the audience `https://<domain>/my-org/` that name an
 * organization. Membership, roles and grant are read again at every call. Knows no rule of an operation.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.js';
import { createRateLimit, type RateLimit, rateHeaders } from '../../kernel/rate-limit.js';
import { organizationAudience } from '../../management/api/audience.js';
import { ManagementError } from '../../management/api/errors.js';
import { parsePaging } from '../../management/api/paging.js';
import { checkStorable } from '../../management/api/validation.js';
import {
  type MyOrganizationDeps,
  noOrganizationHere,
  notConfigured,
  type OrganizationCall,
} from '../../management/my-organization/call.js';
import { findMember, type Member } from '../../management/my-organization/member.js';
import { MY_ORGANIZATION_OPERATIONS } from '../../management/my-organization/operations.js';
import {
  DOCUMENTED,
  findInvalid,
  type Invalid,
  InvalidRequest,
  type Place,
} from '../../management/my-organization/requests.js';
import { Conflict, MissingReference, UnstorableValue } from '../../ports/directory.js';
import type { AccessTokenVerifier } from '../../ports/token-issuer.js';
import { userAgentOf } from '../browser/user-agent.js';
import { isOriginOf } from '../oauth/cors.js';
import { noScope, noToken, Problem, tooMany, toUnforeseen } from '../problem.js';
import { prepareProblemApi } from '../problem-api.js';

export interface MyOrganizationRouteDeps {
  readonly own: MyOrganizationDeps;
  readonly verifier: AccessTokenVerifier;
}

/** Requests of one person: components read several lists after a change. */
const READS = { perSecond: 4, atOnce: 60 };
const WRITES = { perSecond: 1, atOnce: 20 };

const invalidRequest = (faults: readonly Invalid[]) =>
  new Problem(400, 'A0E-400-0003', 'Validation Error', 'The request is invalid.', faults);

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof InvalidRequest) return invalidRequest(error.faults);
  if (error instanceof Conflict) return new Problem(409, 'A0E-409-0003', 'Duplicate Resource', 'It exists already.');
  if (error instanceof MissingReference)
    return new Problem(404, 'A0E-404-0002', 'Resource Not Found', 'It does not exist.');
  if (error instanceof UnstorableValue)
    return new Problem(400, 'A0E-400-0001', 'Bad Request', 'A value is out of range.');
  return error instanceof ManagementError
    ? fromManagement(error, request.body)
    : toUnforeseen(error, request, 'My Organization API');
}

/** The sentences of the Management API that name a property of the body. */
const NAMES_FIELD = [
  /^(?<field>[a-z_]+): (?<detail>.+)$/s,
  /^options\.(?<option>[A-Za-z_]+):? (?<detail>.+)$/s,
  /^Payload validation error: (?<detail>.+) on property (?<field>[a-z_]+)\.$/s,
];

/** Options that a request names in another way: the domain of a Google Workspace. */
const NAMED_HERE: Readonly<Record<string, string>> = { tenant_domain: 'domain' };

/** Returns the fault of a body that the Management API refuses, if its sentence names a property of this body. */
function findField(message: string, body: unknown): Invalid | undefined {
  const { field, option, detail } = NAMES_FIELD.map((form) => form.exec(message)?.groups).find(Boolean) ?? {};
  if (detail === undefined) return undefined;
  const { options } = (body ?? {}) as { readonly options?: unknown };
  const named = [option, NAMED_HERE[option ?? '']].find((name) => name !== undefined && hasOwn(options, name));
  const path = option === undefined ? field : named && `options/${named}`;
  if (path === undefined || (option === undefined && !hasOwn(body, path))) return undefined;
  return { detail, field: path.replace('/', '.'), pointer: `/${path}`, source: 'body' };
}

const hasOwn = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name);

function fromManagement({ statusCode, message, errorCode }: ManagementError, body: unknown): Problem {
  if (statusCode === 403) return new Problem(403, 'A0E-403-0001', 'Forbidden', message);
  if (statusCode === 404) return new Problem(404, 'A0E-404-0002', 'Resource Not Found', message);
  if (statusCode === 429) return new Problem(429, 'A0E-429-0003', 'Endpoint Rate Limit Exceeded', message);
  if (statusCode === 503) return new Problem(503, 'A0E-503-0001', 'Service Unavailable', message);
  if (statusCode !== 409) {
    const fault = findField(message, body);
    return fault ? invalidRequest([fault]) : new Problem(400, 'A0E-400-0001', 'Bad Request', message);
  }
  if (errorCode === 'configuration') return new Problem(409, 'A0E-409-0001', 'Configuration issue', message);
  if (errorCode === 'duplicate') return new Problem(409, 'A0E-409-0003', 'Duplicate Resource', message);
  return new Problem(409, 'A0E-409-0001', 'Conflict', message);
}

/** Returns the member behind the token. Throws when it opens nothing, or lacks a scope. */
async function authenticate(
  { own, verifier }: MyOrganizationRouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  limit: RateLimit,
  scopes: readonly string[],
): Promise<Member> {
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw noToken('No auth token provided.');
  // Attack: a token of another API of this server, or one of a machine.
  const verified = await verifier.verifyAccessToken(token, organizationAudience(own.origin));
  if (verified === undefined || verified.isMachine) throw noToken('The auth token is not valid here.');
  const taken = limit.take(verified.subject);
  reply.headers(rateHeaders(taken, own.clock.now()));
  if (!taken.isWithin) throw tooMany();
  const { subject: userId, clientId, organizationId } = verified;
  // One answer for no organization and for one where the person is no member any more.
  if (organizationId === undefined) throw noOrganizationHere();
  const member = await findMember(
    own.origin,
    own.directory,
    { userId, clientId, organizationId, scopes: verified.scopes },
    'read',
  );
  if (member === undefined) throw noOrganizationHere();
  const { origin } = request.headers;
  // Attack: the script of another site uses a token that it got hold of, in the person's browser.
  if (origin !== undefined && origin !== own.origin && !isOriginOf(member.origins, origin))
    throw new Problem(403, 'A0E-403-0001', 'Forbidden', 'The origin is not among the web_origins of the application.');
  const missing = scopes.find((scope) => !member.scopes.has(scope));
  if (missing !== undefined) throw noScope(missing);
  return member;
}

function check(key: string, place: Place, value: unknown): void {
  checkStorable(value, place);
  const faults = findInvalid(key, place, value);
  if (faults.length > 0) throw invalidRequest(faults);
}

function toCall(
  { own }: MyOrganizationRouteDeps,
  request: FastifyRequest,
  key: string,
  member: Member,
  scopes: readonly string[],
): OrganizationCall {
  const params = { ...(request.params as Record<string, string>) };
  const query = { ...(request.query as Record<string, unknown>) };
  check(key, 'path', params);
  check(key, 'query', query);
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(DOCUMENTED[key]?.query?.properties ?? {}, name));
  if (unknown !== undefined)
    throw new Problem(
      400,
      'A0E-400-0001',
      'Bad Request',
      `${unknown.slice(0, 100)}: the operation has no such parameter.`,
    );
  const body = request.body ?? {};
  check(key, 'body', body);
  const { take, from } = query;
  const paging = parsePaging({ take, from }, { key: '', checkpoint: true, form: 'object' });
  return {
    ...{ deps: own, member, organizationId: member.token.organizationId, scopes, params, query, body },
    page: { ...paging.request, ...(query.include_totals === true && { count: true }) },
    from: { ip: request.ip, userAgent: userAgentOf(request) },
    url: request.url,
  };
}

/** Returns a plugin with all routes, to be registered below `/my-org` and `/my-org/v1`. */
export function myOrganizationRoutes(deps: MyOrganizationRouteDeps): FastifyPluginAsync {
  const reads = createRateLimit(READS, deps.own.clock);
  const writes = createRateLimit(WRITES, deps.own.clock);
  return async (app) => {
    prepareProblemApi(app, toProblem, 'application/json');
    for (const [key, run] of Object.entries(MY_ORGANIZATION_OPERATIONS)) {
      const documented = DOCUMENTED[key];
      assert(documented, `${key} is in Auth0's document`);
      const { scopes, status } = documented;
      const [method = '', path = ''] = key.split(' ');
      const limit = method === 'get' ? reads : writes;
      app.route({
        method: method.toUpperCase(),
        url: path.replace(/\{(\w+)\}/g, ':$1'),
        exposeHeadRoute: false,
        async handler(request, reply) {
          const member = await authenticate(deps, request, reply, limit, scopes);
          if (member.configuration === undefined && path !== '/config') throw notConfigured();
          const answer = await run(toCall(deps, request, key, member, scopes));
          return reply.code(status).send(status === 204 ? undefined : answer);
        },
      });
    }
  };
}
