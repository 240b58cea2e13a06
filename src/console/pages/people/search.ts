/**
 * Converts a typed text to a query of `GET /users` (Lucene syntax). Escapes the text, so that it can never change the
 * query's meaning. Pure.
 */

const BLANKS = /\s+/g;
const NOT_PLAIN = /[^\p{L}\p{N}]/gu;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const DOMAIN = /^@[^\s@]+$/;

/** Escapes every character except letters and digits, so that none has a meaning in the query language. */
const escaped = (text: string) => text.replace(NOT_PLAIN, '\\$&');

export interface Narrowed {
  readonly q?: string | undefined;
  readonly show?: 'blocked' | 'unverified' | undefined;
}

/**
 * Returns the query. `@acme.com` searches by domain, and a text that contains `|` by id. Any other text is compared
 * with the beginning of address and name, for which the server has an index. Returns undefined if nothing restricts the
 * list.
 */
export function toUserQuery({ q = '', show }: Narrowed): string | undefined {
  const text = q.trim().replace(BLANKS, ' ');
  const terms: string[] = [];
  if (DOMAIN.test(text)) terms.push(`email.domain:${escaped(text.slice(1))}`);
  else if (text.includes('|')) terms.push(`user_id:${escaped(text)}`);
  else if (text !== '') terms.push(`(email:${escaped(text)}* OR name:${escaped(text)}*)`);
  if (show === 'blocked') terms.push('blocked:true');
  if (show === 'unverified') terms.push('email_verified:false');
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

/** True if the text is a whole email address. The people who have it are shown first. */
export const isAddress = (text = ''): boolean => ADDRESS.test(text.trim());
