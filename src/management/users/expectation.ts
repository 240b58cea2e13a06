/**
 * The rule for the subject or address by which a person may be expected, for one user and for many. Reads and writes
 * nothing.
 */
import { isSubject } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import type { Expectation } from '../../ports/directory/people.js';

/** `subject`: not valid in an ID token. `email`: neither a subject nor a plain address was given. */
export interface NoExpectation {
  readonly wrong: 'subject' | 'email';
}

/** Returns the subject if one is given, otherwise the address. */
export function parseExpectation(subject: string | undefined, email: string | undefined): Expectation | NoExpectation {
  // Refuses other subjects: they could never sign in, and a long one would not fit into the index.
  if (subject !== undefined) return isSubject(subject) ? { subject } : { wrong: 'subject' };
  const expectedEmail = parseEmail(email);
  return expectedEmail === undefined ? { wrong: 'email' } : { expectedEmail };
}
