/**
 * The link to the file of an export, valid for 60 seconds and new at each read of the job, as Auth0's ("Bulk user
 * exports"). Sealed with the server's key for one job, so it needs no row and cannot be forged. Its holder reads
 * people's data, so it is given only to a caller who may read users, and never logged.
 */
import { addSeconds } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { UserExportJob } from '../../ports/directory/user-exports.js';

const LIFETIME_SECONDS = 60;

/** Context of the sealed link. Attack: the link of one job is used for another, with more people or fields. */
const contextOf = (jobId: string) => `ticket:users_export:${jobId}`;

/** Returns the file's name, with which its URL ends. */
export const fileNameOf = (format: UserExportJob['format']) => `users.${format}.gz`;

/** Returns the link, valid for a minute from `now`. A download that has begun may finish later. */
export function toExportLink(
  { origin, ticketBox }: { readonly origin: string; readonly ticketBox: SecretBox },
  { id, format }: Pick<UserExportJob, 'id' | 'format'>,
  now: Date,
): string {
  const until = addSeconds(now, LIFETIME_SECONDS).toISOString();
  const ticket = sealToken(ticketBox, { until }, contextOf(id));
  return `${origin}/api/v2/jobs/${id}/${fileNameOf(format)}?ticket=${ticket}`;
}

/**
 * True for an unexpired ticket of {@link toExportLink} for this job. The seal is compared in constant time (AES-GCM).
 */
export function isExportTicket(box: SecretBox, jobId: string, ticket: string, now: Date): boolean {
  const until = openToken(box, ticket, contextOf(jobId))?.until;
  return until !== undefined && new Date(until) > now;
}
