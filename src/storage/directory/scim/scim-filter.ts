/** SCIM filters and orders as SQL. Values of a filter are parameters, never text of a statement. */
import { type RawBuilder, sql } from 'kysely';
import type { ScimFilter, ScimQuery, ScimScope } from '../../../ports/directory/scim.js';
import { knownPrefix } from '../../user-id-prefixes.js';

export type Condition = RawBuilder<boolean>;
export type Conditions<Attribute extends string> = Readonly<
  Record<Attribute, (value: string, scope: ScimScope) => Condition>
>;

/**
 * SQL for a person's SCIM id: the one that SCIM assigned, otherwise the user id that a login by the identity `i` would
 * assign. `idBase` is an SQL expression.
 */
export const scimIdText = (idBase: string): string =>
  `coalesce(i.scim_id, coalesce(${knownPrefix('i.connection_id', 'i.issuer')}, ${idBase}) || '|' || i.subject)`;

/**
 * Turns SQL text that contains `idBase` into a part of a built statement, with the scope's `idBase` as its parameter.
 */
export function withBase(text: (idBase: string) => string, { idBase }: ScimScope): RawBuilder<string> {
  const pieces = text('\0').split('\0');
  return sql<string>`${sql.join(
    pieces.map((piece) => sql.raw(piece)),
    sql`${idBase}::text`,
  )}`;
}

/** Wraps {@link scimIdText} for statements of the query builder. */
export const scimIdOf = (scope: ScimScope): RawBuilder<string> => withBase(scimIdText, scope);

/** Returns the subject in an id `strategy|connection|subject`. A subject may contain `|` itself. */
export function subjectIn(scimId: string): string {
  return scimId.split('|').slice(2).join('|');
}

/** SQL condition: the identity `i` belongs to one of these people of the connection. */
export function isOneOf(scope: ScimScope, scimIds: readonly string[]): Condition {
  return sql<boolean>`i.connection_id = ${scope.connectionId}
    and (i.scim_id = any (${[...scimIds]}::text[]) or i.subject = any (${scimIds.map(subjectIn)}::text[]))
    and ${scimIdOf(scope)} = any (${[...scimIds]}::text[])`;
}

/** Returns the SQL condition of a filter; `true` without a filter. */
export function toCondition<Attribute extends string>(
  filter: ScimFilter<Attribute> | undefined,
  scope: ScimScope,
  conditions: Conditions<Attribute>,
): Condition {
  if (filter === undefined) return sql`true`;
  if (filter.kind === 'eq') return conditions[filter.attribute](filter.value, scope);
  const joined = sql.join(
    filter.terms.map((term) => toCondition(term, scope, conditions)),
    filter.kind === 'and' ? sql` and ` : sql` or `,
  );
  return sql`(${joined})`;
}

/**
 * Returns the beginning of an `order by`, or nothing without a sort. Missing values are last when ascending and first
 * when descending (RFC 7644 section 3.4.2.3).
 */
export function toOrder<Key extends string>(
  sort: ScimQuery<never, Key>['sort'],
  keys: Readonly<Record<Key, RawBuilder<unknown>>>,
): RawBuilder<unknown> {
  if (sort === undefined) return sql``;
  return sort.descending ? sql`${keys[sort.by]} desc nulls first,` : sql`${keys[sort.by]} asc nulls last,`;
}
