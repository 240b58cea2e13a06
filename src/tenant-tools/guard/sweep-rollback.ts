/**
 * `guard sweep rollback`: restores the members whom apply removed, with the roles of the plan, at most ten in one
 * request. People who are members again are left alone. Interrupted and run again, it continues.
 */
import { inGroups } from './each.js';
import { GuardError } from './guard-error.js';
import { isMemberForGood, type Removing } from './membership.js';
import { MEMBERS_PER_CALL } from './sweep-apply.js';
import { findUser } from './tenant-reads.js';

export interface RollingBack extends Removing {
  /** True to continue although deleted users cannot be restored. */
  readonly withoutDeleted: boolean;
  readonly progress: (done: number, total: number) => void;
}

export interface RollbackEnd {
  readonly restored: number;
  readonly already: number;
  /** Ids of users who no longer exist. */
  readonly lost: readonly string[];
}

const enc = encodeURIComponent;

async function restoreGroup(rolling: RollingBack, userIds: readonly string[]): Promise<void> {
  const { tenant, plan, journal } = rolling;
  const path = `/organizations/${enc(plan.head.organization.id)}/members`;
  await journal.write({ event: 'restoring', user_ids: userIds });
  await tenant.send('POST', path, { members: userIds });
  const roles = new Map(plan.people.map((person) => [person.user_id, person.evidence.roles]));
  for (const userId of userIds) {
    const had = roles.get(userId) ?? [];
    if (had.length > 0) await tenant.send('POST', `${path}/${enc(userId)}/roles`, { roles: had });
  }
  await journal.write({ event: 'restored', user_ids: userIds });
}

/** Restores the members. Throws RemoteError and, where users were deleted, {@link GuardError}. */
export async function rollBackSweep(rolling: RollingBack): Promise<RollbackEnd> {
  const { tenant, plan, journal, progress, withoutDeleted } = rolling;
  const wanted = plan.people.map(({ user_id }) => user_id);
  const removed = wanted.filter((userId) => ['removing', 'removed', 'restoring'].includes(journal.stateOf(userId)));
  const deleted = removed.filter((userId) => journal.isDeleted(userId));
  if (deleted.length > 0 && !withoutDeleted) {
    throw new GuardError(
      'use',
      `${deleted.length} of the removed people were deleted as users, which cannot be undone.`,
      'The others are put back with --without-deleted.',
    );
  }
  const absent: string[] = [];
  const lost: string[] = [];
  let already = 0;
  for (const userId of removed) {
    if ((await findUser(tenant, userId)) === undefined) lost.push(userId);
    else if (await isMemberForGood(rolling, userId)) already += 1;
    else absent.push(userId);
  }
  let restored = 0;
  for (const group of inGroups(absent, MEMBERS_PER_CALL)) {
    await restoreGroup(rolling, group);
    restored += group.length;
    progress(restored, absent.length);
  }
  return { restored, already, lost };
}
