/**
 * `guard sweep apply`: removes the strangers of a plan from the organization, at most ten in one request (Auth0's
 * limit: https://auth0.com/docs/manage-users/organizations/configure-organizations/remove-members). Everybody is
 * examined again right before: people who were invited, let in or given a role since the plan stay members. Interrupted
 * anywhere and run again, the result is the same.
 */
import { forEachOf, inGroups } from './each.js';
import type { Verdict } from './evidence.js';
import { examineMembers } from './examine.js';
import { isMemberForGood, type Removing } from './membership.js';
import type { SweepPerson } from './sweep-file.js';
import { findMemberRoles, findUser, isEnterprise, listOrganizationIds, type Member } from './tenant-reads.js';

/** Maximum number of members in one request. */
export const MEMBERS_PER_CALL = 10;
const WRITES_BEFORE_PLAN_MS = 600_000;

export interface Applying extends Removing {
  /** True to delete users of the enterprise connection who have no membership left; that cannot be undone. */
  readonly deleteUsers: boolean;
  readonly progress: (done: number, total: number) => void;
}

export interface SweepEnd {
  readonly removed: number;
  readonly deleted: number;
  readonly skipped: readonly { readonly user_id: string; readonly why: string }[];
}

const enc = encodeURIComponent;

/** Returns why this person must not be removed any more, or undefined. */
function findObjection(person: SweepPerson, isMember: boolean, verdict: Verdict): string | undefined {
  if (!isMember) return GONE;
  if (verdict.class === 'keep') return `is no stranger any more: ${verdict.why}`;
  if (verdict.class === 'stranger') {
    const isSame = person.evidence.log_id === undefined || person.evidence.log_id === verdict.line.id;
    return isSame ? undefined : 'joined again since the plan was made';
  }
  const wasPlanned = person.class === 'unexplained' && person.evidence.unexplained === verdict.why;
  return wasPlanned ? undefined : `is not explained any more: ${verdict.why}`;
}

const GONE = 'is no member any more';

/** Returns the people of a group who may still be removed; the others are journaled as skipped. */
async function examineGroup(applying: Applying, group: readonly SweepPerson[]): Promise<readonly string[]> {
  const { tenant, plan, journal, now } = applying;
  const organizationId = plan.head.organization.id;
  const members = new Map<string, Member>();
  await forEachOf(group, MEMBERS_PER_CALL, async ({ user_id: userId, email }) => {
    if (!(await listOrganizationIds(tenant, userId)).includes(organizationId)) return;
    members.set(userId, { userId, email, roles: (await findMemberRoles(tenant, organizationId, userId)) ?? [] });
  });
  const examined = await examineMembers(tenant, organizationId, [...members.values()], {
    now: now(),
    minAgeMs: plan.head.min_age_seconds * 1000,
    // The plan has examined earlier API writes. Begins some minutes before the plan, since the log may have been late.
    writesFrom: new Date(Date.parse(plan.head.made_at) - WRITES_BEFORE_PLAN_MS),
    progress: () => undefined,
  });
  const verdicts = new Map(examined.map(({ member, verdict }) => [member.userId, verdict]));
  const remaining: string[] = [];
  for (const person of group) {
    const { user_id: userId } = person;
    const verdict = verdicts.get(userId) ?? { class: 'keep', why: 'gone' };
    const objection = findObjection(person, members.has(userId), verdict);
    if (objection === undefined) remaining.push(userId);
    else if (objection === GONE && journal.stateOf(userId) === 'removing') {
      // A request before the interruption removed this person already.
      await journal.write({ event: 'removed', user_ids: [userId], at: now().toISOString() });
    } else await journal.write({ event: 'skipped', user_id: userId, why: objection });
  }
  return remaining;
}

async function removeGroup(applying: Applying, group: readonly SweepPerson[]): Promise<void> {
  const { tenant, plan, journal } = applying;
  const userIds = await examineGroup(applying, group);
  if (userIds.length === 0) return;
  await journal.write({ event: 'removing', user_ids: userIds });
  await tenant.send('DELETE', `/organizations/${enc(plan.head.organization.id)}/members`, { members: userIds });
  await journal.write({ event: 'removed', user_ids: userIds, at: applying.now().toISOString() });
}

/** Deletes a user who has only the identity of the refused login. Returns whether it did. */
async function deleteLeftUser(applying: Applying, userId: string): Promise<boolean> {
  const { tenant, plan, journal } = applying;
  const user = await findUser(tenant, userId);
  if (user === undefined) return journal.isDeleted(userId);
  const [identity, ...others] = user.identities;
  if (identity === undefined || others.length > 0 || !isEnterprise(identity.provider)) return false;
  const elsewhere = (await listOrganizationIds(tenant, userId)).filter((id) => id !== plan.head.organization.id);
  // A person who was invited after the removal is a member again, and would lose that with the user.
  if (elsewhere.length > 0 || (await isMemberForGood(applying, userId))) return false;
  await journal.write({ event: 'deleting_user', user_id: userId });
  await tenant.send('DELETE', `/users/${enc(userId)}`);
  await journal.write({ event: 'deleted_user', user_id: userId });
  return true;
}

/** Carries out the plan. Throws RemoteError where the tenant does not answer; running it again continues. */
export async function applySweep(applying: Applying): Promise<SweepEnd> {
  const { plan, journal, progress, deleteUsers } = applying;
  const wanted = plan.people.filter((person) => person.action === 'remove');
  const isOpen = ({ user_id }: SweepPerson) => ['open', 'removing'].includes(journal.stateOf(user_id));
  let done = wanted.filter((person) => !isOpen(person)).length;
  for (const group of inGroups(wanted.filter(isOpen), MEMBERS_PER_CALL)) {
    await removeGroup(applying, group);
    done += group.length;
    progress(done, wanted.length);
  }
  const removed = wanted.filter(({ user_id }) => journal.stateOf(user_id) === 'removed');
  let deleted = 0;
  if (deleteUsers) {
    for (const { user_id } of removed) if (await deleteLeftUser(applying, user_id)) deleted += 1;
  }
  const skipped = journal.entries.flatMap((entry) =>
    entry.event === 'skipped' ? [{ user_id: entry.user_id, why: entry.why }] : [],
  );
  return { removed: removed.length, deleted, skipped };
}
