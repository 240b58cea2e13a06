/**
 * The memberships and roles of a user who is linked to another as the secondary one (Auth0 semantics, section 5, not established): dropped
 * with the user, as the product does, or taken over by the primary one.
 */
import type { Directory } from '../ports/directory.js';
import type { DoubleFacts } from './facts.js';

/** More than any user of a rehearsal has. */
const MANY = { limit: 100 };

async function takeOver(directory: Directory, from: string, to: string, at: Date): Promise<void> {
  const { members } = directory;
  for (const { id } of (await members.listOrganizationsOf(from, MANY)).items) {
    const roles = (await members.listRoles(id, from, MANY)).items.map((role) => role.id);
    await members.add(id, [to], at);
    await members.addRoles(id, to, roles);
  }
}

/** A directory of one transaction: where identities of a user move to another and the user is deleted, memberships move along. */
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
