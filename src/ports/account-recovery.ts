/**
 * Port: tickets for a new password, for proving an address, for lifting a block or for a second factor, outside any
 * login. Single use, bound to user and connection, expiring.
 */

import type { TemplateName } from '../domain/mail/mail-template.js';
import type { Email } from '../domain/people/email.js';
import type { Connection, Organization, Tenant } from '../domain/tenant.js';
import type { TicketKind, TicketPurpose } from '../domain/ticket.js';
import type { ActionJob } from './action-jobs.js';
import type { LogEntry } from './ledger.js';
import type { OutgoingMail } from './mailer.js';

export interface Ticket {
  readonly userId: string;
  readonly purpose: TicketPurpose;
  readonly email: Email;
  readonly connection: Connection | undefined;
  readonly organization: (Organization & { readonly metadata: Readonly<Record<string, unknown>> }) | undefined;
  readonly tenant: Tenant;
  /** The application from which the ticket was requested. */
  readonly applicationName: string | undefined;
  /** `initiate_login_uri` of the requesting application, with its placeholders. */
  readonly initiateLoginUri: string | undefined;
  /** The page to which the person goes on after they used the ticket, as its creator chose. */
  readonly resultUrl: string | undefined;
  /** The source that vouches for the address once the ticket is used; undefined for none. */
  readonly vouches: 'mail' | 'operator' | undefined;
  /** For the purpose `enrollment`: see `NewTicket` (ports/directory/users.ts). */
  readonly enrollment: { readonly kind: TicketKind | undefined; readonly revision: number } | undefined;
}

/** A ticket that cannot be used, with the data that is still known. */
export interface EndedTicket {
  readonly purpose: Ticket['purpose'];
  readonly email: string;
  readonly organizationId: string | undefined;
  readonly usedAt: Date | undefined;
  readonly expiresAt: Date;
}

/** A new ticket, and the mail that carries its link. */
export interface MailedTicket {
  readonly userId: string;
  readonly ticketHash: Buffer;
  readonly connectionId: string;
  readonly email: Email;
  readonly organizationId: string | undefined;
  readonly clientId: string;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly mail: OutgoingMail;
}

/** The link in the mail about the first factor of an account, as its seal says. */
export interface StopLink {
  readonly userId: string;
  readonly ticketHash: Buffer;
  /** The address that the mail was sent to. */
  readonly email: string;
  readonly organizationId: string | undefined;
  /** When the factor was set up. */
  readonly mailedAt: Date;
}

/**
 * The reason why such a link does nothing. `account`: it is gone. `address`: it has another one by now. `older`: it has a
 * factor that is older than the mail.
 */
export type StopLinkEnd = 'account' | 'address' | 'used' | 'operator' | 'older';

/** Removes the factors of an account for its owner, who did not set them up (docs/linking-rule.md, part 11). */
export interface FactorStop {
  /** Returns the link as a ticket, or the reason why it does nothing. */
  findStop(link: StopLink): Promise<Ticket | StopLinkEnd>;
  /**
   * Removes all factors, passwords, sessions, refresh tokens and tickets of the account, queues `notice` and writes
   * `log`, in one transaction. False, and nothing is changed, where {@link findStop} returns a reason.
   */
  stopFactors(
    use: StopLink & {
      readonly at: Date;
      readonly expiresAt: Date;
      readonly notice: OutgoingMail;
      readonly log: LogEntry;
    },
  ): Promise<boolean>;
}

export interface AccountRecovery extends FactorStop {
  /**
   * Returns the lifetime in seconds that the tenant has set for a mailed link; undefined if it has set none. The first
   * of `names` with a lifetime counts.
   */
  findLinkLifetime(names: readonly TemplateName[]): Promise<number | undefined>;
  /** Stores a password ticket and its mail in one transaction. */
  requestPassword(ticket: MailedTicket): Promise<void>;
  /**
   * Stores a ticket that lifts a block, and its mail, in one transaction. Does nothing while an earlier ticket is
   * pending.
   */
  requestUnblock(ticket: MailedTicket): Promise<void>;
  /** Finds a ticket that can still be used. */
  findTicket(reference: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
  }): Promise<Ticket | undefined>;
  /**
   * Finds a ticket even if it was used or has expired, for the log line about it; undefined for one that was revoked,
   * or expired long ago.
   */
  findEndedTicket(reference: {
    readonly userId: string;
    readonly ticketHash: Buffer;
  }): Promise<EndedTicket | undefined>;
  /**
   * Uses a password ticket in one transaction: stores the hash, records who vouches for the address now, revokes all
   * sessions, refresh tokens and other tickets of the user, and queues the mail `notice`. False when the ticket was
   * used before.
   */
  usePasswordTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly hash: string;
    readonly at: Date;
    readonly notice: OutgoingMail;
    readonly log: LogEntry;
    /** The job for Actions that run afterwards, if any are bound. */
    readonly job: ActionJob;
  }): Promise<boolean>;
  /**
   * Uses a verification ticket: records who vouches for the address now, if it is still the account's. A mailed link
   * also deletes the passwords that nobody vouches for, and revokes the access gained by them (`used_password_ended`).
   * Undefined when the ticket cannot be used.
   */
  useVerificationTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
    readonly log: LogEntry;
  }): Promise<'used' | 'used_password_ended' | undefined>;
  /**
   * Uses a ticket that lifts a block of sign-ins: false when it cannot be used, or its address is no longer the
   * account's. Only marks it as used; the caller lifts the block.
   */
  useUnblockTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
    readonly log: LogEntry;
  }): Promise<boolean>;
}
