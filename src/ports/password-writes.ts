/** Port: the part of a login's commit that is about stored passwords. Hashes only; no adapter decides which of them end. */
import type { PasswordVoucher } from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';

export interface PasswordWrites {
  /** A password to store: of a sign-up, or a better hash of a verified password. */
  readonly password:
    | undefined
    | {
        readonly connectionId: string;
        readonly email: Email;
        readonly hash: string;
        /** Undefined: nobody for a new password, the one of before for a better hash. */
        readonly vouchedBy: PasswordVoucher | undefined;
      };
  /** The database connection of a stored password that its owner showed beside a link out of their mailbox. */
  readonly provesPassword?: string | undefined;
  /**
   * Part 10 of the linking rule: stored passwords that end, with what was opened by them. `unvouched`: those that nobody vouches for.
   * `unmailed`: those that were set without a mailed code or link. The rows stay, so that the owner can ask for a new one.
   */
  readonly endPasswords?: { readonly which: 'unvouched' | 'unmailed'; readonly keep: string | undefined } | undefined;
}
