/**
 * Port: the writes of a login's commit to stored passwords. Hashes only; no adapter decides which passwords are
 * deleted.
 */
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
        /**
         * The source that vouches for the password. Undefined: a new password has none, and a stronger hash of the same
         * password keeps the earlier one.
         */
        readonly vouchedBy: PasswordVoucher | undefined;
      };
  /**
   * The database connection of a password that the person typed in this login, if they also used a mailed link. From
   * then on, the password counts as vouched for by mail.
   */
  readonly provesPassword?: string | undefined;
  /**
   * Part 10 of the linking rule: stored passwords to delete, with all access gained by them. `unvouched`: those that
   * nobody vouches for. `unmailed`: those that were set without a mailed code or link. The rows stay, so that the owner
   * can ask for a new one.
   */
  readonly endPasswords?: { readonly which: 'unvouched' | 'unmailed'; readonly keep: string | undefined } | undefined;
}
