/**
 * Converts a typed text to the query language of `GET /users`. Pure. Typed text is escaped, so it can never change the
 * query.
 */

const BLANKS = /\s+/g;
const NOT_PLAIN = /[^\p{L}\p{N}]/gu;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const DOMAIN = /^@[^\s@]+$/;

/** Escapes each character with a meaning in the query language. */
const escaped = (text: string) => text.replace(NOT_PLAIN, '\\$&');

export interface Narrowed {
  readonly q?: string | undefined;
  readonly show?: 'blocked' | 'unverified' | undefined;
}

/**
 * Returns the query: `@acme.com` searches by domain, an id with a bar by id, any other text by the beginning of address
 * or name (by index, even among a million people). Undefined for everybody.
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

/** True for a whole address: people who have it are shown first. */
export const isAddress = (text = ''): boolean => ADDRESS.test(text.trim());
