/**
 * Ranges of dates and numbers in a search of users, as Auth0's user search (Elasticsearch) reads them: a date that
 * lacks its end means the whole year, month or day. Throws 400 for anything else. Pure.
 */
import type { SearchDate, SearchTerm } from '../../ports/directory/users.js';
import { type LuceneRange, refuseSearch } from '../api/lucene.js';

/** A field that ranges are written for. */
export type RangedField = SearchDate | 'logins_count';

export const RANGED_FIELDS: readonly RangedField[] = ['created_at', 'updated_at', 'last_login', 'logins_count'];

/** True if ranges may be written for the field. */
export const isRanged = (field: string): field is RangedField => RANGED_FIELDS.some((one) => one === field);

/** The first instant or number that a written value means, and the first one after it. */
interface Period<Value> {
  readonly first: Value;
  readonly next: Value;
}

const DATE = /^([1-9]\d{3})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const COUNT = /^\d{1,9}$/;
/** PostgreSQL reads no years of more than four digits in the ISO form, and nobody signs in then. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function parseDate(text: string): Period<Date> {
  const [, year, month, day, hour, minute, second, fraction, zone] = DATE.exec(text) ?? [];
  const parts = [year, month ?? '01', day ?? '01', hour ?? '00', minute ?? '00', second ?? '00'].map(Number);
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const ms = Number((fraction ?? '0').padEnd(3, '0'));
  const first = Date.UTC(y, m - 1, d, h, min, s, ms);
  // Date.UTC carries over: 31 February would be a day of March, and 25 o'clock a hour of the next day.
  const isWhole =
    Number.isFinite(first) &&
    new Date(first).toISOString().startsWith(`${year}-${pad(m)}-${pad(d)}T${pad(h)}:${pad(min)}:${pad(s)}`);
  if (year === undefined || !isWhole)
    throw refuseSearch(`${text} is no date such as 2026-01-31 or 2026-01-31T23:59:59Z`);
  const next = () => {
    if (month === undefined) return Date.UTC(y + 1, 0, 1);
    if (day === undefined) return Date.UTC(y, m, 1);
    if (hour === undefined) return Date.UTC(y, m - 1, d + 1);
    if (second === undefined) return first + 60_000;
    return first + (fraction === undefined ? 1_000 : 1);
  };
  const toDate = (time: number) => new Date(Math.min(time - offsetOf(zone), LAST));
  return { first: toDate(first), next: toDate(next()) };
}

const pad = (number: number) => String(number).padStart(2, '0');

function parseCount(text: string): Period<number> {
  if (!COUNT.test(text)) throw refuseSearch(`${text} is no whole number of at most nine digits`);
  return { first: Number(text), next: Number(text) + 1 };
}

function limitsOf<Value>(
  { from, fromOpen, to, toOpen }: LuceneRange,
  parse: (text: string) => Period<Value>,
): { readonly from?: Value; readonly before?: Value } {
  const [first, last] = [from, to].map((text) => (text === '*' ? undefined : parse(text)));
  return {
    ...(first && { from: fromOpen ? first.next : first.first }),
    ...(last && { before: toOpen ? last.first : last.next }),
  };
}

const EVERYTHING: LuceneRange = { from: '*', fromOpen: false, to: '*', toOpen: false };

/**
 * Returns the term of a range. Without a range, the term finds everybody with the property. A person who never signed
 * in has no `logins_count`, as in their JSON.
 */
export function parseRange(field: RangedField, range: LuceneRange = EVERYTHING): SearchTerm {
  if (field !== 'logins_count') return { kind: 'range', field, ...limitsOf(range, parseDate) };
  const limits = limitsOf(range, parseCount);
  return { kind: 'range', field, ...(limits.from === undefined && limits.before === undefined ? { from: 1 } : limits) };
}

/** Returns the term of a single value: of a date, everything in its year, month, day or second. */
export const parsePoint = (field: RangedField, text: string): SearchTerm =>
  parseRange(field, { ...EVERYTHING, from: text, to: text });

/** Returns the term of `>5`, `>=5`, `<5` or `<=5`; undefined for a text without such a sign. */
export function parseComparison(field: RangedField, text: string): SearchTerm | undefined {
  const [, sign, value] = /^([<>]=?)(.+)$/.exec(text) ?? [];
  if (sign === undefined || value === undefined) return undefined;
  const isOpen = !sign.endsWith('=');
  return parseRange(
    field,
    sign.startsWith('>')
      ? { ...EVERYTHING, from: value, fromOpen: isOpen }
      : { ...EVERYTHING, to: value, toOpen: isOpen },
  );
}
