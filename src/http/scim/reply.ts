/**
 * Functions that all routes of the SCIM endpoint share: the caller, a write with its log line in one transaction,
 * answers, and versions.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesVersion } from '../../kernel/entity-tag.js';
import { newLogId } from '../../kernel/ids.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { ScimCall, ScimCaller, ScimDeps } from './deps.js';
import { ScimError, wasChanged } from './errors.js';
import { isObject, type Json } from './parse-user.js';
import { type Projection, project } from './projection.js';

declare module 'fastify' {
  interface FastifyRequest {
    scimCaller?: ScimCaller;
  }
  interface FastifyContextConfig {
    /** The scope that a route needs. `reads`: the route reads although it is a POST. */
    scim?: { readonly resource: 'users' | 'groups'; readonly reads?: true };
  }
}

const MEDIA_TYPE = 'application/scim+json; charset=utf-8';

/** Returns the authenticated caller of a request. */
export function callerOf(request: FastifyRequest): ScimCaller {
  if (request.scimCaller === undefined) throw new ScimError(401, 'Missing authentication');
  return request.scimCaller;
}

/**
 * Builds the log line of a write. It leaves out the body: a directory sends more about people than a log should keep.
 */
export function toLogEntry(
  deps: ScimDeps,
  request: FastifyRequest,
  response: { statusCode: number; detail?: string },
  about: { userId?: string; facts?: Json } = {},
): LogEntry {
  const { connection, token } = callerOf(request);
  const now = deps.clock.now();
  const userAgent = request.headers['user-agent'];
  const { scim } = request.routeOptions.config;
  const object = scim === undefined ? 'the description' : scim.resource === 'groups' ? 'a group' : 'a user';
  return {
    logId: newLogId(deps.entropy, now),
    date: now,
    type: response.statusCode < 400 ? 'sscim' : 'fscim',
    description: `SCIM ${request.method} of ${object}`,
    connectionId: connection.id,
    ...(about.userId !== undefined && { userId: about.userId }),
    ip: request.ip,
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 512) }),
    details: {
      request: { method: request.method, path: request.url.split('?')[0]?.slice(0, 2_048) },
      response,
      token_id: token.id,
      ...about.facts,
    },
  };
}

/** Maximum number of names of ignored attributes in a log line, and maximum number of characters of one. */
const NAMED = 20;
const MAX_NAME = 128;

/** Returns the log's facts about the attributes of a PATCH that are not stored: names, never values. */
export function factsOfIgnored(names: readonly string[]): Json {
  return names.length === 0 ? {} : { ignored_attributes: names.slice(0, NAMED).map((name) => name.slice(0, MAX_NAME)) };
}

/** Runs a write and appends its log line in one transaction. */
export async function write<T>(
  deps: ScimDeps,
  request: FastifyRequest,
  statusCode: number,
  work: (call: ScimCall) => Promise<T>,
  toAbout: (done: T) => { userId?: string; facts?: Json },
): Promise<T> {
  const caller = callerOf(request);
  return deps.directory.transaction(async (directory) => {
    const done = await work({ ...caller, directory, now: deps.clock.now() });
    await directory.ledger.append(toLogEntry(deps, request, { statusCode }, toAbout(done)));
    return done;
  });
}

/** Sends an answer with SCIM's media type. */
export function send(reply: FastifyReply, status: number, body: object | undefined): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  return body === undefined ? reply.send() : reply.type(MEDIA_TYPE).send(JSON.stringify(body));
}

function versionIn(resource: Json): string {
  const { meta } = resource;
  return isObject(meta) && typeof meta.version === 'string' ? meta.version : '';
}

/**
 * Throws 412 when `If-Match` names another version than the stored one: the sender has not seen the latest change, and
 * would overwrite it.
 */
export function checkVersion(request: FastifyRequest, version: string): void {
  const header = request.headers['if-match'];
  if (header !== undefined && !namesVersion(header, version)) throw wasChanged();
}

/** Sends the requested parts of a resource with its version; 304 when the caller already has this version. */
export function sendResource(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  resource: Json,
  projection: Projection,
): FastifyReply {
  const version = versionIn(resource);
  reply.header('etag', version);
  const known = request.headers['if-none-match'];
  if (request.method === 'GET' && known !== undefined && namesVersion(known, version))
    return send(reply, 304, undefined);
  return send(reply, status, project(resource, projection));
}

/** Returns the body of a list's answer (RFC 7644 section 3.4.2). */
export function toListBody(total: number, startIndex: number, resources: readonly Json[]): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
