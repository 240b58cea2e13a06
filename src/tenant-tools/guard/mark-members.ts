/**
 * Marks the members who are there before the guard: a membership without any role and without a line in the log would be refused by the
 * Action, since it cannot be told from one that came a second ago. Gives nobody the mark whom an earlier login left as a stranger.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RemoteError } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { forEachOf } from './each.js';
import { examineMembers } from './examine.js';

export interface Marking {
  readonly organizationId: string;
  readonly roleId: string;
  readonly userIds: readonly string[];
  /** Milliseconds after which the log has what happened before the members were listed. */
  readonly settleMs: number;
  readonly now: Date;
  readonly progress: (done: number, total: number) => void;
}

export interface Marked {
  readonly marked: number;
  /** Members who got no mark: strangers whom an earlier login left, for `guard sweep`. */
  readonly strangers: readonly string[];
}

/** Gives the mark to all of `userIds` who are no strangers. Throws RemoteError; may be repeated. */
export async function markMembers(tenant: RemoteTenant, marking: Marking): Promise<Marked> {
  const { organizationId, roleId, userIds, settleMs, now, progress } = marking;
  if (userIds.length === 0) return { marked: 0, strangers: [] };
  await sleep(settleMs);
  const members = userIds.map((userId) => ({ userId, email: '', roles: [] }));
  const examined = await examineMembers(tenant, organizationId, members, {
    now,
    minAgeMs: 0,
    progress: () => undefined,
  });
  const strangers = examined.filter(({ verdict }) => verdict.class === 'stranger').map(({ member }) => member.userId);
  const isStranger = new Set(strangers);
  const others = userIds.filter((userId) => !isStranger.has(userId));
  let done = 0;
  await forEachOf(others, 8, async (userId) => {
    await mark(tenant, organizationId, userId, roleId);
    done += 1;
    progress(done, others.length);
  });
  return { marked: others.length, strangers: strangers.sort() };
}

async function mark(tenant: RemoteTenant, organizationId: string, userId: string, roleId: string): Promise<void> {
  const path = `/organizations/${encodeURIComponent(organizationId)}/members/${encodeURIComponent(userId)}/roles`;
  try {
    await tenant.send('POST', path, { roles: [roleId] });
  } catch (error) {
    // Removed since the list was read, or deleted.
    if (error instanceof RemoteError && (error.status === 404 || error.status === 400)) return;
    throw error;
  }
}
