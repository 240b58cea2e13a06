/**
 * The grammar that the searches of the Management API share, a part of Lucene's query language: `field:value`,
 * `field:"value"`, `field:[from TO to]` (in braces instead of brackets, an end is excluded), single words, `AND`, `OR`,
 * `NOT` (also `&&`, `||`, `!`, `-`), parentheses. Each search defines its fields and the meaning of a term. Length,
 * terms and depth of a query are limited, since it is compiled into an SQL statement.
 */
import { badQuery, type ManagementError } from './errors.js';

const MAX_DEPTH = 20;

/** The limits of a range as they are written; `*` is none. `open`: the limit itself is excluded. */
export interface LuceneRange {
  readonly from: string;
  readonly fromOpen: boolean;
  readonly to: string;
  readonly toOpen: boolean;
}

/** One condition of a query. */
export interface LuceneTerm {
  /** The field's name; undefined for a single word. */
  readonly field: string | undefined;
  /** The value as written, without its quotation marks; empty for a range. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** A term with a range has no value. */
  readonly range?: LuceneRange;
  /** Position of the term in the query. */
  readonly at: number;
}

/**
 * The parts of a search that differ: its limits, its refusals, and how it combines terms. Each function may throw
 * {@link refuseSearch}.
 */
export interface LuceneSearch<T> {
  readonly maxLength: number;
  readonly maxTerms: number;
  /** Returns the reason for refusing a query that cannot be parsed from `rest` on. */
  unreadable(rest: string): string;
  /** The reason for refusing a query in which a term is missing, for example after AND. */
  readonly missing: string;
  term(term: LuceneTerm, query: string): T;
  and(terms: readonly T[]): T;
  or(terms: readonly T[]): T;
  not(term: T): T;
  /**
   * Decides how two terms without an operator between them are joined. `or`: by OR, as in Lucene; AND binds more
   * tightly. A function: by this function, which binds more tightly than OR.
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

/**
 * Matches the next token: blanks, a parenthesis or an operator; otherwise a range, `field:"quoted"`, `field:bare`, or a
 * quoted or bare word.
 */
const LEXEMES =
  /\s+|(?<open>\()|(?<close>\))|(?<and>AND(?=[\s(]|$)|&&)|(?<or>OR(?=[\s(]|$)|\|\|)|(?<not>NOT(?=[\s(]|$)|!|-)|(?:(?<field>[A-Za-z_*][A-Za-z0-9_.*-]*):)?(?:(?:(?<opens>[[{])(?<from>[^\s[\]{}]{1,40}) TO (?<to>[^\s[\]{}]{1,40})(?<closes>[\]}]))|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^\s()"\\]|\\.)+))/y;

const OPERATORS = ['open', 'close', 'and', 'or', 'not'] as const;

function toTokens<T>(query: string, search: LuceneSearch<T>): readonly Token[] {
  const tokens: Token[] = [];
  const lexer = new RegExp(LEXEMES);
  while (lexer.lastIndex < query.length) {
    const at = lexer.lastIndex;
    const groups = lexer.exec(query)?.groups;
    if (groups === undefined) throw refuseSearch(search.unreadable(query.slice(at)));
    const kind = OPERATORS.find((name) => groups[name] !== undefined);
    const { field, from = '', to = '', opens, closes, quoted, bare } = groups;
    const text = quoted ?? bare ?? (opens === undefined ? undefined : '');
    if (kind !== undefined) tokens.push({ kind });
    else if (text !== undefined) {
      const range = { from, fromOpen: opens === '{', to, toOpen: closes === '}' };
      const term = { field, text, isQuoted: quoted !== undefined, at };
      tokens.push({ kind: 'term', term: opens === undefined ? term : { ...term, range } });
    }
  }
  return tokens;
}

/** A recursive-descent parser. OR binds least, then AND, then NOT. */
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

/** Parses a query. Throws 400 with the reasons that `search` gives. */
export function parseLucene<T>(query: string, search: LuceneSearch<T>): T {
  if (query.length > search.maxLength) throw refuseSearch(`Longer than ${search.maxLength} characters`);
  return new Parser(query, search).parse();
}
