/** Checks whether a removed person is a member again. Reads only. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteTenant } from '../remote/tenant.js';
import type { SweepPlan } from './sweep-file.js';
import type { Journal } from './sweep-journal.js';
import { listOrganizationIds } from './tenant-reads.js';

export interface Removing {
  readonly tenant: RemoteTenant;
  readonly plan: SweepPlan;
  readonly journal: Journal;
  readonly now: () => Date;
}

/** Auth0 shows a removal after five to ten seconds; until then the old membership may still be listed. */
const REMOVAL_SHOWS_MS = 20_000;
const PAUSE_MS = 1_000;

/**
 * True if the user is a member of the plan's organization again. Asks repeatedly until 20 s after the removal, since
 * Auth0 may list the removed membership until then.
 */
export async function isMemberForGood({ tenant, plan, journal, now }: Removing, userId: string): Promise<boolean> {
  const removedAt = journal.removedAt(userId)?.getTime() ?? now().getTime();
  for (;;) {
    if (!(await listOrganizationIds(tenant, userId)).includes(plan.head.organization.id)) return false;
    if (now().getTime() - removedAt > REMOVAL_SHOWS_MS) return true;
    await sleep(PAUSE_MS);
  }
}
