/**
 * Parses the search of `GET /users?q=`: terms with a field, a trailing `*`, ranges, `_exists_:field`, `*:*`, joined as
 * in Lucene. Throws 400 with the reason for anything else. Makes no SQL.
 */
import type { MetadataValue, SearchField, SearchTerm } from '../../ports/directory/users.js';
import { type LuceneSearch, type LuceneTerm, parseLucene, refuseSearch, unescapeLucene } from '../api/lucene.js';
import {
  isRanged,
  parseComparison,
  parsePoint,
  parseRange,
  RANGED_FIELDS,
  type RangedField,
} from './user-search-ranges.js';

const FIELDS: Readonly<Record<string, SearchField>> = {
  email: 'email',
  'email.raw': 'email',
  'email.domain': 'email.domain',
  user_id: 'user_id',
  username: 'username',
  name: 'name',
  'name.raw': 'name',
  'identities.connection': 'identities.connection',
  organization_id: 'organization_id',
  blocked: 'blocked',
  email_verified: 'email_verified',
};
const BOOLEANS: ReadonlySet<SearchField> = new Set(['blocked', 'email_verified']);

/** Limits the work of a comparison, which follows the path in each person's metadata. */
const MAX_KEYS = 10;
const METADATA = /^(app_metadata|user_metadata)\.(.+)$/;
/** A number as JSON has it, short enough that no digit is lost. */
const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/;

const WILDCARDS = 'Wildcards are taken at the end of a value only; ranges and fuzzy searches are not';
const NO_METADATA_PATTERN = 'Metadata is searched by whole values: wildcards, ranges and fuzzy searches are not taken';
const unreadable = (rest: string) =>
  `Cannot read the query at "${rest.slice(0, 30)}". Write field:value or field:"value"`;

function getField(name: string): SearchField {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field !== undefined) return field;
  const known = [...Object.keys(FIELDS), ...RANGED_FIELDS, 'app_metadata.…', 'user_metadata.…'];
  throw refuseSearch(`Cannot search by ${name}. Fields: ${known.join(', ')}`);
}

function checkedText(field: SearchField, text: string): string {
  if (BOOLEANS.has(field) && text !== 'true' && text !== 'false') throw refuseSearch(`${field} is true or false`);
  return text;
}

/** Returns the column and the keys that a field such as `app_metadata.plan.name` names; undefined for another field. */
function parseMetadataField(name: string): Pick<MetadataTerm, 'of' | 'path'> | undefined {
  const [, of, rest] = METADATA.exec(name) ?? [];
  if (of === undefined || rest === undefined) return undefined;
  const path = rest.split('.');
  if (path.some((key) => key === '' || key.includes('*'))) throw refuseSearch(`${name} is no path of metadata`);
  if (path.length > MAX_KEYS) throw refuseSearch(`${of} is searched ${MAX_KEYS} levels deep at most`);
  return { of: of as MetadataTerm['of'], path };
}

type MetadataTerm = Extract<SearchTerm, { kind: 'metadata' }>;

/** Returns the values that a text may mean: `5` is a text and a number. */
function toMetadataValues(text: string): readonly MetadataValue[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return NUMBER.test(text) ? [text, Number(text)] : [text];
}

/** True if a bare text has a character that means a pattern. An escaped one is itself. */
const isPattern = (bare: string) => /[*?~^]/.test(bare.replace(/\\./g, '__')) || /^[[{]/.test(bare);

function toMetadataTerm(field: Pick<MetadataTerm, 'of' | 'path'>, { text, isQuoted, range }: LuceneTerm): SearchTerm {
  if (range) throw refuseSearch(NO_METADATA_PATTERN);
  if (isQuoted) return { kind: 'metadata', ...field, values: toMetadataValues(unescapeLucene(text)) };
  if (text === '*') return { kind: 'metadata', ...field };
  if (isPattern(text) || /^[<>]/.test(text)) throw refuseSearch(NO_METADATA_PATTERN);
  return { kind: 'metadata', ...field, values: toMetadataValues(unescapeLucene(text)) };
}

function toExists(name: string): SearchTerm {
  if (isRanged(name)) return parseRange(name);
  const metadata = parseMetadataField(name);
  return metadata ? { kind: 'metadata', ...metadata } : { kind: 'exists', field: getField(name) };
}

function toRangedTerm(field: RangedField, { text, isQuoted, range }: LuceneTerm): SearchTerm {
  if (range) return parseRange(field, range);
  if (isQuoted) return parsePoint(field, text);
  if (text === '*') return parseRange(field);
  return parseComparison(field, unescapeLucene(text)) ?? parsePoint(field, unescapeLucene(text));
}

function toTextTerm(field: SearchField, term: LuceneTerm): SearchTerm {
  const match = (text: string, prefix: boolean): SearchTerm => {
    return { kind: 'match', field, text: checkedText(field, unescapeLucene(text)), prefix };
  };
  if (term.range) throw refuseSearch(WILDCARDS);
  if (term.isQuoted) return match(term.text, false);
  if (term.text === '*') return { kind: 'exists', field };
  // Hides escaped characters from the search for wildcards: an escaped star is a plain star.
  const prefix = term.text.replace(/\\./g, '__').endsWith('*');
  const body = prefix ? term.text.slice(0, -1) : term.text;
  if (isPattern(body)) throw refuseSearch(WILDCARDS);
  if (prefix && field === 'organization_id') throw refuseSearch('organization_id takes a whole ID');
  return match(body, prefix);
}

function toTerm(term: LuceneTerm, query: string): SearchTerm {
  const { field } = term;
  if (field === undefined) throw refuseSearch(unreadable(query.slice(term.at)));
  if (field === '_exists_' && !term.range) return toExists(term.text);
  if (field === '*' && !term.range) {
    if (term.text !== '*') throw refuseSearch('Name a field to search by');
    return { kind: 'all' };
  }
  if (isRanged(field)) return toRangedTerm(field, term);
  const metadata = parseMetadataField(field);
  return metadata ? toMetadataTerm(metadata, term) : toTextTerm(getField(field), term);
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

/** True if the search asks for memberships, which a user's JSON does not show. */
export function asksForMembership(term: SearchTerm): boolean {
  if (term.kind === 'not') return asksForMembership(term.term);
  if (term.kind === 'and' || term.kind === 'or') return term.terms.some(asksForMembership);
  return (term.kind === 'match' || term.kind === 'exists') && term.field === 'organization_id';
}
