/**
 * The link of a sign-up by a program, as a sealed token. It carries only what the owner of the mailbox sees on the page
 * and can change there. Attack (pre-hijacking): a stranger signs up with another person's address, and the owner's
 * account carries the stranger's picture, names or metadata.
 */
import type { Email } from '../../domain/people/email.js';
import { MAX_TOKEN_CHARACTERS, openToken, type SecretBox, sealToken } from '../../kernel/seal.js';

export const OPEN_PATH = '/u/open-account';
/** A day: people often open a mailed link the next morning. */
export const LINK_SECONDS = 86_400;
const CONTEXT = 'ticket:sign_up';

/** The content of the link. */
export interface SealedSignUp {
  readonly email: Email;
  /** The part of the account's id after `auth0|`, which the program got as the answer to its sign-up. */
  readonly subject: string;
  /** The name that the page suggests; empty for none. */
  readonly name: string;
  readonly clientId: string;
  /** Id and name of the database. A new one may get the name of a deleted one. */
  readonly connection: { readonly id: string; readonly name: string };
  readonly expiresAt: Date;
}

/** Seals the link; undefined when the token would be too long to be opened again. */
export function sealLink(box: SecretBox, link: SealedSignUp): string | undefined {
  const { email: e, subject: s, name: n, clientId: c, connection, expiresAt } = link;
  const fields = { e, s, n, c, d: connection.name, i: connection.id, x: String(expiresAt.getTime()) };
  const token = sealToken(box, fields, CONTEXT);
  return token.length > MAX_TOKEN_CHARACTERS ? undefined : token;
}

/** Opens the seal; undefined for a token that this server did not seal for a sign-up. Expired ones are opened, too. */
export function openLink(box: SecretBox, token: string): (Omit<SealedSignUp, 'email'> & { email: string }) | undefined {
  const fields = openToken(box, token, CONTEXT);
  if (fields === undefined) return undefined;
  const { e: email = '', s: subject = '', n: name = '', c: clientId = '', d = '', i = '', x } = fields;
  return { email, subject, name, clientId, connection: { id: i, name: d }, expiresAt: new Date(Number(x)) };
}

/** The key that marks the link of this subject as used. */
export const keyOf = (subject: string): string => `sign-up-link:${subject}`;
