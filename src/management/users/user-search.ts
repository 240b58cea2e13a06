/**
 * Parses the search of `GET /users?q=`: terms with a field, a trailing `*`, `_exists_:field`, `*:*`, joined as in
 * Lucene. Throws 400 with the reason for anything else.
 */
import type { SearchField, SearchTerm } from '../../ports/directory/users.js';
import { type LuceneSearch, type LuceneTerm, parseLucene, refuseSearch, unescapeLucene } from '../api/lucene.js';

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

function getField(name: string): SearchField {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field === undefined) throw refuseSearch(`Cannot search by ${name}. Fields: ${Object.keys(FIELDS).join(', ')}`);
  return field;
}

function checkedText(field: SearchField, text: string): string {
  if (BOOLEANS.has(field) && text !== 'true' && text !== 'false') throw refuseSearch(`${field} is true or false`);
  return text;
}

const WILDCARDS = 'Wildcards are taken at the end of a value only; ranges and fuzzy searches are not';
const unreadable = (rest: string) =>
  `Cannot read the query at "${rest.slice(0, 30)}". Write field:value or field:"value"`;

function toTerm(term: LuceneTerm, query: string): SearchTerm {
  if (term.field === undefined) throw refuseSearch(unreadable(query.slice(term.at)));
  if (term.range) {
    getField(term.field);
    throw refuseSearch(WILDCARDS);
  }
  if (term.field === '_exists_') return { kind: 'exists', field: getField(term.text) };
  if (term.field === '*') {
    if (term.text !== '*') throw refuseSearch('Name a field to search by');
    return { kind: 'all' };
  }
  const field = getField(term.field);
  const match = (text: string, prefix: boolean): SearchTerm => {
    return { kind: 'match', field, text: checkedText(field, unescapeLucene(text)), prefix };
  };
  if (term.isQuoted) return match(term.text, false);
  if (term.text === '*') return { kind: 'exists', field };
  // Hides escaped characters from the search for wildcards: an escaped star is a plain star.
  const plain = term.text.replace(/\\./g, '__');
  const prefix = plain.endsWith('*');
  const body = prefix ? term.text.slice(0, -1) : term.text;
  if (/[*?~^]/.test(prefix ? plain.slice(0, -1) : plain) || /^[[{]/.test(body)) {
    throw refuseSearch(WILDCARDS);
  }
  return match(body, prefix);
}

const SEARCH: LuceneSearch<SearchTerm> = {
  maxLength: 2_000,
  maxTerms: 50,
  unreadable,
  missing: 'A term is missing',
  term: toTerm,
  and: (terms) => ({ kind: 'and', terms }),
  or: (terms) => ({ kind: 'or', terms }),
  not: (term) => ({ kind: 'not', term }),
  beside: 'or',
};

/** Parses the search `q`. Returns undefined for an empty one and for `*`, which find everybody. Throws 400. */
export function parseUserSearch(q: string): SearchTerm | undefined {
  const text = q.trim();
  return text === '' || text === '*' ? undefined : parseLucene(text, SEARCH);
}
