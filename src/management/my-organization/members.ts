/** `/members`, `/delete-memberships`, `/members/{user_id}/roles` and `/roles`: the people of the organization. */
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { MemberRecord, RoleRecord } from '../../ports/directory/members.js';
import type { Page } from '../../ports/directory.js';
import type { Wire } from '../api/operation.js';
import { chooseFields, toCursorText } from '../api/paging.js';
import { present } from '../api/wire.js';
import type { OrganizationCall, Run } from './call.js';
import { write } from './call.js';
import { checkIsMember, checkIsNoStronger, checkRoles, keepingAdministrator, noMember, noOwnRole } from './ceiling.js';

/** Most roles of one member in a list, as in Auth0's document; `/members/{user_id}/roles` has all. */
const MOST_LISTED_ROLES = 10;

export const toRole = ({ id, name, description }: Pick<RoleRecord, 'id' | 'name' | 'description'>): Wire =>
  present({ id, name, description });

/** Largest `total` of a list, as in Auth0's SDK; `total_is_capped` says that there are more. */
const MOST_COUNTED = 1000;

/** Returns the body of a list: its items, `next` while there is more, and the total where it was asked for. */
export function toList<Item>(key: string, { items, next, total }: Page<Item>, toItem: (item: Item) => Wire): Wire {
  return present({
    ...{ [key]: items.map(toItem), next: next && toCursorText(next) },
    total: total && Math.min(total, MOST_COUNTED),
    total_is_capped: total === undefined ? undefined : total > MOST_COUNTED,
  });
}

/**
 * Shows a member. Leaves out metadata and identities: they are the operator's. `last_login` is of this organization. Attack:
 * its administrators learn when their member works for another customer. `roles` needs its own scope; without it
 * they are left out, not refused, since components always ask for them.
 */
function toMember({ member: { scopes }, query }: OrganizationCall, record: MemberRecord, withRoles: boolean): Wire {
  const { givenName, familyName, nickname, name } = shownProfile(record);
  const shown = present({
    user_id: record.userId,
    email: record.email,
    ...{ name, nickname, given_name: givenName, family_name: familyName },
    phone_number: record.account.phoneNumber,
    created_at: record.account.createdAt.toISOString(),
    updated_at: record.account.updatedAt.toISOString(),
    last_login: record.lastLoginAt?.toISOString(),
    roles:
      withRoles && scopes.has('read:my_org:member_roles')
        ? record.roles.slice(0, MOST_LISTED_ROLES).map(toRole)
        : undefined,
  });
  return chooseFields(shown, query);
}

export const listMembers: Run = async (call) => {
  const page = await call.deps.directory.members.list(call.organizationId, call.page);
  return toList('members', page, (record) => toMember(call, record, true));
};

const userIdOf = ({ params }: OrganizationCall) => params.user_id ?? '';

async function getMember(call: OrganizationCall): Promise<MemberRecord> {
  const record = await call.deps.directory.members.find(call.organizationId, userIdOf(call));
  if (record === undefined) throw noMember();
  return record;
}

export const showMember: Run = async (call) => toMember(call, await getMember(call), false);

/** Removes one person from the organization. Their account stays, and their other organizations. */
export const removeMember: Run = async (call) => {
  const { members } = call.body as { readonly members: readonly [string] };
  const { organizationId, deps } = call;
  await write(
    call,
    [{ key: 'delete /organizations/{id}/members', body: { members } }],
    keepingAdministrator(deps.origin, organizationId, {
      async before(directory, member) {
        const [userId] = members;
        await checkIsMember(directory, organizationId, userId);
        await checkIsNoStronger(deps.origin, directory, member, userId);
      },
    }),
  );
};

export const listMemberRoles: Run = async (call) => {
  const { userId } = await getMember(call);
  return toList('roles', await call.deps.directory.members.listRoles(call.organizationId, userId, call.page), toRole);
};

const roleIdsOf = ({ body }: OrganizationCall) => (body as { readonly role_ids: readonly string[] }).role_ids;

export const assignRoles: Run = async (call) => {
  const { organizationId, deps } = call;
  const userId = userIdOf(call);
  const roles = roleIdsOf(call);
  const invocation = {
    key: 'post /organizations/{id}/members/{user_id}/roles',
    params: { user_id: userId },
    body: { roles },
  };
  await write(call, [invocation], {
    async before(directory, member) {
      await checkIsMember(directory, organizationId, userId);
      await checkRoles(deps.origin, directory, member, roles);
      // Attack: a role for an application's own API, which the ceiling of this API does not limit.
      if (userId === member.token.userId) throw noOwnRole();
    },
  });
};

export const unassignRoles: Run = async (call) => {
  const { organizationId, deps } = call;
  const userId = userIdOf(call);
  const roles = roleIdsOf(call);
  const invocation = {
    key: 'delete /organizations/{id}/members/{user_id}/roles',
    params: { user_id: userId },
    body: { roles },
  };
  await write(
    call,
    [invocation],
    keepingAdministrator(deps.origin, organizationId, {
      async before(directory, member) {
        await checkIsMember(directory, organizationId, userId);
        await checkRoles(deps.origin, directory, member, roles);
      },
    }),
  );
};

/** Lists the roles that operators marked for members. The others do not exist here. */
export const listRoles: Run = async ({ deps, query, page }) => {
  const filter = typeof query.name === 'string' ? { name: query.name } : {};
  return toList('roles', await deps.directory.myOrganization.listAssignable(filter, page), toRole);
};
