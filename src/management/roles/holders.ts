/**
 * `/roles/{id}/users` and `/users/{id}/roles`: roles that people have in the whole tenant. Roles of an organization's
 * members are at `/organizations/{id}/members/{user_id}/roles`.
 */
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { RoleHolder } from '../../ports/directory/permissions.js';
import { badBody, insufficientScopes, noRole, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { present, viewOf } from '../api/wire.js';
import { checkRolesExist, ROLE } from '../organizations/member-roles.js';
import { getUserId } from '../users/user-of-path.js';

/** Maximum number of roles of one person, as on Auth0. */
const MAX_ROLES = 50;
const MAX_USERS = 1_000;

/**
 * Throws 403 unless the caller may read the members of roles, or both users and roles. One of the last two scopes alone
 * is not enough: Auth0 answers 403 "expected all of".
 */
function checkMayRead({ caller }: Call): void {
  const { scopes } = caller;
  if (scopes.has('read:role_members') || (scopes.has('read:users') && scopes.has('read:roles'))) return;
  throw insufficientScopes(['read:users', 'read:roles']);
}

/** A person with a role. A person from an identity provider may have nothing but an id. */
const HOLDER = viewOf<RoleHolder>({
  user_id: ['string', ({ userId }) => userId],
  'email?': ['string', ({ email }) => email],
  'name?': ['string', ({ name }) => name],
  'picture?': ['string', ({ picture }) => picture],
});

/** Returns the holder with the profile that answers show. */
function toShown({ userId, email, ...kept }: RoleHolder): RoleHolder {
  const { name, picture } = shownProfile({ userId, email, profile: present(kept) });
  return { userId, email, name, picture };
}

async function getRole(call: Call) {
  const role = await call.directory.members.findRole(call.params.id ?? '');
  if (role === undefined) throw noRole();
  return role;
}

async function give(call: Call, userId: string, roleIds: readonly string[]): Promise<void> {
  const { permissions } = call.directory;
  await permissions.addRolesTo(userId, roleIds, call.now);
  if ((await permissions.countRolesOf(userId)) > MAX_ROLES)
    throw badBody(`No more roles can be assigned to the user ${userId} (maximum ${MAX_ROLES}).`);
}

const rolesIn = (call: Call) => [...new Set((call.body as { readonly roles: readonly string[] }).roles)];

async function assignRoles(call: Call): Promise<Reply> {
  const userId = await getUserId(call);
  const roles = rolesIn(call);
  await checkRolesExist(call, roles);
  await give(call, userId, roles);
  return {};
}

async function assignUsers(call: Call): Promise<Reply> {
  const role = await getRole(call);
  const users = [...new Set((call.body as { readonly users: readonly string[] }).users)].sort();
  if (users.length > MAX_USERS) throw badBody(`A request can give a role to ${MAX_USERS} users at most.`);
  const known = new Set(await call.directory.users.findExisting(users));
  if (users.some((userId) => !known.has(userId))) throw noUser();
  for (const userId of users) await give(call, userId, [role.id]);
  return { body: {} };
}

/** Returns the operations on `/users/{id}/roles`. */
export function userRoleOperations(): Operation[] {
  const path = '/users/{id}/roles';
  return [
    {
      method: 'get',
      path,
      summary: 'List the roles of a user',
      reply: ROLE.schema,
      list: { key: 'roles', checkpoint: false },
      refusals: [404],
      async run(call) {
        checkMayRead(call);
        const page = await call.directory.permissions.listRolesOf(await getUserId(call), call.paging.request);
        return { page: { ...page, items: page.items.map(ROLE.show) } };
      },
    },
    { method: 'post', path, summary: 'Assign roles to a user', status: 204, refusals: [404], run: assignRoles },
    {
      method: 'delete',
      path,
      summary: 'Take roles from a user',
      refusals: [404],
      async run(call) {
        await call.directory.permissions.removeRolesFrom(await getUserId(call), rolesIn(call));
        return {};
      },
    },
  ];
}

/** Returns the operations on `/roles/{id}/users`. */
export function roleUserOperations(): Operation[] {
  const path = '/roles/{id}/users';
  return [
    {
      method: 'get',
      path,
      summary: 'List the users who have a role',
      reply: HOLDER.schema,
      list: { key: 'users', checkpoint: true },
      refusals: [404],
      async run(call) {
        checkMayRead(call);
        const page = await call.directory.permissions.listHolders((await getRole(call)).id, call.paging.request);
        return { page: { ...page, items: page.items.map((holder) => HOLDER.show(toShown(holder))) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Assign users to a role',
      reply: { type: 'object', additionalProperties: false },
      refusals: [404],
      run: assignUsers,
    },
  ];
}
