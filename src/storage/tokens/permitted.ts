/**
 * SQL for a person's current permissions at the API of a grant. Part of the statement that reads the grant, so that the
 * next token lacks a role or permission removed since. Reads nothing when the API does not enforce policies.
 */
import { groupRoles } from '../scim-group-roles.js';

/**
 * In an organization only its roles count: those of the member, and those mapped from groups of the directory. Without
 * one, the person's roles and permissions in the tenant as a whole count (Auth0 support, "Organization Permissions
 * claim empty"). Attack: a customer's identity provider signs a person in to its organization and gets permissions that
 * the operator gave the person in the whole tenant. The groups' select uses the alias `g` for itself, so the grant's
 * columns are passed to it as `w`.
 */
const ROLES = `
  select h.role_id from user_roles h where g.organization_id is null and h.user_id = g.user_id
  union all
  select h.role_id from member_roles h where h.organization_id = g.organization_id and h.user_id = g.user_id
  union all
  select h.role_id from (select g.user_id as person, g.organization_id as place) w
  cross join lateral (${groupRoles('w.person', 'w.place')}) h`;

/**
 * Expression over a grant `g` and its API `a`: the permitted scopes in order, null when the API does not enforce
 * policies.
 */
export const PERMITTED = `case when a.enforce_policies then array(
    select p.permission from user_permissions p
    where g.organization_id is null and p.user_id = g.user_id and p.resource_server_id = a.id
    union
    select p.permission from (${ROLES}) r join role_permissions p on p.role_id = r.role_id and p.resource_server_id = a.id
    order by 1)
  end`;

/** Returns SQL for the scopes of a client grant for the API `a`, null without a grant. */
export function grantedScopes(grant: string): string {
  return `case when ${grant}.allow_all_scopes then array(select s ->> 'value' from jsonb_array_elements(a.scopes) s) else ${grant}.scopes end`;
}

/**
 * Expression over a grant `g` and its API `a`: the scopes that the application may request for people, null without a
 * grant.
 */
export const CLIENT_SCOPES = `case when a.user_policy = 'require_client_grant' then (
    select ${grantedScopes('w')} from client_grants w
    where w.client_id = g.client_id and w.audience = a.identifier and w.subject_type = 'user')
  end`;
