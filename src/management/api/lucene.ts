/**
 * The grammar that the searches of the Management API share, a part of Lucene's query language: `field:value`,
 * `field:"value"`, `field:[from TO to]`, single words, `AND`, `OR`, `NOT` (also `&&`, `||`, `!`, `-`), parentheses. Each
 * search says which fields it knows and what a term means. Bounded in length, terms and depth, since a query is
 * compiled into a statement.
 */
import { badQuery, type ManagementError } from './errors.js';

const MAX_DEPTH = 20;

/** One condition of a query. */
export interface LuceneTerm {
  /** Undefined for a single word. */
  readonly field: string | undefined;
  /** The value as it was written, without its quotes; empty for a range. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** Both ends of a range, in place of a value. */
  readonly range?: readonly [from: string, to: string];
  /** Position of the term in the query. */
  readonly at: number;
}

/** The meaning of a query in one search. Each function may refuse with {@link refuseSearch}. */
export interface LuceneSearch<T> {
  readonly maxLength: number;
  readonly maxTerms: number;
  /** Reason for refusing a query that does not follow the grammar at `rest`. */
  unreadable(rest: string): string;
  /** Reason for refusing a query that lacks a term. */
  readonly missing: string;
  term(term: LuceneTerm, query: string): T;
  and(terms: readonly T[]): T;
  or(terms: readonly T[]): T;
  not(term: T): T;
  /**
   * Joins two terms side by side: `or` as in Lucene, with terms joined by AND inside; or a function, which is applied
   * before OR.
   */
  readonly beside: 'or' | ((first: T, second: T) => T);
}

/** Returns the refusal of a query, in Auth0's words. */
export function refuseSearch(reason: string): ManagementError {
  return badQuery(`Query validation error: '${reason}' on property q.`);
}

/** Returns the text without the backslashes that make the next character literal. */
export const unescapeLucene = (text: string) => text.replace(/\\(.)/g, '$1');

type Token =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' }
  | { readonly kind: 'term'; readonly term: LuceneTerm };

/** Blanks, parentheses and operators first; then a range, `field:"quoted"`, `field:bare`, a quoted and a bare word. */
const LEXEMES =
  /\s+|(?<open>\()|(?<close>\))|(?<and>AND(?=[\s(]|$)|&&)|(?<or>OR(?=[\s(]|$)|\|\|)|(?<not>NOT(?=[\s(]|$)|!|-)|(?:(?<field>[A-Za-z_*][A-Za-z0-9_.*]*):)?(?:(?:\[(?<from>[^\s[\]]{1,40}) TO (?<to>[^\s[\]]{1,40})\])|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^\s()"\\]|\\.)+))/y;

const OPERATORS = ['open', 'close', 'and', 'or', 'not'] as const;

function toTokens<T>(query: string, search: LuceneSearch<T>): readonly Token[] {
  const tokens: Token[] = [];
  const lexer = new RegExp(LEXEMES);
  while (lexer.lastIndex < query.length) {
    const at = lexer.lastIndex;
    const groups = lexer.exec(query)?.groups;
    if (groups === undefined) throw refuseSearch(search.unreadable(query.slice(at)));
    const kind = OPERATORS.find((name) => groups[name] !== undefined);
    const { field, from, to, quoted, bare } = groups;
    const text = quoted ?? bare ?? (from === undefined ? undefined : '');
    if (kind !== undefined) tokens.push({ kind });
    else if (text !== undefined) {
      const range = from === undefined ? {} : { range: [from, to ?? ''] as const };
      tokens.push({ kind: 'term', term: { field, text, isQuoted: quoted !== undefined, ...range, at } });
    }
  }
  return tokens;
}

/** Recursive descent: alternatives of conjunctions of negations of terms. */
class Parser<T> {
  #at = 0;
  #terms = 0;
  readonly #tokens: readonly Token[];

  constructor(
    readonly query: string,
    readonly search: LuceneSearch<T>,
  ) {
    this.#tokens = toTokens(query, search);
  }

  parse(): T {
    const all = this.#or(0);
    if (this.#at < this.#tokens.length) throw refuseSearch('A parenthesis is closed that was not opened');
    return all;
  }

  get #next(): Token['kind'] | undefined {
    return this.#tokens[this.#at]?.kind;
  }

  #skip(kind: Token['kind']): boolean {
    if (this.#next !== kind) return false;
    this.#at += 1;
    return true;
  }

  #beginsTerm(): boolean {
    return this.#next === 'term' || this.#next === 'open' || this.#next === 'not';
  }

  #or(depth: number): T {
    if (depth > MAX_DEPTH) throw refuseSearch(`Nested deeper than ${MAX_DEPTH} levels`);
    const terms = [this.#and(depth)];
    while (this.#skip('or') || (this.search.beside === 'or' && this.#beginsTerm())) terms.push(this.#and(depth));
    return terms.length === 1 ? (terms[0] as T) : this.search.or(terms);
  }

  #and(depth: number): T {
    const { beside } = this.search;
    let terms = [this.#not(depth)];
    for (;;) {
      if (this.#skip('and')) terms.push(this.#not(depth));
      else if (beside !== 'or' && this.#beginsTerm()) terms = [beside(this.#join(terms), this.#not(depth))];
      else return this.#join(terms);
    }
  }

  #join(terms: readonly T[]): T {
    return terms.length === 1 ? (terms[0] as T) : this.search.and(terms);
  }

  #not(depth: number): T {
    if (this.#skip('not')) {
      if (depth > MAX_DEPTH) throw refuseSearch(`Nested deeper than ${MAX_DEPTH} levels`);
      return this.search.not(this.#not(depth + 1));
    }
    const token = this.#tokens[this.#at];
    if (token?.kind === 'term') {
      this.#at += 1;
      this.#terms += 1;
      const { maxTerms } = this.search;
      if (this.#terms > maxTerms) throw refuseSearch(`More than ${maxTerms} terms`);
      return this.search.term(token.term, this.query);
    }
    if (!this.#skip('open')) throw refuseSearch(this.search.missing);
    const inner = this.#or(depth + 1);
    if (!this.#skip('close')) throw refuseSearch('A parenthesis is not closed');
    return inner;
  }
}

/** Parses a query. Throws 400, in the words of the search. */
export function parseLucene<T>(query: string, search: LuceneSearch<T>): T {
  if (query.length > search.maxLength) throw refuseSearch(`Longer than ${search.maxLength} characters`);
  return new Parser(query, search).parse();
}
