/**
 * The tickets in mailed links, which prove an address, set a password, lift a block, set up a second factor or invite:
 * lifetimes and seals. No I/O.
 */
import { openToken, type SecretBox, sealToken } from '../kernel/seal.js';

export type TicketPurpose = 'password' | 'verify_email' | 'unblock' | 'enrollment' | 'stop_factor';

/**
 * The kinds of factors that a ticket can set up: those that only ever add to another proof. Attack: a mailed link that
 * makes a passkey would be a way into the account.
 */
export const TICKET_KINDS = ['otp', 'webauthn-roaming'] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

/** A day: people often open a mailed link the next morning. */
const USUAL_RESET_SECONDS = 86_400;
/** Shortest lifetime that a tenant can choose: a minute, because mail needs time to arrive. */
const LEAST_RESET_SECONDS = 60;
/**
 * Longest lifetime that a tenant can choose: five days, Auth0's default. Attack: somebody else reads an old mail in the
 * mailbox later.
 */
const MOST_RESET_SECONDS = 432_000;

/**
 * Returns the lifetime in seconds of a link for a new password, or for lifting a block, from the number that the tenant
 * has set (none or 0: the usual lifetime).
 */
export function toResetLifetime(wished: number | undefined): number {
  if (wished === undefined || wished <= 0) return USUAL_RESET_SECONDS;
  return Math.min(Math.max(Math.floor(wished), LEAST_RESET_SECONDS), MOST_RESET_SECONDS);
}

/**
 * Returns the context for `sealToken` and `openToken` (kernel/seal.ts). The sealed fields are `u`, the user id, and
 * `r`, a random secret; the row of the ticket is stored under the hash of `r`. A ticket for one purpose does not open
 * for another.
 */
export function ticketContext(purpose: TicketPurpose): string {
  return `ticket:${purpose}`;
}

/**
 * Lifetime in seconds of the link that removes an account's first factor: three days, since a mail of Friday evening is
 * often read on Monday. Not longer: in this time the mailbox alone is still enough to get into the account.
 */
export const STOP_SECONDS = 3 * 86_400;

interface Stop {
  readonly userId: string;
  readonly secret: string;
  readonly email: string;
  readonly organizationId: string | undefined;
  /** When the factor was set up. */
  readonly at: Date;
}

/** Returns the ticket of the link that removes the first factor of an account. */
export function sealStop(box: SecretBox, { userId, secret, email, organizationId, at }: Stop): string {
  const fields = { u: userId, r: secret, e: email, o: organizationId ?? '', t: String(at.getTime()) };
  return sealToken(box, fields, ticketContext('stop_factor'));
}

/** Opens the ticket of {@link sealStop}; undefined when this server did not seal it. Does not check its age. */
export function openStop(box: SecretBox, ticket: string): Stop | undefined {
  const { u, r, e, o, t } = openToken(box, ticket, ticketContext('stop_factor')) ?? {};
  if (u === undefined || r === undefined || e === undefined || t === undefined) return undefined;
  return { userId: u, secret: r, email: e, organizationId: o === '' ? undefined : o, at: new Date(Number(t)) };
}

/**
 * How an invitation's link was delivered, as its seal says. `mail`: in the mail, so everybody who opens it reads the
 * mailbox. `application`: the link that a machine client was given to deliver, for which only the inviting organization
 * may vouch. `operator`: the link that a command of this server printed.
 */
export type LinkCarrier = 'mail' | 'application' | 'operator';

const CARRIERS: readonly LinkCarrier[] = ['mail', 'application', 'operator'];

function sealContext(carrier: LinkCarrier, ticket: string): string {
  return `ticket:invitation:${carrier}:${ticket}`;
}

/**
 * Returns an invitation's ticket with a seal that says how the link is delivered. Only the delivered link has the seal:
 * an administrator who reads the ticket in an answer of the Management API does not get it.
 */
export function toSealedTicket(box: SecretBox, carrier: LinkCarrier, ticket: string): string {
  return `${ticket}.${box.seal('', sealContext(carrier, ticket)).toString('base64url')}`;
}

/**
 * Parses the ticket of an invitation link, and from a valid seal how the link was delivered. With a wrong seal, the
 * whole text is returned as the ticket, which no invitation has.
 */
export function readInvitationTicket(
  box: SecretBox,
  text: string,
): { readonly ticket: string; readonly carrier: LinkCarrier | undefined } {
  const [, ticket, seal] = /^([A-Za-z0-9]+)\.([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (ticket === undefined || seal === undefined) return { ticket: text, carrier: undefined };
  const sealed = Buffer.from(seal, 'base64url');
  const carrier = CARRIERS.find((one) => box.open(sealed, sealContext(one, ticket)) !== undefined);
  return { ticket: carrier === undefined ? text : ticket, carrier };
}
