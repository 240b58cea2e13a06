/**
 * Marks the members who were there before the guard. The Action would refuse a membership without a role and a log
 * line, since it looks like one that was just made. Strangers left by an earlier login get no mark.
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
  /** Milliseconds to wait until the log shows everything that happened before the list of members was read. */
  readonly settleMs: number;
  readonly now: Date;
  readonly progress: (done: number, total: number) => void;
}

export interface Marked {
  readonly marked: number;
  /** Members without a mark: strangers left by an earlier login, for `guard sweep`. */
  readonly strangers: readonly string[];
}

/** Marks all of `userIds` except strangers. Throws RemoteError; may be repeated. */
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
    // The member was removed or deleted since the list was read.
    if (error instanceof RemoteError && (error.status === 404 || error.status === 400)) return;
    throw error;
  }
}
