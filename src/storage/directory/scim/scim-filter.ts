/** Filters and orders of SCIM as SQL. Values of a filter are parameters, never text of a statement. */
import { type RawBuilder, sql } from 'kysely';
import type { ScimFilter, ScimQuery, ScimScope } from '../../../ports/directory/scim.js';
import { knownPrefix } from '../../user-id-prefixes.js';

export type Condition = RawBuilder<boolean>;
export type Conditions<Attribute extends string> = Readonly<
  Record<Attribute, (value: string, scope: ScimScope) => Condition>
>;

/** The id of a person: the one that SCIM was given, else the one that a login by the identity `i` would give its account. `idBase` is an expression. */
export const scimIdText = (idBase: string): string =>
  `coalesce(i.scim_id, coalesce(${knownPrefix('i.connection_id', 'i.issuer')}, ${idBase}) || '|' || i.subject)`;

/** A text as a part of a statement that is built: the base of the ids is a parameter, wherever the text has it. */
export function withBase(text: (idBase: string) => string, { idBase }: ScimScope): RawBuilder<string> {
  const pieces = text('\0').split('\0');
  return sql<string>`${sql.join(
    pieces.map((piece) => sql.raw(piece)),
    sql`${idBase}::text`,
  )}`;
}

/** {@link scimIdText} as a part of a statement that is built. */
export const scimIdOf = (scope: ScimScope): RawBuilder<string> => withBase(scimIdText, scope);

/** The subject in an id `strategy|connection|subject`; a subject may itself have this sign in it. */
export function subjectIn(scimId: string): string {
  return scimId.split('|').slice(2).join('|');
}

/** The identity `i` is one of these people of the connection. */
export function isOneOf(scope: ScimScope, scimIds: readonly string[]): Condition {
  return sql<boolean>`i.connection_id = ${scope.connectionId}
    and (i.scim_id = any (${[...scimIds]}::text[]) or i.subject = any (${scimIds.map(subjectIn)}::text[]))
    and ${scimIdOf(scope)} = any (${[...scimIds]}::text[])`;
}

/** The condition of a filter; true where there is none. */
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

/** The beginning of an `order by`; nothing where no order is asked for. Values that are missing come last, as RFC 7644 section 3.4.2.3 has it. */
export function toOrder<Key extends string>(
  sort: ScimQuery<never, Key>['sort'],
  keys: Readonly<Record<Key, RawBuilder<unknown>>>,
): RawBuilder<unknown> {
  if (sort === undefined) return sql``;
  return sort.descending ? sql`${keys[sort.by]} desc nulls first,` : sql`${keys[sort.by]} asc nulls last,`;
}
