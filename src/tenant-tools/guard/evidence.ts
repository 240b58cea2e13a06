/**
 * Judges by the tenant's data how a member joined, and whether they are a stranger from a refused login. Pure. Says
 * "stranger" only where everything is known: anything unknown needs a human decision.
 */
import type { LogLine, User } from './tenant-reads.js';
import { isEnterprise } from './tenant-reads.js';

export type KeepReason = 'role' | 'gone' | 'password-account' | 'linked' | 'invited' | 'let-in';
export type Verdict =
  | { readonly class: 'keep'; readonly why: KeepReason }
  /** A member who joined by auto-membership, was never let in, and has no invitation, role or link. */
  | { readonly class: 'stranger'; readonly line: LogLine }
  | { readonly class: 'unexplained'; readonly why: UnexplainedReason };
export type UnexplainedReason =
  | 'no-line'
  | 'too-young'
  | 'cannot-be-asked'
  | 'too-many-invitations'
  | 'too-many-writes'
  | 'added-later'
  | 'other-reason';

/** The facts about a member from the tenant and its log. */
export interface Evidence {
  readonly organizationId: string;
  readonly user: User | undefined;
  readonly roles: readonly string[];
  /** Log lines, newest first; undefined where the log cannot be queried. */
  readonly lines: readonly LogLine[] | undefined;
  /** Addresses with a pending invitation, in lower case; undefined where there are too many to read. */
  readonly invited: ReadonlySet<string> | undefined;
  readonly now: Date;
  /**
   * Minimum age of a membership that can be judged. A younger one may belong to a login in progress, or its log line
   * may be missing yet.
   */
  readonly minAgeMs: number;
}

function findHolding({ user, roles, invited }: Evidence): KeepReason | undefined {
  if (roles.length > 0) return 'role';
  if (user === undefined) return 'gone';
  if (user.identities.some(({ provider }) => !isEnterprise(provider))) return 'password-account';
  if (user.identities.length !== 1) return 'linked';
  return invited?.has(user.email.toLowerCase()) ? 'invited' : undefined;
}

/** Time within which the log lines of simultaneous logins of one person may be in any order. */
const SAME_TIME_MS = 60_000;

/** Judges from the evidence whether a member is to be kept, is a stranger, or cannot be explained. */
export function judgeMember(evidence: Evidence): Verdict {
  const { lines, organizationId, now, minAgeMs, invited } = evidence;
  const holding = findHolding(evidence);
  if (holding !== undefined) return { class: 'keep', why: holding };
  if (invited === undefined) return { class: 'unexplained', why: 'too-many-invitations' };
  if (lines === undefined) return { class: 'unexplained', why: 'cannot-be-asked' };
  const added = lines.filter(
    (line) => line.type === 'organization_member_added' && line.organizationId === organizationId,
  );
  const [newest] = added;
  if (newest === undefined) {
    // No log line about joining: it is older than the log that was read. But a login into this organization succeeded.
    const wasLetIn = lines.some((line) => line.type === 's' && line.organizationId === organizationId);
    return wasLetIn ? { class: 'keep', why: 'let-in' } : { class: 'unexplained', why: 'no-line' };
  }
  if (added.some((line) => line.reason === 'invitation')) return { class: 'keep', why: 'invited' };
  // A simultaneous login had already made them a member, so the invitation added nothing; it still counts for them.
  const accepted = (line: LogLine) => line.type === 'si' && line.organizationId === organizationId;
  if (lines.some((line) => accepted(line) && line.at.getTime() >= newest.at.getTime() - SAME_TIME_MS))
    return { class: 'keep', why: 'invited' };
  if (newest.reason !== 'auto_membership') return { class: 'unexplained', why: 'other-reason' };
  // A login's line without an organization may belong to this organization.
  const letIn = lines.some(
    (line) => line.type === 's' && line.at >= newest.at && (line.organizationId ?? organizationId) === organizationId,
  );
  if (letIn) return { class: 'keep', why: 'let-in' };
  if (now.getTime() - newest.at.getTime() < minAgeMs) return { class: 'unexplained', why: 'too-young' };
  return { class: 'stranger', line: newest };
}
