/**
 * Converts a typed text to a query of `GET /users` (Lucene syntax). Escapes the text, so that it can never change the
 * query's meaning; only a text that begins with a field is a query itself. Pure.
 */

const BLANKS = /\s+/g;
const NOT_PLAIN = /[^\p{L}\p{N}]/gu;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const DOMAIN = /^@[^\s@]+$/;

/** Matches a query that names a field of the user search. The plain search covers the other fields. */
const FIELDS =
  /^(?:NOT |-)?\(?(?:_exists_|(?:app|user)_metadata\.[\w.-]+|username|organization_id|last_login|created_at|updated_at|logins_count|identities\.connection):\S/;

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

/**
 * Returns the query of the page that lists people. As {@link toUserQuery}, but a text that begins with a field, such as
 * `app_metadata.plan:"gold"`, is sent as it is.
 */
export function toPeopleQuery({ q = '', show }: Narrowed): string | undefined {
  const text = q.trim();
  if (!FIELDS.test(text)) return toUserQuery({ q, show });
  const shown = toUserQuery({ show });
  return shown === undefined ? text : `(${text}) AND ${shown}`;
}

/** True if the text is a whole email address. The people who have it are shown first. */
export const isAddress = (text = ''): boolean => ADDRESS.test(text.trim());
