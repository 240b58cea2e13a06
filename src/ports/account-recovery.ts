/** Port: tickets for a new password, for proving an address or for ending a block, outside any login. Single use, bound to user and connection, expiring. */

import type { TemplateName } from '../domain/mail/mail-template.js';
import type { Email } from '../domain/people/email.js';
import type { Connection, Organization, Tenant } from '../domain/tenant.js';
import type { TicketPurpose } from '../domain/ticket.js';
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
  /** `initiate_login_uri` of the application from which the ticket was requested, with its placeholders. */
  readonly initiateLoginUri: string | undefined;
  /** The person's next page, as the maker of the ticket wished. */
  readonly resultUrl: string | undefined;
  /** The voucher for the address when the ticket is used; undefined when there is none. */
  readonly vouches: 'mail' | 'operator' | undefined;
}

/** The known data of a ticket that cannot be used. */
export interface EndedTicket {
  readonly purpose: Ticket['purpose'];
  readonly email: string;
  readonly organizationId: string | undefined;
  readonly usedAt: Date | undefined;
  readonly expiresAt: Date;
}

/** A new ticket, with the mail that carries it. */
export interface MailedTicket {
  readonly userId: string;
  readonly ticketHash: Buffer;
  readonly connectionId: string;
  readonly email: Email;
  readonly organizationId: string | undefined;
  /** The application from which it was requested. */
  readonly clientId: string;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly mail: OutgoingMail;
}

export interface AccountRecovery {
  /** How long the link of a mail works, as the tenant wishes, in seconds; undefined where it wishes nothing. Of names, the first counts. */
  findLinkLifetime(names: readonly TemplateName[]): Promise<number | undefined>;
  /** Stores a password ticket and its mail in one transaction. */
  requestPassword(ticket: MailedTicket): Promise<void>;
  /** As {@link requestPassword}, to end a block; nothing while an earlier one waits for its use. */
  requestUnblock(ticket: MailedTicket): Promise<void>;
  /** A ticket that can still be used. */
  findTicket(reference: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
  }): Promise<Ticket | undefined>;
  /** Any ticket, for the log line about one that cannot be used; undefined for one that was withdrawn, or ended long ago. */
  findEndedTicket(reference: {
    readonly userId: string;
    readonly ticketHash: Buffer;
  }): Promise<EndedTicket | undefined>;
  /**
   * Uses a password ticket in one transaction: stores the hash, records the voucher for the address if the ticket has one, ends all
   * sessions, refresh tokens and other tickets of the user, sends the notice. False when the ticket was used before.
   */
  usePasswordTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly hash: string;
    readonly at: Date;
    readonly notice: OutgoingMail;
    readonly log: LogEntry;
    /** The job for Actions that run after it, if some are bound. */
    readonly job: ActionJob;
  }): Promise<boolean>;
  /**
   * Uses a verification ticket: records the voucher for the address if it is still the account's. A link out of the mailbox ends the passwords
   * that nobody vouches for, with all access. Undefined when it cannot be used.
   */
  useVerificationTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
    readonly log: LogEntry;
  }): Promise<'used' | 'used_password_ended' | undefined>;
  /** Uses a ticket that ends a block: false when it cannot be used, or its address is no longer that of the account. Lifts nothing itself. */
  useUnblockTicket(use: {
    readonly userId: string;
    readonly ticketHash: Buffer;
    readonly at: Date;
    readonly log: LogEntry;
  }): Promise<boolean>;
}
