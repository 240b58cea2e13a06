/**
 * SQL for an invitation `i` as a login reads it. Used wherever a login reads one, so that no way in gives a role that
 * the others refuse.
 */
import { canSignIn, heldIn, rolesIn } from '../directory/organizations/my-organization.js';

/**
 * The roles of a member's invitation that the member may give now. Attack: an administrator invites a second account of
 * theirs with a strong role, is removed, and accepts. The same when their company's directory only deactivates them:
 * their membership stays. So each role must still be marked for members, and the inviter must still be a member who can
 * sign in, may give roles, and holds everything that it permits at the My Organization API. (No EXISTS: without
 * statistics it would be answered by a walk through the table.)
 */
const ROLES_OF_MEMBER = `to_jsonb(array(select r.id from roles r
    join members m on m.organization_id = i.organization_id and m.user_id = i.invited_by
    join users u on u.user_id = m.user_id and ${canSignIn('i.organization_id')}
    where r.id = any (i.roles) and r.assignable_by_organizations
      and coalesce((select true from (${rolesIn('m.user_id', 'm.organization_id')}) h
        cross join lateral (select true from role_permissions p
          where p.role_id = h.role_id and p.permission = 'create:my_org:member_roles' limit 1) gives limit 1), false)
      and coalesce((select false from role_permissions n where n.role_id = r.id and n.permission like '%:my\\_org:%'
        and n.permission <> all (${heldIn('m.user_id', 'm.organization_id', 'n.resource_server_id')}) limit 1), true)))`;

/** The invitation without its sealed ticket. */
export const INVITATION_JSON = `to_jsonb(i) - 'ticket_sealed' || case when i.invited_by is null then '{}'::jsonb
    else jsonb_build_object('roles', ${ROLES_OF_MEMBER}) end`;
