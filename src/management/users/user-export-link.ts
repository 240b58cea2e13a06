/**
 * The link to the file of an export. It is valid for 60 seconds, and each request for the job's status returns a new
 * one, as on Auth0 ("Bulk user exports"). The server's key seals it for one job, so it needs no row and cannot be
 * forged. Its holder can read people's data: it is given only to a caller who may read users, and never logged.
 */
import { addSeconds } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { UserExportJob } from '../../ports/directory/user-exports.js';

const LIFETIME_SECONDS = 60;

/**
 * The context of the seal, different for each job. Attack: the link of one job is used for another job with more people
 * or fields.
 */
const contextOf = (jobId: string) => `ticket:users_export:${jobId}`;

/** Returns the name of the file, which is the last part of its URL. */
export const fileNameOf = (format: UserExportJob['format']) => `users.${format}.gz`;

/** Returns the link. Its download must begin within 60 seconds after `now`, but may take longer. */
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
 * True for a ticket of {@link toExportLink} for this job that has not expired. The comparison takes constant time
 * (AES-GCM).
 */
export function isExportTicket(box: SecretBox, jobId: string, ticket: string, now: Date): boolean {
  const until = openToken(box, ticket, contextOf(jobId))?.until;
  return until !== undefined && new Date(until) > now;
}
