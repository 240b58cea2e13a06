/**
 * A parsed user search as SQL. Every text is a parameter, every field comes from a closed list: no typed text becomes part
 * of a statement.
 */
import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely';
import { assertNever } from '../../../kernel/assert.js';
import type { SearchField, SearchTerm } from '../../../ports/directory/users.js';
import type { Database } from '../../schema/schema.js';
import { beginsWith, escapeLike } from '../rows.js';

/** As in `shownProfile`: a user without a name is shown by their address. Without regard to case, in the order of code points. */
export const SHOWN_NAME = sql<string>`lower(coalesce(users.name, users.email)) collate "C"`;
export const ADDRESS = sql<string>`users.email collate "C"`;
const DOMAIN = sql<string>`split_part(users.email, '@', 2) collate "C"`;
const USER_ID = sql<string>`users.user_id collate "C"`;
const CONNECTION_NAME = sql<string>`lower(connections.name) collate "C"`;

type Match = Extract<SearchTerm, { kind: 'match' }>;

/** The connections that a term means, by the term. */
export type ConnectionsOfTerms = ReadonlyMap<Match, readonly string[]>;

/** Columns in lower case, each with an index of collation "C": it serves a beginning as well as a whole text. */
function textMatches(column: RawBuilder<unknown>, { text, prefix }: Match): RawBuilder<boolean> {
  if (prefix) return beginsWith(column, text);
  return sql<boolean>`${column} = lower(${text})`;
}

/** Which connections the terms about connections mean. Their ids tell the planner how many people each has; a join by name does not. */
export async function findConnectionsOfTerms(
  db: Kysely<Database>,
  terms: readonly SearchTerm[],
): Promise<ConnectionsOfTerms> {
  const found = new Map<Match, readonly string[]>();
  for (const term of terms.flatMap(listMatches).filter(({ field }) => field === 'identities.connection')) {
    const rows = await db.selectFrom('connections').select('id').where(textMatches(CONNECTION_NAME, term)).execute();
    found.set(
      term,
      rows.map(({ id }) => id),
    );
  }
  return found;
}

function listMatches(term: SearchTerm): readonly Match[] {
  if (term.kind === 'match') return [term];
  if (term.kind === 'not') return listMatches(term.term);
  return 'terms' in term ? term.terms.flatMap(listMatches) : [];
}

function atConnection(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from identities
    where identities.user_id = users.user_id and identities.status = 'bound' and ${condition})`;
}

function matches(term: Match, connections: ConnectionsOfTerms): RawBuilder<boolean> {
  const { field, text, prefix } = term;
  switch (field) {
    case 'email':
      // Addresses are stored in lower case.
      if (!prefix) return sql<boolean>`users.email = ${text.toLowerCase()}`;
      return textMatches(ADDRESS, term);
    case 'email.domain':
      return textMatches(DOMAIN, term);
    case 'user_id':
      if (!prefix) return sql<boolean>`users.user_id = ${text}`;
      return sql<boolean>`${USER_ID} like ${`${escapeLike(text)}%`}`;
    case 'name':
      return textMatches(SHOWN_NAME, term);
    case 'identities.connection': {
      const ids = connections.get(term) ?? [];
      return ids.length === 0
        ? sql<boolean>`false`
        : atConnection(sql<boolean>`identities.connection_id = any(${[...ids]}::text[])`);
    }
    case 'blocked':
      return text === 'true' ? sql<boolean>`users.blocked` : sql<boolean>`not users.blocked`;
    case 'email_verified':
      return sql<boolean>`users.email_verified = ${text === 'true'}`;
    default:
      return assertNever(field);
  }
}

function exists(field: SearchField): RawBuilder<boolean> {
  if (field === 'email' || field === 'email.domain') return sql<boolean>`users.email is not null`;
  if (field === 'name') return sql<boolean>`coalesce(users.name, users.email) is not null`;
  if (field === 'identities.connection') return atConnection(sql<boolean>`true`);
  return sql<boolean>`true`;
}

/** The condition for {@link SearchTerm}. Null stands for no; `not` alone tells the two apart, since around a comparison no index would be used. */
export function toCondition(
  term: SearchTerm,
  connections: ConnectionsOfTerms,
): Expression<boolean> & RawBuilder<boolean> {
  const toInner = (inner: SearchTerm) => toCondition(inner, connections);
  switch (term.kind) {
    case 'all':
      return sql<boolean>`true`;
    case 'match':
      return matches(term, connections);
    case 'exists':
      return exists(term.field);
    case 'not':
      return sql<boolean>`not coalesce(${toInner(term.term)}, false)`;
    case 'and':
      return sql<boolean>`(${sql.join(term.terms.map(toInner), sql` and `)})`;
    case 'or':
      return sql<boolean>`(${sql.join(term.terms.map(toInner), sql` or `)})`;
    default:
      return assertNever(term);
  }
}
