/**
 * `/organizations/{id}/members/{user_id}/roles`: the roles of a member. `/users/{id}/organizations`: the organizations
 * of a user.
 */
import type { EffectiveRole, RoleRecord } from '../../ports/directory/members.js';
import { badBody, conflict, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, TEXT_OR_NULL, viewOf } from '../api/wire.js';
import { getUserId } from '../users/user-of-path.js';
import { getOrganization } from './organization-of-path.js';
import { ORGANIZATION } from './organizations.js';
import { keepWaysIn } from './ways-in.js';

const MAX_ROLES = 50;

/** A role in answers. A missing description is null, as recorded from Auth0, although its document has a string. */
export const ROLE = viewOf<RoleRecord>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  description: [TEXT_OR_NULL, ({ description }) => description ?? null],
});

async function getMember(call: Call) {
  const organization = await getOrganization(call);
  const member = await call.directory.members.find(organization.id, call.params.user_id ?? '');
  if (member === undefined) throw notFound('The user is not a member of this organization.');
  return { organization, member };
}

/** Throws 400 when one of the role ids does not exist. */
export async function checkRolesExist(call: Pick<Call, 'directory'>, ids: readonly string[]): Promise<void> {
  const known = new Set((await call.directory.members.findRoles(ids)).map((role) => role.id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw badBody(`One or more of the specified roles do not exist: ${unknown.slice(0, 10).join(', ')}`);
}

const rolesOf = (call: Call) => [...new Set((call.body as { readonly roles: readonly string[] }).roles)];

async function assign(call: Call): Promise<Reply> {
  const { organization, member } = await getMember(call);
  const roles = rolesOf(call);
  await checkRolesExist(call, roles);
  const total = new Set([...member.roles.map((role) => role.id), ...roles]).size;
  if (total > MAX_ROLES)
    throw conflict(`No more roles can be assigned to this organization member (maximum ${MAX_ROLES}).`);
  await call.directory.members.addRoles(organization.id, member.userId, roles);
  return {};
}

async function listOrganizations(call: Call): Promise<Reply> {
  const page = await call.directory.members.listOrganizationsOf(await getUserId(call), call.paging.request);
  return { page: { ...page, items: page.items.map(ORGANIZATION.show) } };
}

/** A role with its sources, as on Auth0. The names of groups from which it comes are an addition. */
const EFFECTIVE = viewOf<EffectiveRole>({
  ...ROLE.rows,
  sources: [
    listOf('string'),
    ({ isAssigned, groups }) => [...(isAssigned ? ['direct'] : []), ...(groups.length > 0 ? ['groups'] : [])],
  ],
  'groups?': [listOf('string'), ({ groups }) => (groups.length > 0 ? groups : undefined)],
});

function effectiveRolesOperation(): Operation {
  return {
    method: 'get',
    path: '/organizations/{id}/members/{user_id}/effective-roles',
    summary: 'List the roles of a member, those that groups of their directory give included',
    reply: EFFECTIVE.schema,
    list: { key: 'roles', form: 'object', checkpoint: true },
    refusals: [404],
    async run(call) {
      const { organization, member } = await getMember(call);
      const { members } = call.directory;
      const page = await members.listEffectiveRoles(organization.id, member.userId, call.paging.request);
      return { page: { ...page, items: page.items.map(EFFECTIVE.show) } };
    },
  };
}

/** A group that gives a role, by its name in the company's directory: groups have no id of their own here. */
const GROUP = viewOf<string>({ name: ['string', (name) => name] });

function sourceGroupsOperation(): Operation {
  return {
    method: 'get',
    path: '/organizations/{id}/members/{user_id}/effective-roles/sources/groups',
    summary: 'List the groups that give a member a role',
    reply: GROUP.schema,
    list: { key: 'groups', form: 'object', checkpoint: true },
    refusals: [404],
    async run(call) {
      const { organization, member } = await getMember(call);
      // A member has 50 roles at most, so all of them are read.
      const page = await call.directory.members.listEffectiveRoles(organization.id, member.userId, { limit: 1_000 });
      const names = page.items.find(({ id }) => id === call.query.role_id)?.groups ?? [];
      return { page: { items: call.paging.request.after === undefined ? names.map(GROUP.show) : [] } };
    },
  };
}

/** Returns the operations on `/organizations/{id}/members/{user_id}/roles`. */
export function memberRoleOperations(): Operation[] {
  const path = '/organizations/{id}/members/{user_id}/roles';
  return [
    {
      method: 'get',
      path,
      summary: 'List the roles of a member',
      reply: ROLE.schema,
      list: { key: 'roles', checkpoint: false },
      refusals: [404],
      async run(call) {
        const { organization, member } = await getMember(call);
        const page = await call.directory.members.listRoles(organization.id, member.userId, call.paging.request);
        return { page: { ...page, items: page.items.map(ROLE.show) } };
      },
    },
    effectiveRolesOperation(),
    sourceGroupsOperation(),
    { method: 'post', path, summary: 'Assign roles to a member', status: 204, refusals: [404, 409], run: assign },
    {
      method: 'delete',
      path,
      summary: 'Take roles from a member',
      refusals: [404, 409],
      async run(call) {
        const { organization, member } = await getMember(call);
        const { members } = call.directory;
        await keepWaysIn(call.directory, { organizationId: organization.id }, () =>
          members.removeRoles(organization.id, member.userId, rolesOf(call)),
        );
        return {};
      },
    },
    {
      method: 'get',
      path: '/users/{id}/organizations',
      summary: 'List the organizations of a user',
      reply: ORGANIZATION.schema,
      list: { key: 'organizations', checkpoint: false },
      refusals: [404],
      run: listOrganizations,
    },
  ];
}
