/**
 * The forms of a list in an answer: a bare array; `{start, limit, total, KEY}` with `include_totals=true`; `{KEY,
 * next?}` with `take` or `from`. Lists about Actions have only the form `{KEY, total, page, per_page}`. If a request
 * has both, `take` wins over `include_totals`, since SDK 7 sends both. A page past the end is empty, never an error:
 * clients read until a page is empty.
 */
import type { Cursor, Page, PageRequest } from '../../ports/directory.js';
import { badQuery } from './errors.js';
import type { ListForm, Paging, Wire } from './operation.js';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;
/** Maximum offset. The database cannot represent a much larger one. */
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

/**
 * Formats a cursor as text that is opaque to clients: base64url of the last item's time and id, and of its sort text if
 * the list has one.
 */
export function toCursorText({ createdAt, id, text }: Cursor): string {
  const plain = text === undefined ? `${createdAt},${id}` : JSON.stringify([createdAt, id, text]);
  return Buffer.from(plain).toString('base64url');
}

const MAX_CURSOR_PART = 512;
/** The form of the time in a {@link Cursor}. Up to six digits after the point, since PostgreSQL stores microseconds. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;

function notACursor() {
  return badQuery("Query validation error: 'The from parameter is not a cursor of this list' on property from.");
}

function partsOf(plain: string): readonly unknown[] {
  const comma = plain.indexOf(',');
  if (!plain.startsWith('[')) return comma < 1 ? [] : [plain.slice(0, comma), plain.slice(comma + 1)];
  try {
    return JSON.parse(plain) as readonly unknown[];
  } catch {
    return [];
  }
}

/**
 * Returns the cursor in a `from` parameter. Throws 400 `invalid_query_string` for one that this server did not issue.
 */
export function parseCursor(from: string): Cursor {
  const [time, id, text] = partsOf(Buffer.from(from, 'base64url').toString('utf8'));
  // A cursor is input from a client: a malformed one must get 400, not cause an error of the database.
  const isText = (part: unknown): part is string =>
    typeof part === 'string' && part.length <= MAX_CURSOR_PART && !part.includes('\0');
  if (!isText(time) || !isText(id) || id === '' || !TIME.test(time)) throw notACursor();
  if (Number.isNaN(Date.parse(time)) || (text !== undefined && !isText(text))) throw notACursor();
  return { createdAt: time, id, ...(text === undefined ? {} : { text }) };
}

/**
 * Parses the paging of the log when `take` or `from` is sent. SDK 7 also sends `page` and `include_totals`, and reads
 * until a page is empty.
 */
function parseLogPaging(query: Readonly<Record<string, unknown>>): Paging {
  const wanted = integerOf(query.take ?? query.per_page, DEFAULT_PAGE_SIZE);
  const limit = Math.min(Math.max(wanted, 1), MAX_PAGE_SIZE);
  const offset = checkOffset(integerOf(query.page, 0) * limit);
  return { mode: isTrue(query.include_totals) ? 'checkpoint' : 'bare', request: { limit, offset } };
}

/** Parses which form of the list, and which page, a query requests. */
export function parsePaging(query: Readonly<Record<string, unknown>>, list: ListForm): Paging {
  const fallback = list.defaultPageSize ?? DEFAULT_PAGE_SIZE;
  const continues = query.take !== undefined || query.from !== undefined;
  if (list.checkpoint === 'log-id' && continues) return parseLogPaging(query);
  if (list.checkpoint === true && (continues || list.form === 'object')) {
    const limit = Math.min(Math.max(integerOf(query.take, fallback), 1), list.maxPageSize ?? MAX_PAGE_SIZE);
    const from = typeof query.from === 'string' && query.from !== '' ? parseCursor(query.from) : undefined;
    if (from?.text !== undefined && list.byText === undefined) throw notACursor();
    const goesOn = list.nextUntilEmpty ? { nextUntilEmpty: list.nextUntilEmpty } : {};
    return { mode: 'checkpoint', request: { limit, ...goesOn, ...(from === undefined ? {} : { after: from }) } };
  }
  const limit = Math.min(integerOf(query.per_page, fallback) || fallback, MAX_PAGE_SIZE);
  const offset = checkOffset(integerOf(query.page, 0) * limit);
  if (list.form === 'paged') return { mode: 'paged', request: { limit, offset, count: true } };
  const totals = isTrue(query.include_totals);
  return { mode: totals ? 'totals' : 'bare', request: { limit, offset, ...(totals ? { count: true } : {}) } };
}

/** Returns the body of a list in the requested form. */
export function toListBody(paging: Paging, list: ListForm, page: Page<Wire>): unknown {
  if (paging.mode === 'bare') return page.items;
  if (paging.mode === 'checkpoint') {
    const toText = list.checkpoint === 'log-id' ? (cursor: Cursor) => cursor.id : toCursorText;
    return { [list.key]: page.items, ...(page.next === undefined ? {} : { next: toText(page.next) }) };
  }
  if (paging.mode === 'paged') {
    const { limit, offset = 0 } = paging.request;
    // Auth0 gives no total for an empty page, even behind the end. It omits a zero in most of these lists.
    const counts = { total: page.items.length === 0 ? 0 : (page.total ?? 0), page: offset / limit };
    const shown = Object.entries(counts).filter(([, count]) => count > 0 || list.totals === 'with-zeros');
    return { [list.key]: page.items, ...Object.fromEntries(shown), per_page: limit };
  }
  return {
    start: paging.request.offset ?? 0,
    limit: paging.request.limit,
    ...(list.totals === 'with-length' ? { length: page.items.length } : {}),
    ...(list.totals === 'without-total' ? {} : { total: page.total ?? 0 }),
    [list.key]: page.items,
  };
}

/**
 * Returns only the properties that `fields` names, or all others (`include_fields=false`). Always includes those of
 * `always`.
 */
export function chooseFields(
  item: Wire,
  query: Readonly<Record<string, unknown>>,
  always: readonly string[] = [],
): Wire {
  if (typeof query.fields !== 'string' || query.fields === '') return item;
  const names = new Set(query.fields.split(',').map((name) => name.trim()));
  const include = query.include_fields !== false && query.include_fields !== 'false';
  if (include) for (const name of always) names.add(name);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name) === include));
}

interface Sort<Field extends string> {
  readonly field: Field;
  readonly descending: boolean;
}

/** Parses `field:1` or `field:-1`, for a list that can be sorted by these fields. Throws 400 for anything else. */
export function parseSort<Field extends string>(sort: unknown, fields: readonly Field[]): Sort<Field> | undefined {
  if (sort === undefined || sort === '') return undefined;
  for (const field of fields) {
    if (sort === `${field}:1`) return { field, descending: false };
    if (sort === `${field}:-1`) return { field, descending: true };
  }
  const ways = fields.map((field) => `${field}:1 or ${field}:-1`).join(', ');
  throw badQuery(`Query validation error: 'This list can be sorted by ${ways}' on property sort.`);
}

/**
 * Like {@link parseSort}, for a list with one sortable field: true for descending, false for ascending, undefined
 * without `sort`.
 */
export function parseDescending(sort: unknown, field: string): boolean | undefined {
  return parseSort(sort, [field])?.descending;
}

/**
 * Returns the request unchanged. Throws 400 when its cursor comes from a list in another order. `byText`: the list is
 * sorted by a text.
 */
export function continuing(request: PageRequest, byText: boolean): PageRequest {
  if (request.after !== undefined && (request.after.text !== undefined) !== byText) throw notACursor();
  return request;
}
