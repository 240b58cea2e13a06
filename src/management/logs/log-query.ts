/**
 * Parses the part of Lucene's query language that `GET /logs?q=` accepts: types or codes joined by OR; with AND or side
 * by side, equality on a few fields, a time range, an address or a reference number; parentheses. Throws 400 with this
 * list for anything else: a query is never answered as another one. Bounded in length and depth.
 */
import { parseEmail } from '../../domain/people/email.js';
import type { LogFilter } from '../../ports/directory/logs.js';
import { badQuery } from '../api/errors.js';

const MAX_QUERY = 500;
const MAX_DEPTH = 20;
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

/** Blanks; parentheses; a time range; `name:"value"`, `name:value`; a single word, which may be an operator. */
const LEXEMES =
  /\s+|(\()|(\))|date:\[([^\s[\]]{1,40}) TO ([^\s[\]]{1,40})\]|([a-z_]+):(?:"([^"]*)"|([^\s()"]+))|"([^"]*)"|([^\s()"]+)/y;
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
const HOW =
  'Write an address, a reference number, or type:s or code:admit.not_a_member, joined by OR; or client_id, user_id, connection_id, organization_id, ip, reference, date:[… TO …] with AND; those joined by OR stand in parentheses beside AND';

type Token = { readonly kind: 'open' | 'close' | 'and' | 'or' } | { readonly kind: 'term'; readonly filter: LogFilter };

function refuse(reason: string) {
  return badQuery(`Query validation error: '${reason}' on property q.`);
}

/** Parses a query of a single word: the reference number that was read out to somebody, or an address. */
function parseWord(word: string): LogFilter {
  if (REFERENCE.test(word.toUpperCase())) return { reference: word.toUpperCase() };
  const address = parseEmail(word);
  if (address === undefined) throw refuse(HOW);
  return { address };
}

function parseField(name: string, value: string): LogFilter {
  const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
  if (list !== undefined) return { [list]: [value] };
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw refuse(`Cannot search the log by ${name} like this. ${HOW}`);
  return { [field]: value };
}

/** Returns the instant at an end of a range; `*` is no limit. */
function parseEnd(text: string): Date | undefined {
  if (text === '*') return undefined;
  const date = DATE.test(text) ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw refuse(`${text} is no date such as 2026-01-31T23:59:59Z`);
  return date;
}

/** Parses a time range, which includes both its first and last instant. */
function parseRange(first: string, last: string): LogFilter {
  const [from, to] = [parseEnd(first), parseEnd(last)];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function toTerm(match: RegExpExecArray): Token | undefined {
  const [, open, close, from, to, name, quoted, bare, quotedWord, word] = match;
  if (open !== undefined) return { kind: 'open' };
  if (close !== undefined) return { kind: 'close' };
  if (from !== undefined) return { kind: 'term', filter: parseRange(from, to ?? '') };
  if (name !== undefined) return { kind: 'term', filter: parseField(name, quoted ?? bare ?? '') };
  if (word === 'AND') return { kind: 'and' };
  if (word === 'OR') return { kind: 'or' };
  const alone = quotedWord ?? word;
  return alone === undefined ? undefined : { kind: 'term', filter: parseWord(alone) };
}

function toTokens(q: string): readonly Token[] {
  const tokens: Token[] = [];
  const lexer = new RegExp(LEXEMES);
  while (lexer.lastIndex < q.length) {
    const match = lexer.exec(q);
    if (match === null) throw refuse(HOW);
    const token = toTerm(match);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

/** Returns both conditions joined by AND. The log accepts one value per field, so the same field twice is refused. */
function both(a: LogFilter, b: LogFilter): LogFilter {
  if (Object.keys(a).some((field) => field in b)) throw refuse(HOW);
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
  if (field === undefined || listOf(b) !== field) throw refuse(HOW);
  return { [field]: [...(a[field] ?? []), ...(b[field] ?? [])] };
}

/** Recursive descent parser; each level returns one filter. */
class Parser {
  #at = 0;
  constructor(readonly tokens: readonly Token[]) {}

  parse(): LogFilter {
    const filter = this.#or(0);
    if (this.#at < this.tokens.length) throw refuse('A parenthesis is closed that was not opened');
    return filter;
  }

  #or(depth: number): LogFilter {
    if (depth > MAX_DEPTH) throw refuse(`Nested deeper than ${MAX_DEPTH} levels`);
    let filter = this.#and(depth);
    while (this.tokens[this.#at]?.kind === 'or') {
      this.#at += 1;
      filter = either(filter, this.#and(depth));
    }
    return filter;
  }

  #and(depth: number): LogFilter {
    let filter = this.#one(depth);
    for (;;) {
      const next = this.tokens[this.#at]?.kind;
      if (next !== 'and' && next !== 'term' && next !== 'open') return filter;
      if (next === 'and') this.#at += 1;
      const other = this.#one(depth);
      // Types side by side are alternatives, since no line has two. So are codes.
      const areAlike = next !== 'and' && listOf(filter) !== undefined && listOf(filter) === listOf(other);
      filter = areAlike ? either(filter, other) : both(filter, other);
    }
  }

  #one(depth: number): LogFilter {
    const token = this.tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'term') return token.filter;
    if (token?.kind !== 'open') throw refuse(HOW);
    const inner = this.#or(depth + 1);
    if (this.tokens[this.#at]?.kind !== 'close') throw refuse('A parenthesis is not closed');
    this.#at += 1;
    return inner;
  }
}

/** Returns the filter of `q`, an empty one for blanks. Throws 400. */
export function parseLogQuery(q: string): LogFilter {
  if (q.length > MAX_QUERY) throw refuse(`Longer than ${MAX_QUERY} characters`);
  return q.trim() === '' ? {} : new Parser(toTokens(q)).parse();
}
