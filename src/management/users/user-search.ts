/**
 * Parses the part of Lucene's query language that `GET /users?q=` accepts: `field:value`, quotes, a trailing `*`,
 * `AND`, `OR`, `NOT` (also `&&`, `||`, `!`, `-`), parentheses, `_exists_:field`, `*:*`. Throws 400 with this list for
 * anything else. Bounded in length, terms and depth, because it is compiled into a statement.
 */
import type { SearchField, SearchTerm } from '../../ports/directory/users.js';
import { badQuery, type ManagementError } from '../api/errors.js';

const MAX_LENGTH = 2_000;
const MAX_TERMS = 50;
const MAX_DEPTH = 20;

const FIELDS: Readonly<Record<string, SearchField>> = {
  email: 'email',
  'email.raw': 'email',
  'email.domain': 'email.domain',
  user_id: 'user_id',
  name: 'name',
  'name.raw': 'name',
  'identities.connection': 'identities.connection',
  blocked: 'blocked',
  email_verified: 'email_verified',
};
const BOOLEANS: ReadonlySet<SearchField> = new Set(['blocked', 'email_verified']);

type Token =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' }
  | { readonly kind: 'term'; readonly field: string; readonly text: string; readonly quoted: boolean };

function refuse(reason: string): ManagementError {
  return badQuery(`Query validation error: '${reason}' on property q.`);
}

/** Separators and operators first, then `field:"quoted"`, then `field:bare`. */
const LEXEMES =
  /\s+|(\()|(\))|(AND(?=[\s(]|$)|&&)|(OR(?=[\s(]|$)|\|\|)|(NOT(?=[\s(]|$)|!|-)|([A-Za-z_*][A-Za-z0-9_.*]*):(?:"((?:[^"\\]|\\.)*)"|((?:[^\s()"\\]|\\.)+))/y;

const unescaped = (text: string) => text.replace(/\\(.)/g, '$1');

function toTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const lexer = new RegExp(LEXEMES);
  while (lexer.lastIndex < text.length) {
    const at = lexer.lastIndex;
    const match = lexer.exec(text);
    if (match === null) {
      throw refuse(`Cannot read the query at "${text.slice(at, at + 30)}". Write field:value or field:"value"`);
    }
    const [, open, close, and, or, not, field, quoted, bare] = match;
    if (open !== undefined) tokens.push({ kind: 'open' });
    else if (close !== undefined) tokens.push({ kind: 'close' });
    else if (and !== undefined) tokens.push({ kind: 'and' });
    else if (or !== undefined) tokens.push({ kind: 'or' });
    else if (not !== undefined) tokens.push({ kind: 'not' });
    else if (field !== undefined) {
      tokens.push({ kind: 'term', field, text: quoted ?? bare ?? '', quoted: quoted !== undefined });
    }
  }
  return tokens;
}

function getField(name: string): SearchField {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw refuse(`Cannot search by ${name}. Fields: ${Object.keys(FIELDS).join(', ')}`);
  return field;
}

function toTerm(token: Extract<Token, { kind: 'term' }>): SearchTerm {
  if (token.field === '_exists_') return { kind: 'exists', field: getField(token.text) };
  if (token.field === '*') {
    if (token.text !== '*') throw refuse('Name a field to search by');
    return { kind: 'all' };
  }
  const field = getField(token.field);
  if (token.quoted) return { kind: 'match', field, text: checkedText(field, unescaped(token.text)), prefix: false };
  if (token.text === '*') return { kind: 'exists', field };
  // Escaped characters are literal: an escaped star is no wildcard.
  const plain = token.text.replace(/\\./g, '__');
  const prefix = plain.endsWith('*');
  const body = prefix ? token.text.slice(0, -1) : token.text;
  if (/[*?~^]/.test(prefix ? plain.slice(0, -1) : plain) || /^[[{]/.test(body)) {
    throw refuse('Wildcards are taken at the end of a value only; ranges and fuzzy searches are not');
  }
  return { kind: 'match', field, text: checkedText(field, unescaped(body)), prefix };
}

function checkedText(field: SearchField, text: string): string {
  if (BOOLEANS.has(field) && text !== 'true' && text !== 'false') throw refuse(`${field} is true or false`);
  return text;
}

/** Recursive descent parser: `or` of `and` of `not` of terms. Two adjacent terms are joined by `or`, as in Lucene. */
class Parser {
  #at = 0;
  #terms = 0;
  constructor(readonly tokens: readonly Token[]) {}

  parse(): SearchTerm {
    const term = this.#or(0);
    if (this.#at < this.tokens.length) throw refuse('A parenthesis is closed that was not opened');
    return term;
  }

  #or(depth: number): SearchTerm {
    if (depth > MAX_DEPTH) throw refuse(`Nested deeper than ${MAX_DEPTH} levels`);
    const terms = [this.#and(depth)];
    for (;;) {
      const next = this.tokens[this.#at];
      if (next === undefined || next.kind === 'close') break;
      if (next.kind === 'or') this.#at += 1;
      terms.push(this.#and(depth));
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind: 'or', terms };
  }

  #and(depth: number): SearchTerm {
    const terms = [this.#unary(depth)];
    while (this.tokens[this.#at]?.kind === 'and') {
      this.#at += 1;
      terms.push(this.#unary(depth));
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind: 'and', terms };
  }

  #unary(depth: number): SearchTerm {
    const token = this.tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'not') {
      if (depth > MAX_DEPTH) throw refuse(`Nested deeper than ${MAX_DEPTH} levels`);
      return { kind: 'not', term: this.#unary(depth + 1) };
    }
    if (token?.kind === 'term') {
      this.#terms += 1;
      if (this.#terms > MAX_TERMS) throw refuse(`More than ${MAX_TERMS} terms`);
      return toTerm(token);
    }
    if (token?.kind !== 'open') throw refuse('A term is missing');
    const inner = this.#or(depth + 1);
    if (this.tokens[this.#at]?.kind !== 'close') throw refuse('A parenthesis is not closed');
    this.#at += 1;
    return inner;
  }
}

/** Parses the search `q`; undefined for an empty one. Throws 400. */
export function parseUserSearch(q: string): SearchTerm | undefined {
  if (q.length > MAX_LENGTH) throw refuse(`Longer than ${MAX_LENGTH} characters`);
  const text = q.trim();
  return text === '' || text === '*' ? undefined : new Parser(toTokens(text)).parse();
}
