/**
 * Checks the subject or email address by which a person is to be expected, in requests for one user and for many. Reads
 * and writes no stored data.
 */
import { isSubject } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import type { Expectation } from '../../ports/directory/people.js';

/**
 * Why the request does not say by what a person is to be recognized. `subject`: the subject is not valid in an ID
 * token. `email`: there is no subject, and the email address is not a plain one.
 */
export interface NoExpectation {
  readonly wrong: 'subject' | 'email';
}

/** Returns the subject if the request has one, otherwise the address. */
export function parseExpectation(subject: string | undefined, email: string | undefined): Expectation | NoExpectation {
  // An invalid subject is refused: nobody could ever sign in with it, and a long one would not fit into the database's
  // index.
  if (subject !== undefined) return isSubject(subject) ? { subject } : { wrong: 'subject' };
  const expectedEmail = parseEmail(email);
  return expectedEmail === undefined ? { wrong: 'email' } : { expectedEmail };
}
