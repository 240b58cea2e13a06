/**
 * Parses filters (RFC 7644 section 3.4.2.2) as far as Auth0 accepts them: `eq`, `and`, `or` and parentheses, with the
 * attributes of the two tables below. The result is a tree of values; no part of the text becomes part of an SQL
 * statement.
 */
import { CORE_SCHEMA } from '../../management/scim/attribute-path.js';
import type { ScimAttribute, ScimFilter } from '../../ports/directory/scim.js';
import type { ScimGroupAttribute } from '../../ports/directory/scim-groups.js';
import { badRequest, type ScimError } from './errors.js';
import { GROUP_SCHEMA } from './group-schema.js';

const MAX_LENGTH = 2_000;
const MAX_TERMS = 20;
const MAX_DEPTH = 10;

/**
 * The attributes that a filter may compare, by their names in lower case. A name may begin with the schema's URN
 * (`start`).
 */
export interface FilterTable<Attribute extends string> {
  readonly start: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The names of the attributes, for error messages. */
  readonly names: string;
}

export const USER_FILTERS: FilterTable<ScimAttribute> = {
  start: `${CORE_SCHEMA}:`.toLowerCase(),
  attributes: {
    id: 'id',
    username: 'userName',
    externalid: 'externalId',
    'emails.value': 'emails.value',
    emails: 'emails.value',
  },
  names: 'userName, externalId, id or emails.value',
};

export const GROUP_FILTERS: FilterTable<ScimGroupAttribute> = {
  start: `${GROUP_SCHEMA}:`.toLowerCase(),
  attributes: {
    id: 'id',
    displayname: 'displayName',
    externalid: 'externalId',
    'members.value': 'members.value',
    members: 'members.value',
  },
  names: 'displayName, externalId, id or members.value',
};

/** Matches one token: a parenthesis, a text in JSON's form, or a word. */
const TOKEN = /\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))/y;

/**
 * The form in which Microsoft Entra writes an email address; the kind of the address is ignored. Inside a text its
 * quotes would be escaped, so this matches no text.
 */
const WORK_ADDRESS = /\bemails\[type eq "\w{1,64}"\]\.value\b/gi;

function wrong(reason: string): ScimError {
  return badRequest('invalidFilter', `The filter is not understood: ${reason}.`);
}

function split(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) throw wrong('a text has no end');
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

function parseText(token: string | undefined): string {
  try {
    const value: unknown = JSON.parse(token ?? '');
    if (typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value)) return value;
  } catch {
    // answered below
  }
  throw wrong('eq takes a text in double quotes');
}

class Reader<Attribute extends string> {
  private at = 0;
  private terms = 0;
  constructor(
    private readonly tokens: readonly string[],
    private readonly table: FilterTable<Attribute>,
  ) {}

  whole(): ScimFilter<Attribute> {
    const filter = this.either(0);
    if (this.at < this.tokens.length) throw wrong('there is more than one expression');
    return filter;
  }

  private isNext(word: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private list(kind: 'and' | 'or', read: () => ScimFilter<Attribute>): ScimFilter<Attribute> {
    const terms = [read()];
    while (this.isNext(kind)) terms.push(read());
    const [first] = terms;
    return terms.length === 1 && first !== undefined ? first : { kind, terms };
  }

  /** `and` binds closer than `or` (RFC 7644 section 3.4.2.2). */
  private either(depth: number): ScimFilter<Attribute> {
    if (depth > MAX_DEPTH) throw wrong('it nests too deep');
    return this.list('or', () => this.list('and', () => this.one(depth)));
  }

  private one(depth: number): ScimFilter<Attribute> {
    if (this.isNext('(')) {
      const inner = this.either(depth + 1);
      if (!this.isNext(')')) throw wrong('a parenthesis is not closed');
      return inner;
    }
    this.terms += 1;
    if (this.terms > MAX_TERMS) throw wrong(`it has more than ${MAX_TERMS} comparisons`);
    const name = (this.tokens[this.at] ?? '').toLowerCase();
    const { start, attributes, names } = this.table;
    const plain = name.startsWith(start) ? name.slice(start.length) : name;
    const attribute = Object.hasOwn(attributes, plain) ? attributes[plain] : undefined;
    if (attribute === undefined) throw wrong(`it compares ${names}`);
    this.at += 1;
    if (!this.isNext('eq')) throw wrong('the only comparison is eq');
    const value = parseText(this.tokens[this.at]);
    this.at += 1;
    return { kind: 'eq', attribute, value };
  }
}

/** Parses the filter of a query. Throws 400 `invalidFilter`. */
export function parseFilter<Attribute extends string>(
  text: string,
  table: FilterTable<Attribute>,
): ScimFilter<Attribute> {
  if (text.length > MAX_LENGTH) throw wrong(`it has more than ${MAX_LENGTH} characters`);
  return new Reader(split(text.replace(WORK_ADDRESS, 'emails.value')), table).whole();
}
