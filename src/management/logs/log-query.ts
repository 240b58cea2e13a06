/**
 * Parses the search of `GET /logs?q=`: types or codes joined by OR; with AND or side by side, equality on a few fields,
 * a time range, an address or a reference number. Throws 400 with this list for anything else: a query is never
 * answered as another one.
 */
import { parseEmail } from '../../domain/people/email.js';
import type { LogFilter } from '../../ports/directory/logs.js';
import { type LuceneSearch, type LuceneTerm, parseLucene, refuseSearch } from '../api/lucene.js';

/** Fields of a query that accept several values at once. */
type ListField = 'types' | 'codes';
type TextField = Exclude<keyof LogFilter, ListField | 'from' | 'to'>;
const LISTS: Readonly<Record<string, ListField>> = { type: 'types', code: 'codes' };
const FIELDS: Readonly<Record<string, TextField>> = {
  client_id: 'clientId',
  user_id: 'userId',
  connection_id: 'connectionId',
  organization_id: 'organizationId',
  ip: 'ip',
  reference: 'reference',
};

const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
const HOW =
  'Write an address, a reference number, or type:s or code:admit.not_a_member, joined by OR; or client_id, user_id, connection_id, organization_id, ip, reference, date:[… TO …] with AND; those joined by OR stand in parentheses beside AND, and an address that begins with a sign in quotes';

/** Parses a query of a single word: the reference number that was read out to somebody, or an address. */
function parseWord(word: string): LogFilter {
  if (REFERENCE.test(word.toUpperCase())) return { reference: word.toUpperCase() };
  const address = parseEmail(word);
  if (address === undefined) throw refuseSearch(HOW);
  return { address };
}

function parseField(name: string, value: string): LogFilter {
  const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
  if (list !== undefined) return { [list]: [value] };
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw refuseSearch(`Cannot search the log by ${name} like this. ${HOW}`);
  return { [field]: value };
}

/** Returns the instant at an end of a range; `*` is no limit. */
function parseEnd(text: string): Date | undefined {
  if (text === '*') return undefined;
  const date = DATE.test(text) ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw refuseSearch(`${text} is no date such as 2026-01-31T23:59:59Z`);
  return date;
}

/** Parses a time range, which includes both its first and last instant. */
function parseRange(first: string, last: string): LogFilter {
  const [from, to] = [parseEnd(first), parseEnd(last)];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/**
 * Converts a term. A backslash escapes a quotation mark and a backslash, and is a character of its own elsewhere: ids of
 * some identity providers have one (`CORP\nora`).
 */
function toFilter({ field, text, range }: LuceneTerm): LogFilter {
  if (range) {
    if (field !== 'date') throw refuseSearch(HOW);
    return parseRange(...range);
  }
  const value = text.replace(/\\(["\\])/g, '$1');
  return field === undefined ? parseWord(value) : parseField(field, value);
}

/** Returns both conditions joined by AND. The log accepts one value per field, so the same field twice is refused. */
function both(a: LogFilter, b: LogFilter): LogFilter {
  if (Object.keys(a).some((field) => field in b)) throw refuseSearch(HOW);
  return { ...a, ...b };
}

/** Returns the list field that a condition is about; undefined when it is about anything else as well. */
function listOf(filter: LogFilter): ListField | undefined {
  const [field, ...others] = Object.keys(filter);
  return others.length === 0 && (field === 'types' || field === 'codes') ? field : undefined;
}

/** Returns both conditions joined by OR: only types, or only codes. */
function either(a: LogFilter, b: LogFilter): LogFilter {
  const field = listOf(a);
  if (field === undefined || listOf(b) !== field) throw refuseSearch(HOW);
  return { [field]: [...(a[field] ?? []), ...(b[field] ?? [])] };
}

/** Joins terms side by side: types are alternatives, since no line has two, and so are codes. */
function beside(a: LogFilter, b: LogFilter): LogFilter {
  const field = listOf(a);
  return field !== undefined && field === listOf(b) ? either(a, b) : both(a, b);
}

const SEARCH: LuceneSearch<LogFilter> = {
  maxLength: 500,
  maxTerms: 100,
  unreadable: () => HOW,
  missing: HOW,
  term: toFilter,
  and: (filters) => filters.reduce(both),
  or: (filters) => filters.reduce(either),
  not() {
    throw refuseSearch(HOW);
  },
  beside,
};

/** Returns the filter of `q`, an empty one for blanks. Throws 400. */
export function parseLogQuery(q: string): LogFilter {
  return q.trim() === '' ? {} : parseLucene(q, SEARCH);
}
