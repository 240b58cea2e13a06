/**
 * A parsed user search as SQL. Every text is a parameter, every field comes from a closed list: no typed text becomes part
 * of a statement.
 */
import { type Expression, type RawBuilder, sql } from 'kysely';
import { assertNever } from '../../kernel/assert.js';
import type { SearchField, SearchTerm } from '../../ports/directory/users.js';

/** As in `shownProfile`: a user without a name is shown by their address. */
export const SHOWN_NAME = sql`coalesce(users.name, users.email)`;

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Auth0 compares these without regard to case: both sides are folded the same way. */
function textMatches(column: RawBuilder<unknown>, text: string, prefix: boolean): RawBuilder<boolean> {
  if (prefix) return sql<boolean>`lower(${column}) like lower(${`${escapeLike(text)}%`})`;
  return sql<boolean>`lower(${column}) = lower(${text})`;
}

function atConnection(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from identities join connections on connections.id = identities.connection_id
    where identities.user_id = users.user_id and identities.status = 'bound' and ${condition})`;
}

function matches(field: SearchField, text: string, prefix: boolean): RawBuilder<boolean> {
  switch (field) {
    case 'email':
      // Addresses are stored in lower case: the index on users.email serves an exact search.
      if (!prefix) return sql<boolean>`users.email = ${text.toLowerCase()}`;
      return textMatches(sql.ref('users.email'), text, prefix);
    case 'email.domain':
      return textMatches(sql`split_part(users.email, '@', 2)`, text, prefix);
    case 'user_id':
      if (!prefix) return sql<boolean>`users.user_id = ${text}`;
      return sql<boolean>`users.user_id like ${`${escapeLike(text)}%`}`;
    case 'name':
      return textMatches(SHOWN_NAME, text, prefix);
    case 'identities.connection':
      return atConnection(textMatches(sql.ref('connections.name'), text, prefix));
    case 'blocked':
      return sql<boolean>`users.blocked = ${text === 'true'}`;
    case 'email_verified':
      return sql<boolean>`users.email_verified = ${text === 'true'}`;
    default:
      return assertNever(field);
  }
}

function exists(field: SearchField): RawBuilder<boolean> {
  if (field === 'email' || field === 'email.domain') return sql<boolean>`users.email is not null`;
  if (field === 'name') return sql<boolean>`${SHOWN_NAME} is not null`;
  if (field === 'identities.connection') return atConnection(sql<boolean>`true`);
  return sql<boolean>`true`;
}

/** The condition for {@link SearchTerm}; it is never null, so that `not` negates it. */
export function toCondition(term: SearchTerm): Expression<boolean> & RawBuilder<boolean> {
  switch (term.kind) {
    case 'all':
      return sql<boolean>`true`;
    case 'match':
      return sql<boolean>`coalesce(${matches(term.field, term.text, term.prefix)}, false)`;
    case 'exists':
      return exists(term.field);
    case 'not':
      return sql<boolean>`not (${toCondition(term.term)})`;
    case 'and':
      return sql<boolean>`(${sql.join(term.terms.map(toCondition), sql` and `)})`;
    case 'or':
      return sql<boolean>`(${sql.join(term.terms.map(toCondition), sql` or `)})`;
    default:
      return assertNever(term);
  }
}
