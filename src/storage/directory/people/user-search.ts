/**
 * Turns a parsed user search into SQL. Every text is a parameter and every field comes from a closed list: user input
 * never becomes part of a statement, and a path of metadata is a parameter, too.
 */
import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely';
import { assertNever } from '../../../kernel/assert.js';
import type { SearchDate, SearchField, SearchTerm } from '../../../ports/directory/users.js';
import type { Database } from '../../schema/schema.js';
import { beginsWith, escapeLike } from '../rows.js';

/**
 * The name by which users are searched and sorted, as in `shownProfile`: for a user without a name, their address.
 * Ignores case, in the order of code points.
 */
export const SHOWN_NAME = sql<string>`lower(coalesce(users.name, users.email)) collate "C"`;
export const ADDRESS = sql<string>`users.email collate "C"`;
const DOMAIN = sql<string>`split_part(users.email, '@', 2) collate "C"`;
const USERNAME = sql<string>`users.username collate "C"`;
const USER_ID = sql<string>`users.user_id collate "C"`;
const CONNECTION_NAME = sql<string>`lower(connections.name) collate "C"`;

type Match = Extract<SearchTerm, { kind: 'match' }>;

type Metadata = Extract<SearchTerm, { kind: 'metadata' }>;
type Range = Extract<SearchTerm, { kind: 'range' }>;

/** For each search term, the ids of the connections that it matches. */
export type ConnectionsOfTerms = ReadonlyMap<Match, readonly string[]>;

/** Compares a lower-case column, whose index of collation "C" serves both prefixes and whole texts. */
function textMatches(column: RawBuilder<unknown>, { text, prefix }: Match): RawBuilder<boolean> {
  if (prefix) return beginsWith(column, text);
  return sql<boolean>`${column} = lower(${text})`;
}

/**
 * Finds the ids of the connections that the terms match. From ids the planner can estimate the number of people, from a
 * join by name it cannot.
 */
export async function findConnectionsOfTerms(
  db: Kysely<Database>,
  terms: readonly SearchTerm[],
): Promise<ConnectionsOfTerms> {
  const found = new Map<Match, readonly string[]>();
  for (const term of terms.flatMap(listMatches)) {
    // The connections of a prefix may be all of a hundred thousand: they stay in the database.
    if (term.field !== 'identities.connection' || term.prefix) continue;
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

function inOrganization(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from members where members.user_id = users.user_id and ${condition})`;
}

/**
 * The column of a date, and the column of its day (UTC) if only that has an index: an index on what every sign-in
 * changes would cost every sign-in (sql/0005).
 */
const DATES: Readonly<Record<SearchDate, readonly [RawBuilder<unknown>, RawBuilder<unknown>?]>> = {
  created_at: [sql.ref('users.created_at')],
  updated_at: [sql.ref('users.updated_at'), sql.ref('users.updated_day')],
  last_login: [sql.ref('users.last_login_at'), sql.ref('users.last_login_day')],
};

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const beginsDay = (date: Date) => date.getTime() % 86_400_000 === 0;

/**
 * Compares the day, and the instant only where the limit is within a day. Both at once would make the planner multiply
 * the shares of two conditions that say the same.
 */
function datesWithin(
  field: SearchDate,
  from: Date | undefined,
  before: Date | undefined,
): readonly RawBuilder<boolean>[] {
  const [instant, day] = DATES[field];
  const conditions: RawBuilder<boolean>[] = [];
  if (from && day) conditions.push(sql`${day} >= ${dayOf(from)}::date`);
  if (from && !(day && beginsDay(from))) conditions.push(sql`${instant} >= ${from}::timestamptz`);
  if (before && day) conditions.push(sql`${day} <= ${dayOf(new Date(before.getTime() - 1))}::date`);
  if (before && !(day && beginsDay(before))) conditions.push(sql`${instant} < ${before}::timestamptz`);
  return conditions.length > 0 ? conditions : [sql`${instant} is not null`];
}

function isWithin(range: Range): RawBuilder<boolean> {
  if (range.field !== 'logins_count')
    return sql`(${sql.join(datesWithin(range.field, range.from, range.before), sql` and `)})`;
  const { from = 0, before = 2 ** 31 - 1 } = range;
  return sql<boolean>`users.logins_count >= ${from}::integer and users.logins_count < ${before}::integer`;
}

/**
 * Compares metadata by a path of SQL/JSON, in lax mode: a list on the way is its items, as in Auth0's search. The path is
 * a parameter, and JSON's notation of keys and values keeps each of them a literal in it.
 */
function hasMetadata({ of, path, values }: Metadata): RawBuilder<boolean> {
  const place = `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`;
  // Null, [] and {} are no values, as on Auth0.
  const anything = `exists(${place} ? (@.type() != "null" && (@.type() != "object" || exists(@.keyvalue()))))`;
  const test = values?.map((value) => `${place} == ${JSON.stringify(value)}`).join(' || ') ?? anything;
  const column = sql.ref(`users.${of}`);
  // The first condition is that of the index.
  return sql<boolean>`(${column} <> '{}' and ${column} @@ ${test}::jsonpath)`;
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
    case 'username':
      return prefix ? sql<boolean>`${USERNAME} like ${`${escapeLike(text)}%`}` : sql<boolean>`${USERNAME} = ${text}`;
    case 'organization_id':
      return inOrganization(sql<boolean>`members.organization_id = ${text}`);
    case 'name':
      return textMatches(SHOWN_NAME, term);
    case 'identities.connection': {
      if (prefix)
        return atConnection(
          sql<boolean>`identities.connection_id in (select id from connections where ${textMatches(CONNECTION_NAME, term)})`,
        );
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
  if (field === 'username') return sql<boolean>`users.username is not null`;
  if (field === 'identities.connection') return atConnection(sql<boolean>`true`);
  if (field === 'organization_id') return inOrganization(sql<boolean>`true`);
  return sql<boolean>`true`;
}

/**
 * Returns the condition for {@link SearchTerm}. Null counts as false. Only `not` coalesces null, since a coalesced
 * comparison would use no index.
 */
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
    case 'range':
      return isWithin(term);
    case 'metadata':
      return hasMetadata(term);
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
