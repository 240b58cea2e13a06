/** Port: stores mail as a row of the outbox, so that it survives a crash and no request waits for a mail server. */
import type { Email } from '../domain/people/email.js';
import type { LogEntry } from './ledger.js';

export type MailTemplate =
  | 'invitation'
  | 'proof_code'
  | 'factor_code'
  | 'password_reset'
  | 'password_changed'
  | 'factor_changed'
  | 'enrollment_email'
  | 'blocked_account'
  | 'verify_email'
  | 'import_completed'
  | 'import_failed'
  | 'domain_proof_shaky'
  | 'domain_proof_ended';

export interface OutgoingMail {
  readonly id: string;
  readonly to: Email;
  readonly template: MailTemplate;
  /** The template's data; may hold a code or a link, so it is sealed at rest. Plain JSON. */
  readonly model: Readonly<Record<string, unknown>>;
}

export interface Outbox {
  /** Stores a mail in a transaction of its own (invitations and codes; a commit stores its own mail). */
  enqueue(mail: OutgoingMail, at: Date): Promise<void>;
}

export interface LoggedOutbox {
  /** Stores a mail and the lines of the log about it in one transaction. */
  enqueueLogged(mail: OutgoingMail, log: readonly LogEntry[], at: Date): Promise<void>;
}
