/**
 * `guard sweep plan`: examines every member of an organization and finds the strangers left by an earlier refused
 * login. Reads only. A person about whom something is unknown is listed for a human decision and is not removed.
 */
import type { RemoteTenant } from '../remote/tenant.js';
import type { UnexplainedReason, Verdict } from './evidence.js';
import { examineMembers } from './examine.js';
import type { SweepHead, SweepPerson } from './sweep-file.js';
import { listMembers, type Member, type Organization, type User } from './tenant-reads.js';

export const SWEEP_PLAN_SCOPES = [
  'read:logs',
  'read:organization_invitations',
  'read:organization_member_roles',
  'read:organization_members',
  'read:organizations',
  'read:users',
] as const;

/** Scopes that apply and rollback need: those of the plan, and three for writing. */
export const SWEEP_APPLY_SCOPES = [
  ...SWEEP_PLAN_SCOPES,
  'create:organization_member_roles',
  'create:organization_members',
  'delete:organization_members',
] as const;

export interface SweepOptions {
  readonly now: Date;
  readonly minAgeMs: number;
  /** True to remove also members whose joining the log does not explain. */
  readonly includeUnexplained: boolean;
  readonly progress: (done: number, total: number) => void;
}

const UNEXPLAINED: Readonly<Record<UnexplainedReason, string>> = {
  'no-line':
    'the log does not say how the membership came: it is older than what the log keeps, or came through the API',
  'too-young': 'joined by auto-membership a moment ago: the login may be under way',
  'cannot-be-asked': 'the subject has a character that the log cannot be asked about',
  'too-many-invitations': 'more invitations wait than the tenant lists: one may be for this person',
  'too-many-writes': 'the log has too many writes to know whether the person was added through the API later',
  'added-later': 'was added through the API after the login that was refused',
  'other-reason': 'the log gives a reason that the guard does not know',
};

/**
 * Reasons for which `--include-unexplained` removes a member. For other reasons the log may contain an explanation
 * later.
 */
const REMOVABLE: ReadonlySet<UnexplainedReason> = new Set(['no-line', 'added-later']);

function toPerson(member: Member, user: User | undefined, verdict: Verdict, all: boolean): SweepPerson | undefined {
  if (verdict.class === 'keep') return undefined;
  const shared = { kind: 'person', user_id: member.userId, email: user?.email ?? member.email } as const;
  const evidence = {
    connection: user?.identities[0]?.connection ?? '',
    roles: member.roles,
    ...(user?.hasFactor && { second_factor: true as const }),
  };
  if (verdict.class === 'stranger') {
    return {
      ...shared,
      class: 'stranger',
      action: 'remove',
      why: 'joined by auto-membership, was never let in, never invited, has no role',
      evidence: { ...evidence, log_id: verdict.line.id, joined_at: verdict.line.at.toISOString() },
    };
  }
  return {
    ...shared,
    class: 'unexplained',
    action: all && REMOVABLE.has(verdict.why) ? 'remove' : 'ask-a-human',
    why: UNEXPLAINED[verdict.why],
    evidence: { ...evidence, unexplained: verdict.why },
  };
}

/** Examines all members and plans whom to remove. Throws RemoteError. */
export async function planSweep(
  tenant: RemoteTenant,
  organization: Organization,
  options: SweepOptions,
): Promise<{ readonly head: SweepHead; readonly people: readonly SweepPerson[] }> {
  const members: Member[] = [];
  for await (const member of listMembers(tenant, organization)) members.push(member);
  const people: SweepPerson[] = [];
  const totals: Record<string, number> = { members: members.length, stranger: 0, unexplained: 0 };
  for (const { member, user, verdict } of await examineMembers(tenant, organization.id, members, options)) {
    const key = verdict.class === 'keep' ? `keep:${verdict.why}` : verdict.class;
    totals[key] = (totals[key] ?? 0) + 1;
    const person = toPerson(member, user, verdict, options.includeUnexplained);
    if (person !== undefined) people.push(person);
  }
  const head: SweepHead = {
    kind: 'vestibule-guard-sweep',
    version: 1,
    tenant: tenant.origin,
    organization,
    made_at: options.now.toISOString(),
    min_age_seconds: options.minAgeMs / 1000,
    totals,
  };
  return { head, people: people.sort((a, b) => (a.user_id < b.user_id ? -1 : 1)) };
}
