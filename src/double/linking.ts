/**
 * Memberships and roles of a user who is linked to another as the secondary one (Auth0 semantics, section 5, not
 * established): deleted with the user, as in the product, or moved to the primary one.
 */
import type { Directory } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** A page for all organizations or roles of a user: no user of a rehearsal has more. */
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
 * Wraps a transaction's directory: when a user's identities move to another user and the user is deleted, the
 * memberships move too.
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
