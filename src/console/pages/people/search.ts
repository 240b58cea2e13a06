/** From a typed text to the query language of `GET /users`. Pure. Nothing that is typed can be read as a part of the language. */

const BLANKS = /\s+/g;
const NOT_PLAIN = /[^\p{L}\p{N}]/gu;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const DOMAIN = /^@[^\s@]+$/;

/** Each character that could mean something stands for itself. */
const escaped = (text: string) => text.replace(NOT_PLAIN, '\\$&');

export interface Narrowed {
  readonly q?: string | undefined;
  readonly show?: 'blocked' | 'unverified' | undefined;
}

/**
 * `@acme.com` finds by domain, an id with a bar by id, anything else what begins so in address or name (by index, also at a million people).
 * Undefined for everybody.
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

/** Whether the text is a whole address: those who have it are shown first. */
export const isAddress = (text = ''): boolean => ADDRESS.test(text.trim());
