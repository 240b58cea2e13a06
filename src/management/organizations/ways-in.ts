/**
 * Keeps an organization from being locked out. Some writes could remove its last break-glass member, or the tenant's
 * last owner: the membership, the role, the flag, the user, the connection of their password, or the right to use it.
 * Each such write runs inside {@link keepWaysIn}. Turning `required` on without a break-glass member is permitted,
 * since a member can still be marked afterwards.
 */
import { lostBreakGlass, lostOwner, type WaysIn } from '../../domain/people/ways-in.js';
import type { WaysInScope } from '../../ports/directory/members.js';
import type { Directory } from '../../ports/directory.js';
import { conflict } from '../api/errors.js';

const MAX_NAMES = 5;

function checkBreakGlass(before: readonly WaysIn[], after: readonly WaysIn[]): void {
  const lost = lostBreakGlass(before, after).map((state) => state.name);
  if (lost.length === 0) return;
  const names = lost.length > MAX_NAMES ? `${lost.slice(0, MAX_NAMES).join(', ')} and others` : lost.join(', ');
  throw conflict(
    `This would take away the last break-glass member of ${names} who can sign in, and sso_rollout is required there. ` +
      'Give break_glass to another member with a password first, or set sso_rollout to optional.',
    'last_break_glass_member',
  );
}

function checkOwner(before: readonly WaysIn[], after: readonly WaysIn[]): void {
  if (!lostOwner(before, after)) return;
  throw conflict(
    'This would take away the last owner of this tenant who can sign in. Give the role of owner to another operator first.',
    'last_owner',
  );
}

/**
 * Runs `work` in the transaction of `directory`. Throws 409 `last_break_glass_member` or `last_owner` when `work`
 * removed the last one. Compares before and after under a lock: otherwise two concurrent removals could each rely on
 * the member that the other one removes.
 */
export async function keepWaysIn<T>(directory: Directory, scope: WaysInScope, work: () => Promise<T>): Promise<T> {
  const { members } = directory;
  const organizations = await members.lockWaysIn(scope);
  const before = await members.listWaysIn(organizations);
  const result = await work();
  if (before.length === 0) return result;
  const after = await members.listWaysIn(organizations);
  checkBreakGlass(before, after);
  checkOwner(before, after);
  return result;
}
