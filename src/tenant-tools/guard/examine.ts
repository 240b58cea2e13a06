/**
 * Reads the tenant's data about members and judges from it who is a stranger. Used before every decision about a
 * person: by plan, apply and marking.
 */
import type { Json } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { forEachOf } from './each.js';
import { judgeMember, type Verdict } from './evidence.js';
import {
  findInvitedAddresses,
  findLines,
  findUser,
  isEnterprise,
  listOf,
  type Member,
  textOf,
  type User,
} from './tenant-reads.js';

export interface ExamineOptions {
  readonly now: Date;
  readonly minAgeMs: number;
  /** Time from which API writes are read; by default that of the oldest membership in question. */
  readonly writesFrom?: Date;
  readonly progress: (done: number, total: number) => void;
}

export interface Examined {
  readonly member: Member;
  readonly user: User | undefined;
  readonly verdict: Verdict;
}

type Invited = ReadonlySet<string> | undefined;

async function examineOne(
  tenant: RemoteTenant,
  organizationId: string,
  member: Member,
  invited: Invited,
  { now, minAgeMs }: ExamineOptions,
): Promise<Examined> {
  const { roles, userId } = member;
  // Nearly all members have a role and need no request.
  if (roles.length > 0) return { member, user: undefined, verdict: { class: 'keep', why: 'role' } };
  // A user id begins with the strategy of its first connection.
  if (!isEnterprise(userId.split('|')[0] ?? '')) {
    return { member, user: undefined, verdict: { class: 'keep', why: 'password-account' } };
  }
  const user = await findUser(tenant, userId);
  const lines = user === undefined ? [] : await findLines(tenant, userId);
  return { member, user, verdict: judgeMember({ organizationId, user, roles, lines, invited, now, minAgeMs }) };
}

/** Maximum number of log lines of API writes that are read: 200 requests. */
const MOST_WRITES = 20_000;
const PER_PAGE = 100;

interface Adding {
  readonly at: Date;
  /** The people who were added; undefined where the line does not name them. */
  readonly userIds: readonly string[] | undefined;
}

/** Reads a log line `sapi`: Auth0 logs every write of the Management API with its request. */
function toAdding(line: Json, organizationId: string): Adding | undefined {
  const request = ((line.details ?? {}) as Json).request as Json | undefined;
  const isAdding =
    textOf(request ?? {}, 'method').toLowerCase() === 'post' &&
    textOf(request ?? {}, 'path').endsWith(`/organizations/${organizationId}/members`);
  if (!isAdding) return undefined;
  const userIds = (request?.body as { members?: unknown } | undefined)?.members;
  return { at: new Date(textOf(line, 'date')), userIds: Array.isArray(userIds) ? userIds.map(String) : undefined };
}

/** Finds additions to the organization by the API since `from`; undefined if there are too many writes to read. */
async function findAddings(
  tenant: RemoteTenant,
  organizationId: string,
  from: Date,
): Promise<readonly Adding[] | undefined> {
  const seen = new Set<string>();
  const addings: Adding[] = [];
  let to = '*';
  while (seen.size < MOST_WRITES) {
    const q = `type:sapi AND date:[${from.toISOString()} TO ${to}]`;
    const path = `/logs?q=${encodeURIComponent(q)}&sort=${encodeURIComponent('date:-1')}&per_page=${PER_PAGE}&page=0`;
    const lines = listOf(await tenant.get(path), 'logs', 'GET /logs');
    const fresh = lines.filter((line) => !seen.has(textOf(line, 'log_id')));
    for (const line of fresh) {
      seen.add(textOf(line, 'log_id'));
      const adding = toAdding(line, organizationId);
      if (adding !== undefined) addings.push(adding);
    }
    if (lines.length < PER_PAGE) return addings;
    // All lines of a whole page have the same time, so the next page would be the same.
    if (fresh.length === 0) return undefined;
    to = new Date(textOf(lines.at(-1) ?? {}, 'date')).toISOString();
  }
  return undefined;
}

/**
 * Corrects the verdict "stranger" by writes of the Management API. An administrator may have added a refused stranger
 * later. The only log line about that membership is still the one of the refused login: an addition by the API is
 * logged only as an API write.
 */
function withWrites(examined: Examined, addings: readonly Adding[] | undefined): Examined {
  const { verdict, member } = examined;
  if (verdict.class !== 'stranger') return examined;
  if (addings === undefined) return { ...examined, verdict: { class: 'unexplained', why: 'too-many-writes' } };
  const later = addings.filter(({ at }) => at >= verdict.line.at);
  if (later.some(({ userIds }) => userIds?.includes(member.userId))) {
    return { ...examined, verdict: { class: 'unexplained', why: 'added-later' } };
  }
  const isUnknown = later.some(({ userIds }) => userIds === undefined);
  return isUnknown ? { ...examined, verdict: { class: 'unexplained', why: 'too-many-writes' } } : examined;
}

/** Reads the evidence about these members and judges it. Throws RemoteError. */
export async function examineMembers(
  tenant: RemoteTenant,
  organizationId: string,
  members: readonly Member[],
  options: ExamineOptions,
): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  const invited = await findInvitedAddresses(tenant, organizationId);
  let done = 0;
  await forEachOf(members, 8, async (member) => {
    examined.push(await examineOne(tenant, organizationId, member, invited, options));
    done += 1;
    options.progress(done, members.length);
  });
  const joined = examined.flatMap(({ verdict }) => (verdict.class === 'stranger' ? [verdict.line.at.getTime()] : []));
  if (joined.length === 0) return examined;
  const from = options.writesFrom ?? new Date(joined.reduce((oldest, at) => Math.min(oldest, at)));
  const addings = await findAddings(tenant, organizationId, from);
  return examined.map((one) => withWrites(one, addings));
}
