/**
 * Names by which the counters of tries are found again, so that an operator can see which limit was reached and reset
 * it. Counts nothing. A code with too many tries has no name, so nobody can make it valid again.
 */
import type { Email } from '../domain/people/email.js';
import { networksOf } from '../kernel/networks.js';

/**
 * Kinds of tries that are guesses at a person's account. An administrator or a mailed link resets these; limits of mail
 * protect a mailbox, and nobody resets them.
 */
const GUESSES = ['password', 'proof'] as const;

/** Names the tries of one kind for a typed address or an application, from everywhere. */
export const namedSubject = (kind: string, named: string): string => `${kind}:${named}`;

/** Names the tries of one kind in browsers that have signed the account in before. */
export const deviceSubject = (kind: string, userId: string): string => `${kind}-device:${userId}`;

/** Names the counters for all kinds of tries from a network. */
export const networkSubject = (network: string): string => `network:${network}`;

/** Names the counters for guesses at any account with this address. */
export function subjectsOfAddress(email: Email): readonly string[] {
  return GUESSES.map((kind) => namedSubject(kind, email));
}

/** Names the guesses at this account in its known browsers. */
export function subjectsOfAccount(userId: string): readonly string[] {
  return GUESSES.map((kind) => deviceSubject(kind, userId));
}

/** Names the tries from the machine with this address, and from its networks. */
export function subjectsOfIp(ip: string): readonly string[] {
  return networksOf(ip).map(({ name }) => networkSubject(name));
}
