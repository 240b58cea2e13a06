/**
 * SQL: what a person may do at the API of a grant, as it is now. Part of the statement that reads the grant, so that a role or permission
 * that was taken is missing in the next token. Where the API does not enforce policies nothing is read.
 */
import { groupRoles } from '../scim-group-roles.js';

/**
 * In an organization its roles count alone: those of the member, and those that groups of their directory give. Without one, the person's roles
 * and permissions in the tenant as a whole (Auth0 support, "Organization Permissions claim empty"). Attack stopped here: the identity provider
 * of one customer signs somebody in to its organization and gets what the operator gave that person in the whole tenant.
 * The grant has another name for the groups, which are called `g` too.
 */
const ROLES = `
  select h.role_id from user_roles h where g.organization_id is null and h.user_id = g.user_id
  union all
  select h.role_id from member_roles h where h.organization_id = g.organization_id and h.user_id = g.user_id
  union all
  select h.role_id from (select g.user_id as person, g.organization_id as place) w
  cross join lateral (${groupRoles('w.person', 'w.place')}) h`;

/** An expression over a grant `g` and its API `a`: the permitted scopes in order, null where the API permits everybody everything. */
export const PERMITTED = `case when a.enforce_policies then array(
    select p.permission from user_permissions p
    where g.organization_id is null and p.user_id = g.user_id and p.resource_server_id = a.id
    union
    select p.permission from (${ROLES}) r join role_permissions p on p.role_id = r.role_id and p.resource_server_id = a.id
    order by 1)
  end`;

/** The scopes of a client grant for the API `a`, null where there is no grant. */
export function grantedScopes(grant: string): string {
  return `case when ${grant}.allow_all_scopes then array(select s ->> 'value' from jsonb_array_elements(a.scopes) s) else ${grant}.scopes end`;
}

/** An expression over a grant `g` and its API `a`: the scopes that the application may have of people at all; null where it has no grant. */
export const CLIENT_SCOPES = `case when a.user_policy = 'require_client_grant' then (
    select ${grantedScopes('w')} from client_grants w
    where w.client_id = g.client_id and w.audience = a.identifier and w.subject_type = 'user')
  end`;
