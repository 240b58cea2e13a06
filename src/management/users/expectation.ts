/** The one rule for what a person may be expected by, shared by the call for one user and the call for many. Reads and writes nothing. */
import { isSubject } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import type { Expectation } from '../../ports/directory/people.js';

/** `subject`: none that an ID token may have; `email`: no subject was given, and no plain address. */
export interface NoExpectation {
  readonly wrong: 'subject' | 'email';
}

/** A subject if one is given, else an address. */
export function parseExpectation(subject: string | undefined, email: string | undefined): Expectation | NoExpectation {
  // Any other subject could never sign in, and a long one would not fit the index.
  if (subject !== undefined) return isSubject(subject) ? { subject } : { wrong: 'subject' };
  const expectedEmail = parseEmail(email);
  return expectedEmail === undefined ? { wrong: 'email' } : { expectedEmail };
}
