/**
 * Parses and applies `attributes` and `excludedAttributes`, by which a request chooses parts of a resource (RFC 7644
 * section 3.9). Pure.
 */
import { CORE_SCHEMA, ENTERPRISE_SCHEMA } from '../../management/scim/attribute-path.js';
import { badRequest } from './errors.js';
import { GROUP_SCHEMA } from './group-schema.js';
import { isObject, type Json } from './parse-user.js';

/** The path of an attribute, or of a part of it, in lower case. */
type Path = readonly [attribute: string, sub: string | undefined];

export interface Projection {
  readonly only: readonly Path[] | undefined;
  readonly without: readonly Path[];
}

const MAX_NAMES = 100;
const MAX_NAME = 256;
/** Attributes that are always returned (RFC 7643 section 7, `returned: always`). */
const ALWAYS: ReadonlySet<string> = new Set(['schemas', 'id']);
const EXTENSION = ENTERPRISE_SCHEMA.toLowerCase();
const STARTS = [CORE_SCHEMA, GROUP_SCHEMA].map((schema) => `${schema}:`.toLowerCase());

function parsePath(text: string): Path {
  const name = text.trim().toLowerCase();
  if (name === EXTENSION) return [EXTENSION, undefined];
  if (name.startsWith(EXTENSION)) return [EXTENSION, name.slice(EXTENSION.length + 1).split('.')[0]];
  const start = STARTS.find((item) => name.startsWith(item)) ?? '';
  const [attribute = '', ...sub] = name.slice(start.length).split('.');
  return [attribute, sub.length === 0 ? undefined : sub.join('.')];
}

function parseNames(value: unknown, name: string): readonly Path[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  // The value is a list in a search's body, and a text with commas in a query.
  const names: readonly unknown[] =
    typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  const isRight = names.every((item): item is string => typeof item === 'string' && item.length <= MAX_NAME);
  if (!isRight || names.length > MAX_NAMES)
    throw badRequest('invalidValue', `${name} takes at most ${MAX_NAMES} names of attributes.`);
  return names.map(parsePath);
}

/** Parses which parts a query or a search asks for. If it has both parameters, `attributes` counts. Throws 400. */
export function parseProjection(query: Json): Projection {
  const only = parseNames(query.attributes, 'attributes');
  const without = parseNames(query.excludedAttributes, 'excludedAttributes');
  return { only, without: only === undefined ? (without ?? []) : [] };
}

/** False when the answer shows no part of the attribute, so that it need not be read. */
export function isShown({ only, without }: Projection, attribute: string): boolean {
  if (only !== undefined) return only.some(([name]) => name === attribute);
  return !without.some(([name, sub]) => name === attribute && sub === undefined);
}

function mapParts(value: unknown, keeps: (sub: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => mapParts(item, keeps));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([sub]) => keeps(sub.toLowerCase())));
}

/** Returns the parts of the resource that the request asks for. */
export function project(resource: Json, projection: Projection): Json {
  const { only, without } = projection;
  if (only === undefined && without.length === 0) return resource;
  const shown = Object.entries(resource).flatMap(([key, value]): [string, unknown][] => {
    const name = key.toLowerCase();
    if (ALWAYS.has(name)) return [[key, value]];
    const asked = (only ?? without).filter(([attribute]) => attribute === name).map(([, sub]) => sub);
    const isWhole = asked.includes(undefined);
    if (only !== undefined) {
      if (asked.length === 0) return [];
      return [[key, isWhole ? value : mapParts(value, (sub) => asked.includes(sub))]];
    }
    if (isWhole) return [];
    return [[key, asked.length === 0 ? value : mapParts(value, (sub) => !asked.includes(sub))]];
  });
  return Object.fromEntries(shown);
}
