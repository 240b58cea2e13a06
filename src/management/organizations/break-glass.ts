/**
 * Keeps an organization from being locked out: every write that could take away its last break-glass member (the membership, the flag, the
 * user, the connection of their password, or only the right to use them) is done inside {@link keepBreakGlass}. To turn `required` on
 * without such a member is allowed, for the flag can still be given.
 */
import { lostBreakGlass } from '../../domain/break-glass.js';
import type { BreakGlassScope } from '../../ports/directory/members.js';
import type { Directory } from '../../ports/directory.js';
import { conflict } from '../api/errors.js';

const MAX_NAMES = 5;

/**
 * Runs `work`, in the transaction of `directory`, and throws 409 `last_break_glass_member` when it took away the last one. Compared before
 * and after under lock: otherwise two removals at once could each rely on the member that the other removes.
 */
export async function keepBreakGlass<T>(
  directory: Directory,
  scope: BreakGlassScope,
  work: () => Promise<T>,
): Promise<T> {
  const { members } = directory;
  const organizations = await members.lockBreakGlass(scope);
  const before = await members.listBreakGlass(organizations);
  const result = await work();
  if (before.length === 0) return result;
  const lost = lostBreakGlass(before, await members.listBreakGlass(organizations)).map((state) => state.name);
  if (lost.length === 0) return result;
  const names = lost.length > MAX_NAMES ? `${lost.slice(0, MAX_NAMES).join(', ')} and others` : lost.join(', ');
  throw conflict(
    `This would take away the last break-glass member of ${names} who can sign in, and sso_rollout is required there. ` +
      'Give break_glass to another member with a password first, or set sso_rollout to optional.',
    'last_break_glass_member',
  );
}
