/** Port: mail leaves through an outbox row, so that it survives a crash and never waits for a mail server. */
import type { Email } from '../domain/email.js';

export type MailTemplate =
  | 'invitation'
  | 'proof_code'
  | 'password_reset'
  | 'password_changed'
  | 'verify_email'
  | 'import_completed'
  | 'import_failed';

export interface OutgoingMail {
  readonly id: string;
  readonly to: Email;
  readonly template: MailTemplate;
  /** What the template shows; may hold a code or a link, so it is sealed at rest. Plain JSON. */
  readonly model: Readonly<Record<string, unknown>>;
}

export interface Outbox {
  /** Puts a mail into the outbox in a transaction of its own (invitations and codes; a commit's mail rides in the commit). */
  enqueue(mail: OutgoingMail, at: Date): Promise<void>;
}
