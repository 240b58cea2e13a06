/**
 * Names of the counters of tries. By them an operator finds which limit was reached, and resets it. Counts nothing. The
 * counter of a single mailed code has no name: nobody can reset it, so a code with too many tries stays invalid.
 */
import type { Email } from '../domain/people/email.js';
import { networksOf } from '../kernel/networks.js';

/**
 * Kinds of tries that are guesses at a person's password or at a mailed code. An administrator or a mailed link resets
 * their counters. Nobody resets the limits of mail, which protect a mailbox.
 */
const GUESSES = ['password', 'proof'] as const;

/**
 * Returns the name of the counter for one kind of tries, from everywhere. `named`: the typed address or a client id.
 */
export const namedSubject = (kind: string, named: string): string => `${kind}:${named}`;

/** Returns the name of the counter for one kind of tries from browsers that have signed the account in before. */
export const deviceSubject = (kind: string, userId: string): string => `${kind}-device:${userId}`;

/** Returns the name of the counters for all kinds of tries from a network. */
export const networkSubject = (network: string): string => `network:${network}`;

/** Returns the names of the counters for guesses at any account with this address. */
export function subjectsOfAddress(email: Email): readonly string[] {
  return GUESSES.map((kind) => namedSubject(kind, email));
}

/** Returns the names of the counters for guesses at this account from browsers that have signed it in before. */
export function subjectsOfAccount(userId: string): readonly string[] {
  return GUESSES.map((kind) => deviceSubject(kind, userId));
}

/**
 * Returns the names of the counters for guesses at this account's second factor. Only an administrator resets them.
 * Attack: somebody who reads the mailbox and knows the password gets further guesses by each mailed link.
 */
export function subjectsOfFactors(userId: string): readonly string[] {
  return [namedSubject('factor', userId), deviceSubject('factor', userId)];
}

/** Returns the names of the counters for the machine with this network address, and for its networks. */
export function subjectsOfIp(ip: string): readonly string[] {
  return networksOf(ip).map(({ name }) => networkSubject(name));
}
