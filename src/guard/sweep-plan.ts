/**
 * `guard sweep plan`: looks at every member of an organization and says who is a stranger that an earlier refused login left. Reads only.
 * Somebody about whom something is not known is listed for a human and is not removed.
 */
import type { RemoteTenant } from '../remote/tenant.js';
import { forEachOf } from './each.js';
import { judgeMember, type UnexplainedReason, type Verdict } from './evidence.js';
import type { SweepHead, SweepPerson } from './sweep-file.js';
import {
  findInvitedAddresses,
  findLines,
  findUser,
  isEnterprise,
  listMembers,
  type Member,
  type Organization,
  type User,
} from './tenant-reads.js';

/** Scopes that a plan needs. */
export const SWEEP_PLAN_SCOPES = [
  'read:logs',
  'read:organization_invitations',
  'read:organization_member_roles',
  'read:organization_members',
  'read:organizations',
  'read:users',
] as const;

/** Scopes that apply and rollback need beside those. */
export const SWEEP_APPLY_SCOPES = [
  ...SWEEP_PLAN_SCOPES,
  'create:organization_member_roles',
  'create:organization_members',
  'delete:organization_members',
] as const;

export interface SweepOptions {
  readonly now: Date;
  readonly minAgeMs: number;
  /** Members whose coming the log does not explain are removed as well. */
  readonly includeUnexplained: boolean;
  readonly progress: (done: number, total: number) => void;
}

const UNEXPLAINED: Readonly<Record<UnexplainedReason, string>> = {
  'no-line':
    'the log does not say how the membership came: it is older than what the log keeps, or came through the API',
  'too-young': 'joined by auto-membership a moment ago: the login may be under way',
  'cannot-be-asked': 'the subject has a character that the log cannot be asked about',
  'too-many-invitations': 'more invitations wait than the tenant lists: one may be for this person',
  'other-reason': 'the log gives a reason that the guard does not know',
};

/** Reads what is known about a member and judges it. */
export async function examine(
  tenant: RemoteTenant,
  organizationId: string,
  member: Member,
  invited: ReadonlySet<string> | undefined,
  options: Pick<SweepOptions, 'now' | 'minAgeMs'>,
): Promise<{ readonly verdict: Verdict; readonly user: User | undefined }> {
  const { roles, userId } = member;
  // Nearly all members end here, without a request of their own.
  if (roles.length > 0) return { verdict: { class: 'keep', why: 'role' }, user: undefined };
  if (!isEnterprise(userId.split('|')[0] ?? '')) {
    return { verdict: { class: 'keep', why: 'password-account' }, user: undefined };
  }
  const user = await findUser(tenant, userId);
  const lines = user === undefined ? [] : await findLines(tenant, userId);
  return { verdict: judgeMember({ organizationId, user, roles, lines, invited, ...options }), user };
}

function toPerson(member: Member, user: User | undefined, verdict: Verdict, all: boolean): SweepPerson | undefined {
  if (verdict.class === 'keep') return undefined;
  const shared = { kind: 'person', user_id: member.userId, email: user?.email ?? member.email } as const;
  const evidence = { connection: user?.identities[0]?.connection ?? '', roles: member.roles };
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
    action: all && verdict.why === 'no-line' ? 'remove' : 'ask-a-human',
    why: UNEXPLAINED[verdict.why],
    evidence: { ...evidence, unexplained: verdict.why },
  };
}

/** Examines all members. Throws RemoteError. */
export async function planSweep(
  tenant: RemoteTenant,
  organization: Organization,
  options: SweepOptions,
): Promise<{ readonly head: SweepHead; readonly people: readonly SweepPerson[] }> {
  const members: Member[] = [];
  for await (const member of listMembers(tenant, organization)) members.push(member);
  const invited = await findInvitedAddresses(tenant, organization.id);
  const people: SweepPerson[] = [];
  const totals: Record<string, number> = { members: members.length, stranger: 0, unexplained: 0 };
  let done = 0;
  await forEachOf(members, 8, async (member) => {
    const { verdict, user } = await examine(tenant, organization.id, member, invited, options);
    const key = verdict.class === 'keep' ? `keep:${verdict.why}` : verdict.class;
    totals[key] = (totals[key] ?? 0) + 1;
    const person = toPerson(member, user, verdict, options.includeUnexplained);
    if (person !== undefined) people.push(person);
    done += 1;
    options.progress(done, members.length);
  });
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
