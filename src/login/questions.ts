/** The questions that a login asks about the account and the address, and the answers. Values only; all immutable. */
import type { Email } from '../domain/people/email.js';
import type { Connection } from '../domain/tenant.js';

/** The question "first prove that the account is yours". The person sees the same whether or not an account exists. */
export interface ProofQuestion {
  readonly kind: 'ask';
  readonly email: Email;
  readonly userId: string | undefined;
  readonly hasPassword: boolean;
  /** Name of the rule of silent linking that failed, so that the person is asked for a proof. */
  readonly rule: string;
  /** True if the organization has not proved the domain: then everybody is asked, with and without an account. */
  readonly domainUnproved?: true;
}

/** The person's typed proof was wrong: the page asks the same question again. */
export interface ProofAgain {
  readonly kind: 'again';
  readonly triesLeft: number;
}

/** The question "you began with one address, and the company's sign-in came back with another: is this you?" */
export interface AddressQuestion {
  readonly kind: 'confirm';
  readonly typed: Email;
  readonly cameBack: Email;
  /** The connection where the person signed in. */
  readonly connection: Connection;
}

/**
 * The proof that the linking rule may ask of a person: that an account or mailbox is theirs. They type a code mailed to
 * `email`, or the account's old password. `userId`: that account; undefined if there was none.
 */
export interface OwnProof {
  readonly by: 'code' | 'password';
  readonly email: Email;
  readonly userId: string | undefined;
}

/** A proof that a person was asked for and has not given yet. The browser keeps it sealed, the code as a hash. */
export interface PendingProof {
  readonly id: string;
  readonly email: string;
  /** The account that the person would be linked to; undefined when there was none. */
  readonly userId?: string;
  readonly codeHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** True when no code was mailed because the address had received too many mails. */
  readonly unsent?: true;
}

/** The person's typed answer to a pending proof. */
export interface ProofAnswer {
  readonly pending: PendingProof;
  readonly by: OwnProof['by'];
  readonly typed: string;
}
