/**
 * `/roles/{id}/permissions` and `/users/{id}/permissions`: the scopes of APIs that a role permits, or that one person
 * was given. A permission exists only as long as its API has the scope. Permissions of the Management API are never
 * given here: only operators' roles have them.
 */
import type { PermissionKey, PermissionRecord, UserPermissionRecord } from '../../ports/directory/permissions.js';
import { badBody, noResourceServer, noRole, notSupported } from '../api/errors.js';
import type { Call, Operation } from '../api/operation.js';
import { listOf, replyOf, viewOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';

/** Maximum number of permissions of one role or person, as on Auth0. */
const MAX_PERMISSIONS = 1_000;

interface Named {
  readonly resource_server_identifier: string;
  readonly permission_name: string;
}

const namedIn = (call: Call) => (call.body as { readonly permissions: readonly Named[] }).permissions;

const OF_ROLE = viewOf<PermissionRecord>({
  permission_name: ['string', ({ name }) => name],
  description: ['string', ({ description }) => description ?? ''],
  resource_server_name: ['string', ({ apiName, apiIdentifier }) => apiName ?? apiIdentifier],
  resource_server_identifier: ['string', ({ apiIdentifier }) => apiIdentifier],
});

const SOURCE = replyOf({ source_id: 'string', source_name: 'string', source_type: 'string' });
const DIRECT = { source_id: '', source_name: '', source_type: 'DIRECT' };

/** A permission of a person. `sources` has the shape that was recorded from Auth0. */
const OF_USER = viewOf<UserPermissionRecord>({
  ...OF_ROLE.rows,
  sources: [
    listOf(SOURCE),
    ({ isDirect, roles }) => [
      ...(isDirect ? [DIRECT] : []),
      ...roles.map(({ id, name }) => ({ source_id: id, source_name: name, source_type: 'ROLE' })),
    ],
  ],
});

/**
 * Returns the APIs that the body names, by their identifiers. Locks them, so that their scopes do not change meanwhile.
 */
async function findApis(call: Call) {
  const identifiers = [...new Set(namedIn(call).map((item) => item.resource_server_identifier))];
  const servers = await call.directory.access.findResourceServersForScopes(identifiers);
  return new Map(servers.map((server) => [server.identifier, server]));
}

/** Returns the permissions to add. Throws 404 for an unknown API, and 400 for a scope that its API does not have. */
async function getPermissions(call: Call): Promise<readonly PermissionKey[]> {
  const apis = await findApis(call);
  const keys = namedIn(call).map(({ resource_server_identifier: identifier, permission_name: name }) => {
    const api = apis.get(identifier);
    if (api === undefined) throw noResourceServer();
    if (api.isSystem) {
      throw notSupported(
        'Permissions of the Management API are given to machines by a client grant, and to people by the roles of operators.',
      );
    }
    if (!api.scopes.some((scope) => scope.value === name))
      throw badBody(`The permission ${name.slice(0, 100)} is not defined in the resource server ${identifier}.`);
    return { apiId: api.id, name };
  });
  return [...new Map(keys.map((key) => [`${key.apiId} ${key.name}`, key])).values()];
}

/** Returns the permissions to remove. Ignores those of unknown APIs. */
async function findPermissions(call: Call): Promise<readonly PermissionKey[]> {
  const apis = await findApis(call);
  return namedIn(call).flatMap(({ resource_server_identifier: identifier, permission_name: name }) => {
    const api = apis.get(identifier);
    return api === undefined ? [] : [{ apiId: api.id, name }];
  });
}

async function getRoleId(call: Call): Promise<string> {
  const role = await call.directory.members.findRole(call.params.id ?? '');
  if (role === undefined) throw noRole();
  return role.id;
}

function checkCount(total: number | undefined): void {
  if ((total ?? 0) > MAX_PERMISSIONS) throw badBody(`No more than ${MAX_PERMISSIONS} permissions can be assigned.`);
}

const ONE = { limit: 1, count: true } as const;
const EMPTY = { type: 'object', additionalProperties: false } as const;

/** Returns the operations on `/roles/{id}/permissions`. */
export function rolePermissionOperations(): Operation[] {
  const path = '/roles/{id}/permissions';
  return [
    {
      method: 'get',
      path,
      summary: 'List the permissions of a role',
      reply: OF_ROLE.schema,
      list: { key: 'permissions', checkpoint: false },
      refusals: [404],
      async run(call) {
        const page = await call.directory.permissions.listOfRole(await getRoleId(call), call.paging.request);
        return { page: { ...page, items: page.items.map(OF_ROLE.show) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Add permissions to a role',
      status: 201,
      reply: EMPTY,
      refusals: [404],
      async run(call) {
        const roleId = await getRoleId(call);
        const { permissions } = call.directory;
        await permissions.addToRole(roleId, await getPermissions(call));
        checkCount((await permissions.listOfRole(roleId, ONE)).total);
        return { body: {} };
      },
    },
    // Auth0's service answers 204, although its document says 200.
    {
      method: 'delete',
      path,
      summary: 'Take permissions from a role',
      refusals: [404],
      async run(call) {
        await call.directory.permissions.removeFromRole(await getRoleId(call), await findPermissions(call));
        return {};
      },
    },
  ];
}

/**
 * Returns the operations on `/users/{id}/permissions`. The list includes permissions from roles, but only permissions
 * given to the person directly can be removed here.
 */
export function userPermissionOperations(): Operation[] {
  const path = '/users/{id}/permissions';
  return [
    {
      method: 'get',
      path,
      summary: 'List the permissions of a user',
      reply: OF_USER.schema,
      list: { key: 'permissions', checkpoint: false },
      refusals: [404],
      async run(call) {
        const page = await call.directory.permissions.listOfUser(await getUserId(call), call.paging.request);
        return { page: { ...page, items: page.items.map(OF_USER.show) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Give permissions to a user',
      status: 201,
      reply: EMPTY,
      refusals: [404],
      async run(call) {
        const userId = await getUserId(call);
        const { permissions } = call.directory;
        await permissions.addToUser(userId, await getPermissions(call));
        checkCount((await permissions.listOfUser(userId, ONE)).total);
        return { body: {} };
      },
    },
    {
      method: 'delete',
      path,
      summary: 'Take permissions from a user',
      refusals: [404],
      async run(call) {
        await call.directory.permissions.removeFromUser(await getUserId(call), await findPermissions(call));
        return {};
      },
    },
  ];
}
