/**
 * Code shared by the directory's files: pages of rows ordered by age, SQL null and undefined, and translation of
 * database errors into the port's errors.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import {
  Conflict,
  type Cursor,
  MissingReference,
  type Page,
  type PageRequest,
  UnstorableValue,
} from '../../ports/directory.js';
import { toFault, violatedConstraint } from '../database/pool.js';
import type { Database } from '../schema/schema.js';

/**
 * SQLSTATEs of violated unique and foreign keys. Below, class 22, class 54 (limits), 23502 (null) and 23514 (check)
 * mean data that the columns cannot hold.
 */
const UNIQUE = '23505';
const FOREIGN_KEY = '23503';

/** Returns the port's error for a driver's error. Returns other errors unchanged. */
export function toDirectoryError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  const state = typeof code === 'string' ? code : '';
  const options = { cause: error };
  if (state === UNIQUE) return new Conflict(violatedConstraint(error) ?? 'unique', options);
  if (state === FOREIGN_KEY) return new MissingReference(violatedConstraint(error) ?? 'foreign key', options);
  if (/^22|^54|^23502$|^23514$/.test(state)) return new UnstorableValue('the database cannot hold this value', options);
  return toFault(error);
}

/** Wraps methods so that they throw the port's errors instead of the driver's. */
export function translated<Methods extends object>(methods: Methods): Methods {
  const wrap =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw toDirectoryError(error);
      }
    };
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, wrap(method)])) as Methods;
}

/**
 * Orders by age (or by a text, if cursors have one), then by id. Selects one row more than requested, which shows
 * whether there is a next page. `page_time` is a row's sort key, for its cursor.
 */
export function cutPage<Tables extends keyof Database, Row>(
  query: SelectQueryBuilder<Database, Tables, Row>,
  page: PageRequest,
  order: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
): SelectQueryBuilder<Database, Tables, Row & { page_time: string }> {
  const direction = page.descending ? 'desc' : 'asc';
  // The driver's Date has milliseconds. A cursor of that precision would repeat a row whose time has microseconds.
  let cut = query
    .select(sql<string>`to_json(${order}) #>> '{}'`.as('page_time'))
    .orderBy(order, direction)
    .orderBy(id, direction)
    .limit(page.limit + 1);
  if (page.offset !== undefined) cut = cut.offset(page.offset);
  if (page.after !== undefined) {
    const { createdAt, text } = page.after;
    const place = sql`(${text === undefined ? sql`${createdAt}::timestamptz` : sql`${text}::text`}, ${page.after.id}::text)`;
    const beyond = page.descending
      ? sql<boolean>`(${order}, ${id}) < ${place}`
      : sql<boolean>`(${order}, ${id}) > ${place}`;
    cut = cut.where(beyond);
  }
  return cut;
}

/** Returns the cursor of a row that {@link cutPage} ordered by age or by a text. */
export function toListCursor(
  row: { readonly page_time: string; readonly created_at: Date },
  id: string,
  byText: boolean,
): Cursor {
  return byText
    ? { createdAt: row.created_at.toISOString(), id, text: row.page_time }
    : { createdAt: row.page_time, id };
}

/** Escapes a text for `like`, so that no character of it is a wildcard. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/**
 * SQL condition: a lower-case text, with an index of collation "C", has the prefix, regardless of the prefix's case.
 */
export function beginsWith(column: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  return sql<boolean>`${column} like lower(${`${escapeLike(text)}%`})`;
}

/** Counts the rows of a query, if the page's request asks for the total. */
export async function countIf<Tables extends keyof Database, Row>(
  page: PageRequest,
  query: SelectQueryBuilder<Database, Tables, Row>,
): Promise<number | undefined> {
  if (page.count !== true) return undefined;
  const { total } = await query.clearSelect().select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow();
  return Number(total);
}

/** Returns the page of the rows that {@link cutPage} selected. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  page: PageRequest,
  total: number | undefined,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => Cursor,
): Page<Item> {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const goesOn = rows.length > page.limit || page.nextUntilEmpty === true;
  return {
    items: shown.map(toItem),
    ...(total === undefined ? {} : { total }),
    ...(goesOn && last !== undefined ? { next: toCursor(last) } : {}),
  };
}

/** Turns SQL null into undefined. */
export function orUndefined<Value>(value: Value | null): Value | undefined {
  return value === null ? undefined : value;
}

/** Turns undefined into SQL null. */
export function orNull<Value>(value: Value | undefined): Value | null {
  return value === undefined ? null : value;
}
