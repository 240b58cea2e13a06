/**
 * Parses which part of a list a request asks for: from a query string, or from the body of `.search` (RFC 7644 sections
 * 3.4.2 and 3.4.3). Pure.
 */
import type { ScimQuery, ScimSortKey } from '../../ports/directory/scim.js';
import type { ScimGroupSortKey } from '../../ports/directory/scim-groups.js';
import { badRequest } from './errors.js';
import { type FilterTable, parseFilter } from './parse-filter.js';
import type { Json } from './parse-user.js';
import { type Projection, parseProjection } from './projection.js';

/** Maximum number of resources of one answer. */
export const MAX_COUNT = 100;
const MAX_INDEX = 1_000_000_000;

/** The attributes by which a list can be sorted, by their names in lower case. */
export type SortTable<Key extends string> = Readonly<Record<string, Key>>;

const SHARED = {
  id: 'id',
  externalid: 'externalId',
  displayname: 'displayName',
  'meta.created': 'meta.created',
  'meta.lastmodified': 'meta.lastModified',
} as const;
export const USER_SORTS: SortTable<ScimSortKey> = { ...SHARED, username: 'userName' };
export const GROUP_SORTS: SortTable<ScimGroupSortKey> = SHARED;

export interface ListQuery<Attribute extends string, Key extends string> {
  readonly query: ScimQuery<Attribute, Key>;
  /** Position of the first resource in the list; the list begins at 1. */
  readonly startIndex: number;
  readonly projection: Projection;
}

function parseIndex(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d{1,10}$/.test(text))
    throw badRequest('invalidValue', `${name} takes a number.`);
  return Math.min(Number(text), MAX_INDEX);
}

function parseSort<Key extends string>(
  { sortBy, sortOrder = 'ascending' }: Json,
  table: FilterTable<string>,
  keys: SortTable<Key>,
): ScimQuery<never, Key>['sort'] {
  if (sortBy === undefined) return undefined;
  const name = typeof sortBy === 'string' ? sortBy.toLowerCase() : '';
  const plain = name.startsWith(table.start) ? name.slice(table.start.length) : name;
  const by = Object.hasOwn(keys, plain) ? keys[plain] : undefined;
  if (by === undefined) throw badRequest('invalidPath', `sortBy takes one of ${Object.values(keys).join(', ')}.`);
  if (sortOrder !== 'ascending' && sortOrder !== 'descending')
    throw badRequest('invalidValue', 'sortOrder is ascending or descending.');
  return { by, descending: sortOrder === 'descending' };
}

/**
 * Parses the query of a list. Throws 400. A startIndex below 1 counts as 1, a negative count as 0 (RFC 7644 section
 * 3.4.2.4).
 */
export function parseListQuery<Attribute extends string, Key extends string>(
  query: Json,
  filters: FilterTable<Attribute>,
  sorts: SortTable<Key>,
): ListQuery<Attribute, Key> {
  const { filter } = query;
  if (filter !== undefined && typeof filter !== 'string') throw badRequest('invalidFilter', 'Send one filter.');
  const startIndex = Math.max(parseIndex(query.startIndex, 'startIndex', 1), 1);
  const limit = Math.min(Math.max(parseIndex(query.count, 'count', MAX_COUNT), 0), MAX_COUNT);
  const parsed = filter === undefined || filter.trim() === '' ? undefined : parseFilter(filter, filters);
  const sort = parseSort(query, filters, sorts);
  return {
    query: { filter: parsed, sort, offset: startIndex - 1, limit },
    startIndex,
    projection: parseProjection(query),
  };
}
