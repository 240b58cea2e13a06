/**
 * Memberships and roles of a user who is linked to another as the secondary one. Whether Auth0 deletes them or moves
 * them is not established (docs/auth0-double.md). A normal server deletes them; a switch makes the double move them.
 */
import type { Directory } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** One page is enough for all organizations, or all roles, of a user in a rehearsal. */
const MANY = { limit: 100 };

async function takeOver(directory: Directory, from: string, to: string, at: Date): Promise<void> {
  const { members } = directory;
  for (const { id } of (await members.listOrganizationsOf(from, MANY)).items) {
    const roles = (await members.listRoles(id, from, MANY)).items.map((role) => role.id);
    await members.add(id, [to], at);
    await members.addRoles(id, to, roles);
  }
}

/**
 * Wraps the directory of a transaction. When a user's identities were moved to another user and the user is then
 * deleted, their memberships are moved too.
 */
export function mergingMemberships(directory: Directory, facts: DoubleFacts, now: () => Date): Directory {
  if (facts.secondary_memberships !== 'merged') return directory;
  const { users } = directory;
  const moved = new Map<string, string>();
  return {
    ...directory,
    users: {
      ...users,
      async moveIdentity(from, identityId, to, profile, isPrimary) {
        await users.moveIdentity(from, identityId, to, profile, isPrimary);
        moved.set(from, to);
      },
      async delete(userId) {
        const primary = moved.get(userId);
        if (primary !== undefined) await takeOver(directory, userId, primary, now());
        return users.delete(userId);
      },
    },
  };
}
