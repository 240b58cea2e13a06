/**
 * The forms of a list. A bare array; `include_totals=true` gives `{start, limit, total, KEY}`; `take` or `from` give
 * `{KEY, next?}`; lists about Actions know one form alone, `{KEY, total, page, per_page}`. `take` wins over `include_totals`, since SDK 7 sends both. A page past the end is empty, never an error:
 * clients ask until they get an empty one.
 */
import type { Cursor, Page } from '../../ports/directory.js';
import { badQuery } from './errors.js';
import type { ListForm, Paging, Wire } from './operation.js';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;
/** Offsets above this are refused rather than given to the database as a number that it cannot hold. */
const MAX_OFFSET = 1_000_000_000;

function integerOf(value: unknown, fallback: number): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : fallback;
}

const isTrue = (value: unknown) => value === true || value === 'true';

function checkOffset(offset: number): number {
  if (offset > MAX_OFFSET) throw badQuery("Query validation error: 'The page is out of range' on property page.");
  return offset;
}

/** Opaque to clients: base64url of the time and the id of the last item. */
export function toCursorText(cursor: Cursor): string {
  return Buffer.from(`${cursor.createdAt.toISOString()},${cursor.id}`).toString('base64url');
}

/** The place that a `from` parameter names. Throws 400 `invalid_query_string` for one that this server did not give out. */
export function parseCursor(text: string): Cursor {
  const plain = Buffer.from(text, 'base64url').toString('utf8');
  const comma = plain.indexOf(',');
  const createdAt = new Date(plain.slice(0, Math.max(comma, 0)));
  const id = plain.slice(comma + 1);
  // A cursor is as good as input: what does not parse is the client's mistake, not the database's.
  if (
    comma < 1 ||
    id === '' ||
    id.length > 512 ||
    Number.isNaN(createdAt.getTime()) ||
    !/^\d{4}-/.test(plain) ||
    id.includes('\0')
  ) {
    throw badQuery("Query validation error: 'The from parameter is not a cursor of this list' on property from.");
  }
  return { createdAt, id };
}

/** `take` and `from` of the log: SDK 7 adds `page` and `include_totals`, and asks until a page is empty. */
function parseLogPaging(query: Readonly<Record<string, unknown>>): Paging {
  const wanted = integerOf(query.take ?? query.per_page, DEFAULT_PAGE_SIZE);
  const limit = Math.min(Math.max(wanted, 1), MAX_PAGE_SIZE);
  const offset = checkOffset(integerOf(query.page, 0) * limit);
  return { mode: isTrue(query.include_totals) ? 'checkpoint' : 'bare', request: { limit, offset } };
}

/** What a query asks of a list. */
export function parsePaging(query: Readonly<Record<string, unknown>>, list: ListForm): Paging {
  const fallback = list.defaultPageSize ?? DEFAULT_PAGE_SIZE;
  const continues = query.take !== undefined || query.from !== undefined;
  if (list.checkpoint === 'log-id' && continues) return parseLogPaging(query);
  if (list.checkpoint === true && (continues || list.form === 'object')) {
    const limit = Math.min(Math.max(integerOf(query.take, fallback), 1), MAX_PAGE_SIZE);
    const from = typeof query.from === 'string' && query.from !== '' ? parseCursor(query.from) : undefined;
    return { mode: 'checkpoint', request: { limit, ...(from === undefined ? {} : { after: from }) } };
  }
  const limit = Math.min(integerOf(query.per_page, fallback) || fallback, MAX_PAGE_SIZE);
  const offset = checkOffset(integerOf(query.page, 0) * limit);
  if (list.form === 'paged') return { mode: 'paged', request: { limit, offset, count: true } };
  const totals = isTrue(query.include_totals);
  return { mode: totals ? 'totals' : 'bare', request: { limit, offset, ...(totals ? { count: true } : {}) } };
}

/** The body of a list in the form that was asked for. */
export function toListBody(paging: Paging, list: ListForm, page: Page<Wire>): unknown {
  if (paging.mode === 'bare') return page.items;
  if (paging.mode === 'checkpoint') {
    const toText = list.checkpoint === 'log-id' ? (cursor: Cursor) => cursor.id : toCursorText;
    return { [list.key]: page.items, ...(page.next === undefined ? {} : { next: toText(page.next) }) };
  }
  if (paging.mode === 'paged') {
    const { limit, offset = 0 } = paging.request;
    return { [list.key]: page.items, total: page.total ?? 0, page: offset / limit, per_page: limit };
  }
  return {
    start: paging.request.offset ?? 0,
    limit: paging.request.limit,
    ...(list.totals === 'with-length' ? { length: page.items.length } : {}),
    ...(list.totals === 'without-total' ? {} : { total: page.total ?? 0 }),
    [list.key]: page.items,
  };
}

/** Only (or all but) the properties that `fields` names. */
export function chooseFields(item: Wire, query: Readonly<Record<string, unknown>>): Wire {
  if (typeof query.fields !== 'string' || query.fields === '') return item;
  const names = new Set(query.fields.split(',').map((name) => name.trim()));
  const include = query.include_fields !== false && query.include_fields !== 'false';
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name) === include));
}

/** `field:1` or `field:-1`, for lists that can be ordered by one field. Throws a 400 for anything else. */
export function parseDescending(sort: unknown, field: string): boolean | undefined {
  if (sort === undefined || sort === '') return undefined;
  if (sort === `${field}:1`) return false;
  if (sort === `${field}:-1`) return true;
  throw badQuery(`Query validation error: 'This list can be sorted by ${field}:1 or ${field}:-1' on property sort.`);
}
