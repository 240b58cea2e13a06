/**
 * The link to the file of an export: Auth0's minute (its "Bulk user exports": 60 seconds, a new one whenever the job is read). Sealed with the
 * server's key for one job, so it needs no row and nobody can make one. Its holder reads people's data, so it is given only to a caller
 * who may read users, and never logged.
 */
import { addSeconds } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { UserExportJob } from '../../ports/directory/user-exports.js';

const LIFETIME_SECONDS = 60;

/** Attack stopped here: the link of one job opened for another, which has more people or more fields. */
const contextOf = (jobId: string) => `ticket:users_export:${jobId}`;

/** The file's name, which is the end of its address. */
export const fileNameOf = (format: UserExportJob['format']) => `users.${format}.gz`;

/** The link, good from `now` for a minute. A download that has begun is not ended by it. */
export function toExportLink(
  { origin, ticketBox }: { readonly origin: string; readonly ticketBox: SecretBox },
  { id, format }: Pick<UserExportJob, 'id' | 'format'>,
  now: Date,
): string {
  const until = addSeconds(now, LIFETIME_SECONDS).toISOString();
  const ticket = sealToken(ticketBox, { until }, contextOf(id));
  return `${origin}/api/v2/jobs/${id}/${fileNameOf(format)}?ticket=${ticket}`;
}

/** True for a ticket of {@link toExportLink} for this job whose minute is not over. The seal is compared in constant time (AES-GCM). */
export function isExportTicket(box: SecretBox, jobId: string, ticket: string, now: Date): boolean {
  const until = openToken(box, ticket, contextOf(jobId))?.until;
  return until !== undefined && new Date(until) > now;
}
