/**
 * SQL for a person's groups in their company's directory, and for the roles that an account gets through them in an
 * organization. Computed where roles are read, never stored: such a role disappears with the group, and roles that an
 * administrator gave are not affected.
 */

/**
 * Returns a select of `role_id` and `group_name`, for SQL expressions of a user and an organization, with one row for
 * each group of a role. Does not check membership: only members have roles, so the caller checks. People whom the
 * directory deactivated have none.
 */
export function groupRoles(user: string, organization: string): string {
  return `select k.role_id, g.display_name as group_name
    from scim_group_members p
    join scim_groups g on g.id = p.group_id
    join identities i on i.user_id = p.user_id and i.id = p.identity_id and not i.scim_inactive
    join organization_connections e on e.organization_id = ${organization} and e.connection_id = g.connection_id and e.is_enabled
    join scim_group_roles k on k.organization_id = e.organization_id and k.connection_id = e.connection_id
      and ((k.group_by = 'display_name' and lower(k.group_name) = lower(g.display_name))
        or (k.group_by = 'external_id' and k.group_name = g.external_id))
    where p.user_id = ${user}`;
}

/**
 * Returns a select of `display_name` of the groups of the person with this subject at a connection, whether bound or
 * expected. People whom the directory deactivated have none.
 */
export function groupsOf(connection: string, issuer: string, subject: string): string {
  return `select g.display_name from identities i
    join scim_group_members p on p.user_id = i.user_id and p.identity_id = i.id
    join scim_groups g on g.id = p.group_id
    where i.connection_id = ${connection} and i.subject = ${subject} and i.issuer <> ''
      and rtrim(i.issuer, '/') = rtrim(${issuer}, '/') and not i.scim_inactive`;
}
