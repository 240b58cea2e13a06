/**
 * Parses the search of `GET /logs?q=`. It understands types or codes joined by OR; and, joined by AND or without an
 * operator, equality on a few fields, a time range, an email address or a reference number. Throws 400 with this list
 * for anything else, since guessing would answer another query than the one sent.
 */
import { parseEmail } from '../../domain/people/email.js';
import type { LogFilter } from '../../ports/directory/logs.js';
import { type LuceneRange, type LuceneSearch, type LuceneTerm, parseLucene, refuseSearch } from '../api/lucene.js';

/** Fields of a query that accept several values at once. */
type ListField = 'types' | 'codes';
type TextField = Exclude<keyof LogFilter, ListField | 'from' | 'to'>;
const LISTS: Readonly<Record<string, ListField>> = { type: 'types', code: 'codes' };
const FIELDS: Readonly<Record<string, TextField>> = {
  client_id: 'clientId',
  user_id: 'userId',
  connection_id: 'connectionId',
  connection: 'connectionName',
  client_name: 'clientName',
  organization_id: 'organizationId',
  ip: 'ip',
  reference: 'reference',
};

const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
const HOW =
  'Write an address, a reference number, or type:s or code:admit.not_a_member, joined by OR; or client_id, client_name, user_id, connection, connection_id, organization_id, ip, reference, date:[… TO …] with AND; those joined by OR stand in parentheses beside AND, and an address that begins with a sign in quotes';

/** Parses a query of a single word: a reference number (from an error page), or an email address. */
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

/** Returns the first or last instant of a range; undefined for `*`, which means no limit. */
function parseEnd(text: string): Date | undefined {
  if (text === '*') return undefined;
  const date = DATE.test(text) ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw refuseSearch(`${text} is no date such as 2026-01-31T23:59:59Z`);
  return date;
}

/** Parses a time range, which includes both its first and last instant. */
function parseRange(range: LuceneRange): LogFilter {
  if (range.fromOpen || range.toOpen) throw refuseSearch(HOW);
  const [from, to] = [parseEnd(range.from), parseEnd(range.to)];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/**
 * Converts a term into a filter. A backslash before a quotation mark or a backslash is an escape; elsewhere it is
 * itself, since ids of some identity providers contain one (`CORP\nora`).
 */
function toFilter({ field, text, range, isQuoted }: LuceneTerm): LogFilter {
  if (range) {
    if (field !== 'date') throw refuseSearch(HOW);
    return parseRange(range);
  }
  // A name with a wildcard would be compared as it is, and find nothing.
  if (!isQuoted && (field === 'connection' || field === 'client_name') && /[*?]/.test(text))
    throw refuseSearch(`${field} takes a whole name, without * and ?. ${HOW}`);
  const value = text.replace(/\\(["\\])/g, '$1');
  return field === undefined ? parseWord(value) : parseField(field, value);
}

/**
 * Returns both conditions joined by AND. Throws if both are about the same field, since the log accepts one value per
 * field.
 */
function both(a: LogFilter, b: LogFilter): LogFilter {
  if (Object.keys(a).some((field) => field in b)) throw refuseSearch(HOW);
  return { ...a, ...b };
}

/** Returns `types` or `codes` if a condition is about that field only; otherwise undefined. */
function listOf(filter: LogFilter): ListField | undefined {
  const [field, ...others] = Object.keys(filter);
  return others.length === 0 && (field === 'types' || field === 'codes') ? field : undefined;
}

/** Returns both conditions joined by OR. Throws unless both are about types, or both about codes. */
function either(a: LogFilter, b: LogFilter): LogFilter {
  const field = listOf(a);
  if (field === undefined || listOf(b) !== field) throw refuseSearch(HOW);
  return { [field]: [...(a[field] ?? []), ...(b[field] ?? [])] };
}

/**
 * Joins two terms without an operator. Two types, or two codes, are joined by OR, since a line has one of each; all
 * others by AND.
 */
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

/** Returns the filter of the query `q`; an empty filter for a blank query. Throws 400. */
export function parseLogQuery(q: string): LogFilter {
  return q.trim() === '' ? {} : parseLucene(q, SEARCH);
}
