/** The routes of `/Groups` of a connection. groups.ts has the rules. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ScimGroup, ScimGroupWithMembers } from '../../ports/directory/scim-groups.js';
import { type ScimCall, type ScimDeps, scopeOf } from './deps.js';
import { toGroupWire } from './group-schema.js';
import { createGroup, deleteGroup, findGroup, patchGroup, replaceGroup, type WrittenGroup } from './groups.js';
import { GROUP_SORTS, parseListQuery } from './list-query.js';
import { GROUP_FILTERS } from './parse-filter.js';
import { checkBounds, type Json } from './parse-user.js';
import { isShown, type Projection, parseProjection, project } from './projection.js';
import { callerOf, checkVersion, factsOfIgnored, send, sendResource, toListBody, write } from './reply.js';

const PATH = '/connections/:connectionId/Groups';
/** Maximum number of bytes of a body: a group of about ten thousand people. */
const BODY_LIMIT = 1_572_864;
const idOf = (request: FastifyRequest) => (request.params as { groupId: string }).groupId;
const about = ({ group, added, removed, ignored = [] }: WrittenGroup) => ({
  facts: { group: { id: group.id, members_added: added, members_removed: removed }, ...factsOfIgnored(ignored) },
});
const asked = (request: FastifyRequest) => parseProjection(request.query as Json);
const membersIn = (projection: Projection) => (isShown(projection, 'members') ? 'with' : 'without');

function toShown(deps: ScimDeps, request: FastifyRequest, group: ScimGroupWithMembers, projection: Projection): Json {
  const wire = toGroupWire(deps.origin, callerOf(request), group);
  if (isShown(projection, 'members')) return wire;
  const { members: _members, ...rest } = wire;
  return rest;
}

async function list(deps: ScimDeps, request: FastifyRequest, question: Json): Promise<object> {
  const { query, startIndex, projection } = parseListQuery(question, GROUP_FILTERS, GROUP_SORTS);
  const { scim } = deps.directory;
  const { total, groups } = await scim.findGroups(scopeOf(callerOf(request)), query, membersIn(projection));
  const resources = groups.map((group) => project(toShown(deps, request, group, projection), projection));
  return toListBody(total, startIndex, resources);
}

/** Reads the group again for the answer. */
async function read(deps: ScimDeps, request: FastifyRequest, id: string, projection: Projection): Promise<Json> {
  const caller = { ...callerOf(request), directory: deps.directory };
  return toShown(deps, request, await findGroup(caller, id, membersIn(projection)), projection);
}

/** Adds the routes of groups. */
export function addGroupRoutes(app: FastifyInstance, deps: ScimDeps): void {
  const config = { scim: { resource: 'groups' } } as const;
  const reading = { scim: { resource: 'groups', reads: true } } as const;
  const bodyLimit = BODY_LIMIT;
  const check = (request: FastifyRequest) => (group: ScimGroup) => checkVersion(request, `W/"${group.version}"`);
  app.get(PATH, { config, exposeHeadRoute: false }, async (request, reply) =>
    send(reply, 200, await list(deps, request, request.query as Json)),
  );
  app.post(`${PATH}/.search`, { config: reading }, async (request, reply) =>
    send(reply, 200, await list(deps, request, checkBounds(request.body))),
  );
  app.post(PATH, { config, bodyLimit }, async (request, reply) => {
    const projection = asked(request);
    const { group } = await write(deps, request, 201, (call) => createGroup(deps, call, request.body), about);
    const resource = await read(deps, request, group.id, projection);
    reply.header('location', (resource.meta as { location: string }).location);
    return sendResource(request, reply, 201, resource, projection);
  });
  app.get(`${PATH}/:groupId`, { config, exposeHeadRoute: false }, async (request, reply) => {
    const projection = asked(request);
    return sendResource(request, reply, 200, await read(deps, request, idOf(request), projection), projection);
  });
  app.put(`${PATH}/:groupId`, { config, bodyLimit }, async (request, reply) => {
    const projection = asked(request);
    const work = (call: ScimCall) => replaceGroup(call, idOf(request), request.body, check(request));
    const { group } = await write(deps, request, 200, work, about);
    return sendResource(request, reply, 200, await read(deps, request, group.id, projection), projection);
  });
  app.patch(`${PATH}/:groupId`, { config, bodyLimit }, async (request, reply) => {
    const projection = asked(request);
    const work = (call: ScimCall) => patchGroup(call, idOf(request), request.body, check(request));
    const { group } = await write(deps, request, 200, work, about);
    // The answer has the group only on request, since it may have many people (RFC 7644 section 3.5.2).
    if (projection.only === undefined) return send(reply.header('etag', `W/"${group.version}"`), 204, undefined);
    return sendResource(request, reply, 200, await read(deps, request, group.id, projection), projection);
  });
  app.delete(`${PATH}/:groupId`, { config }, async (request, reply) => {
    await write(deps, request, 204, (call) => deleteGroup(call, idOf(request), check(request)), about);
    return send(reply, 204, undefined);
  });
}
