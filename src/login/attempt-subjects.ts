/**
 * The names under which the counters of tries are found again, so that an operator can see which limit was reached and lift it. Only names:
 * counts nothing. A code that was tried too often has none, so nobody can bring it back to life.
 */
import type { Email } from '../domain/people/email.js';
import { networksOf } from '../kernel/networks.js';

/** The kinds of tries that are guesses at a person's account. Limits of mail protect a mailbox, and nobody lifts them. */
const GUESSES = ['password', 'proof'] as const;

/** The tries of one kind for a typed address or an application, from everywhere. */
export const namedSubject = (kind: string, named: string): string => `${kind}:${named}`;

/** The tries of one kind in browsers that have signed the account in before. */
export const deviceSubject = (kind: string, userId: string): string => `${kind}-device:${userId}`;

/** The tries of all kinds from a network. */
export const networkSubject = (network: string): string => `network:${network}`;

/** The guesses at whatever account has this address. */
export function subjectsOfAddress(email: Email): readonly string[] {
  return GUESSES.map((kind) => namedSubject(kind, email));
}

/** The guesses at this account in browsers that it knows. */
export function subjectsOfAccount(userId: string): readonly string[] {
  return GUESSES.map((kind) => deviceSubject(kind, userId));
}

/** The tries from the machine with this address, and from the networks that it is in. */
export function subjectsOfIp(ip: string): readonly string[] {
  return networksOf(ip).map(({ name }) => networkSubject(name));
}
