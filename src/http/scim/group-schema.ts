/** The name of the schema of groups (RFC 7643 section 4.2), and the form of a group in answers. Writes nothing. */
import type { ScimGroupWithMembers } from '../../ports/directory/scim-groups.js';
import type { ScimCaller } from './deps.js';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Returns the URL of a resource of the connection. */
export function locationOf(origin: string, { connection }: ScimCaller, type: 'Users' | 'Groups', id: string): string {
  return `${origin}/scim/v2/connections/${connection.id}/${type}/${encodeURIComponent(id)}`;
}

/** Returns the body of an answer about a group. It names the members by their ids only. */
export function toGroupWire(origin: string, caller: ScimCaller, group: ScimGroupWithMembers): Record<string, unknown> {
  return {
    schemas: [GROUP_SCHEMA],
    id: group.id,
    ...(group.externalId !== undefined && { externalId: group.externalId }),
    displayName: group.displayName,
    members: group.members.map((value) => ({
      value,
      type: 'User',
      $ref: locationOf(origin, caller, 'Users', value),
    })),
    meta: {
      resourceType: 'Group',
      created: group.createdAt.toISOString(),
      lastModified: group.updatedAt.toISOString(),
      location: locationOf(origin, caller, 'Groups', group.id),
      version: `W/"${group.version}"`,
    },
  };
}
