/**
 * `/users/{id}/effective-roles` and `/users/{id}/effective-permissions`: what a person has in the whole tenant, and where
 * it comes from. Roles of an organization's members are at `/organizations/{id}/members/{user_id}/effective-roles`. Reads
 * only.
 */
import type { RoleRecord } from '../../ports/directory/members.js';
import type { UserPermissionRecord } from '../../ports/directory/permissions.js';
import { badQuery } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, viewOf } from '../api/wire.js';
import { ROLE } from '../organizations/member-roles.js';
import { getUserId } from './user-of-path.js';

/** A role in the tenant is always given directly: groups of a directory give roles in an organization alone. */
const DIRECT_ROLE = viewOf<RoleRecord>({
  ...ROLE.rows,
  description: ['string', ({ description }) => description ?? ''],
  sources: [listOf('string'), () => ['direct']],
});

const PERMISSION = viewOf<UserPermissionRecord>({
  resource_server_identifier: ['string', ({ apiIdentifier }) => apiIdentifier],
  permission_name: ['string', ({ name }) => name],
  resource_server_name: ['string', ({ apiName, apiIdentifier }) => apiName ?? apiIdentifier],
  description: ['string', ({ description }) => description ?? ''],
  sources: [
    listOf('string'),
    ({ isDirect, roles }) => [...(isDirect ? ['direct'] : []), ...(roles.length > 0 ? ['roles'] : [])],
  ],
});

async function listRoles(call: Call): Promise<Reply> {
  const page = await call.directory.permissions.listRolesOf(await getUserId(call), call.paging.request);
  return { page: { ...page, items: page.items.map(DIRECT_ROLE.show) } };
}

/** Maximum number of permissions that a list passes over. */
const MAX_OFFSET = 1_000_000;

/** Returns the place of a cursor in a list that is in the order of names. */
function placeOf(call: Call): number {
  const place = Number(call.paging.request.after?.id ?? 0);
  if (Number.isInteger(place) && place >= 0 && place <= MAX_OFFSET) return place;
  throw badQuery("Query validation error: 'The from parameter is not a cursor of this list' on property from.");
}

async function listPermissions(call: Call): Promise<Reply> {
  const userId = await getUserId(call);
  const offset = placeOf(call);
  const { limit } = call.paging.request;
  const api = String(call.query.resource_server_identifier);
  const found = await call.directory.permissions.listOfUser(userId, { offset, limit: limit + 1 }, { api });
  const next = { createdAt: call.now.toISOString(), id: String(offset + limit) };
  const items = found.items.slice(0, limit).map(PERMISSION.show);
  return { page: { items, ...(found.items.length > limit && { next }) } };
}

async function listSources(call: Call): Promise<Reply> {
  const userId = await getUserId(call);
  const { resource_server_identifier: api, permission_name: name } = call.query;
  const { directory } = call;
  const asked = { api: String(api), name: String(name) };
  const [permission] = (await directory.permissions.listOfUser(userId, { limit: 1 }, asked)).items;
  const roles = await directory.members.findRoles((permission?.roles ?? []).map(({ id }) => id));
  // A person has 50 roles at most: they are one page.
  return { page: { items: call.paging.request.after === undefined ? roles.map(DIRECT_ROLE.show) : [] } };
}

const operation = (
  declared: Pick<Operation, 'path' | 'summary' | 'run' | 'reply'> & { readonly key: string },
): Operation => {
  const { key, ...rest } = declared;
  return { method: 'get', status: 200, list: { key, form: 'object', checkpoint: true }, refusals: [404], ...rest };
};

/** Returns the operations on the effective roles and permissions of a user. */
export function effectiveAccessOperations(): Operation[] {
  return [
    operation({
      path: '/users/{id}/effective-roles',
      summary: 'List the roles of a user, with their sources',
      key: 'roles',
      reply: DIRECT_ROLE.schema,
      run: listRoles,
    }),
    operation({
      path: '/users/{id}/effective-permissions',
      summary: 'List the permissions of a user for an API, those of their roles included',
      key: 'permissions',
      reply: PERMISSION.schema,
      run: listPermissions,
    }),
    operation({
      path: '/users/{id}/effective-permissions/sources/effective-roles',
      summary: 'List the roles that give a user a permission',
      key: 'roles',
      reply: DIRECT_ROLE.schema,
      run: listSources,
    }),
  ];
}
