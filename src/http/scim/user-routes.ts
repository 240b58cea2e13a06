/** The routes of `/Users` of a connection. people.ts has the rules. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ScimPerson } from '../../ports/directory/scim.js';
import { type ScimDeps, scopeOf } from './deps.js';
import { notFound } from './errors.js';
import { parseListQuery, USER_SORTS } from './list-query.js';
import { USER_FILTERS } from './parse-filter.js';
import { checkBounds, type Json } from './parse-user.js';
import { createPerson, deletePerson, patchPerson, replacePerson } from './people.js';
import { parseProjection, project } from './projection.js';
import { callerOf, checkVersion, factsOfIgnored, send, sendResource, toListBody, write } from './reply.js';
import { toWire, versionOf } from './resource.js';

const PATH = '/connections/:connectionId/Users';
const idOf = (request: FastifyRequest) => (request.params as { userId: string }).userId;
const about = (person: ScimPerson) => ({ userId: person.user.userId });
const aboutPatch = ({ person, ignored }: Awaited<ReturnType<typeof patchPerson>>) => ({
  ...about(person),
  facts: factsOfIgnored(ignored),
});

async function list(deps: ScimDeps, request: FastifyRequest, asked: Json): Promise<object> {
  const caller = callerOf(request);
  const { query, startIndex, projection } = parseListQuery(asked, USER_FILTERS, USER_SORTS);
  const { total, people } = await deps.directory.scim.findPeople(scopeOf(caller), query);
  const resources = people.map((person) => project(toWire(deps.origin, caller, person), projection));
  return toListBody(total, startIndex, resources);
}

async function find(deps: ScimDeps, request: FastifyRequest): Promise<ScimPerson> {
  const id = idOf(request);
  if (id.includes('\0')) throw notFound();
  const filter = { kind: 'eq', attribute: 'id', value: id } as const;
  const found = await deps.directory.scim.findPeople(scopeOf(callerOf(request)), { filter, offset: 0, limit: 1 });
  const [person] = found.people;
  if (person === undefined) throw notFound();
  return person;
}

/** Adds the routes of users. */
export function addUserRoutes(app: FastifyInstance, deps: ScimDeps): void {
  const config = { scim: { resource: 'users' } } as const;
  const reading = { scim: { resource: 'users', reads: true } } as const;
  const wire = (request: FastifyRequest, person: ScimPerson) => toWire(deps.origin, callerOf(request), person);
  const asked = (request: FastifyRequest) => parseProjection(request.query as Json);
  const check = (request: FastifyRequest) => (person: ScimPerson) =>
    checkVersion(request, versionOf(person, callerOf(request)));
  app.get(PATH, { config, exposeHeadRoute: false }, async (request, reply) =>
    send(reply, 200, await list(deps, request, request.query as Json)),
  );
  app.post(`${PATH}/.search`, { config: reading }, async (request, reply) =>
    send(reply, 200, await list(deps, request, checkBounds(request.body))),
  );
  app.post(PATH, { config }, async (request, reply) => {
    const projection = asked(request);
    const person = await write(deps, request, 201, (call) => createPerson(deps, call, request.body), about);
    const resource = wire(request, person);
    reply.header('location', resource.meta.location);
    return sendResource(request, reply, 201, resource, projection);
  });
  app.get(`${PATH}/:userId`, { config, exposeHeadRoute: false }, async (request, reply) =>
    sendResource(request, reply, 200, wire(request, await find(deps, request)), asked(request)),
  );
  app.put(`${PATH}/:userId`, { config }, async (request, reply) => {
    const projection = asked(request);
    const work = (call: Parameters<typeof replacePerson>[0]) =>
      replacePerson(call, idOf(request), request.body, check(request));
    return sendResource(request, reply, 200, wire(request, await write(deps, request, 200, work, about)), projection);
  });
  app.patch(`${PATH}/:userId`, { config }, async (request, reply) => {
    const projection = asked(request);
    const work = (call: Parameters<typeof patchPerson>[0]) =>
      patchPerson(call, idOf(request), request.body, check(request));
    const { person } = await write(deps, request, 200, work, aboutPatch);
    return sendResource(request, reply, 200, wire(request, person), projection);
  });
  app.delete(`${PATH}/:userId`, { config }, async (request, reply) => {
    await write(deps, request, 204, (call) => deletePerson(call, idOf(request), check(request)), about);
    return send(reply, 204, undefined);
  });
}
