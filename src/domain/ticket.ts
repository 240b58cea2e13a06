/** Links by mail that prove an address, set a password, end a block or invite: the purposes of the tickets in them. No I/O. */
import type { SecretBox } from '../kernel/seal.js';

export type TicketPurpose = 'password' | 'verify_email' | 'unblock';

/** A day, as a link in a mail is often opened the next morning. */
const USUAL_RESET_SECONDS = 86_400;
/** A mail takes its time. */
const LEAST_RESET_SECONDS = 60;
/** Five days, Auth0's default. Attack: an old mail in a mailbox that somebody else reads later. */
const MOST_RESET_SECONDS = 432_000;

/** How long the link for a new password, or to end a block, works, in seconds, where the tenant wishes so many (none or 0: the usual time). */
export function toResetLifetime(wished: number | undefined): number {
  if (wished === undefined || wished <= 0) return USUAL_RESET_SECONDS;
  return Math.min(Math.max(Math.floor(wished), LEAST_RESET_SECONDS), MOST_RESET_SECONDS);
}

/**
 * Context for `sealToken` and `openToken` (kernel/seal.ts). The fields are `u`, the user id, and `r`, a random secret whose
 * hash is the row's key. A ticket for one purpose does not open for the other.
 */
export function ticketContext(purpose: TicketPurpose): string {
  return `ticket:${purpose}`;
}

function mailedContext(ticket: string): string {
  return `ticket:invitation:${ticket}`;
}

/**
 * The ticket of an invitation as the mail has it: with a seal that is shown nowhere else. The ticket alone is also in answers of the
 * Management API, so an organization's administrator may have it; a person who brings the seal reads the mailbox.
 */
export function toMailedTicket(box: SecretBox, ticket: string): string {
  return `${ticket}.${box.seal('', mailedContext(ticket)).toString('base64url')}`;
}

/** The ticket of an invitation link, and whether the link came out of the mail. With a wrong seal, `text` is an unknown ticket. */
export function readInvitationTicket(box: SecretBox, text: string): { ticket: string; mailed: boolean } {
  const [, ticket, seal] = /^([A-Za-z0-9]+)\.([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (ticket === undefined || seal === undefined) return { ticket: text, mailed: false };
  const mailed = box.open(Buffer.from(seal, 'base64url'), mailedContext(ticket)) !== undefined;
  return { ticket: mailed ? ticket : text, mailed };
}
