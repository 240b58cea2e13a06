/**
 * Parses a SCIM user from a request body: checks the types of the stored attributes (RFC 7643 section 4.1), and gives
 * them the RFC's spelling. Leaves out everything else, above all a password, which must never be stored, not even by
 * mistake.
 */
import { isWithinBounds } from '../../kernel/json-bounds.js';
import {
  ENTERPRISE_SCHEMA,
  findAttribute,
  findSubAttribute,
  LIST_ATTRIBUTES,
  TEXT_ATTRIBUTES,
} from '../../management/scim/attribute-path.js';
import type { ScimResource } from '../../ports/directory/scim.js';
import { badRequest } from './errors.js';

export type Json = Readonly<Record<string, unknown>>;

const MAX_TEXT = 1_024;
/** Maximum number of characters of `userName` and `externalId`, which are indexed; a subject may have as many. */
const MAX_NAME = 255;
const MAX_ITEMS = 50;
const BOUNDS = { depth: 8, values: 2_000 };
/** Characters that PostgreSQL cannot hold as text or JSON: U+0000, and half of a surrogate pair. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

const TEXTS: ReadonlySet<string> = new Set(TEXT_ATTRIBUTES);
const LISTS: ReadonlySet<string> = new Set(LIST_ATTRIBUTES);

/** True for a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a text of at most `max` storable characters. Throws 400. */
export function parseText(value: unknown, name: string, max = MAX_TEXT): string {
  if (typeof value !== 'string') throw badRequest('invalidValue', `${name} takes a text.`);
  if (value.length > max) throw badRequest('invalidValue', `${name} takes at most ${max} characters.`);
  if (NOT_STORABLE.test(value)) throw badRequest('invalidValue', `${name} has a character that cannot be stored.`);
  return value;
}

/** Parses a boolean, also as the text that Microsoft Entra sends ("False"). */
function parseFlag(value: unknown, name: string): boolean {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  if (text === true || text === 'true') return true;
  if (text === false || text === 'false') return false;
  throw badRequest('invalidValue', `${name} takes true or false.`);
}

function parseParts(value: unknown, name: string): Json {
  if (!isObject(value)) throw badRequest('invalidValue', `${name} takes an object.`);
  const parts: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const sub = findSubAttribute(key);
    // The enterprise extension's manager is an object. Some clients send a text, or a list with one item.
    const item: unknown = sub === 'manager' && Array.isArray(given) ? given[0] : given;
    if (sub === undefined || item === null || item === undefined) continue;
    if (sub === 'manager' && isObject(item)) parts[sub] = parseParts(item, `${name}.manager`);
    else parts[sub] = sub === 'primary' ? parseFlag(item, `${name}.primary`) : parseText(item, `${name}.${sub}`);
  }
  return parts;
}

function parseList(value: unknown, name: string): readonly Json[] {
  if (!Array.isArray(value)) throw badRequest('invalidValue', `${name} takes a list.`);
  if (value.length > MAX_ITEMS) throw badRequest('invalidValue', `${name} takes at most ${MAX_ITEMS} items.`);
  return value.map((item) => parseParts(item, name));
}

function parseAttribute(name: string, value: unknown): unknown {
  if (name === 'active') return parseFlag(value, name);
  if (TEXTS.has(name))
    return parseText(value, name, name === 'userName' || name === 'externalId' ? MAX_NAME : MAX_TEXT);
  return LISTS.has(name) ? parseList(value, name) : parseParts(value, name === ENTERPRISE_SCHEMA ? 'enterprise' : name);
}

/** Checks the nesting and the number of values of a body, before other code reads it. */
export function checkBounds(body: unknown): Json {
  if (!isObject(body)) throw badRequest('invalidSyntax', 'The body takes a JSON object.');
  if (!isWithinBounds(body, BOUNDS)) throw badRequest('invalidSyntax', 'The body has too many values.');
  return body;
}

/** Parses the user in a body, or a stored user that a PATCH has changed. Throws 400 `invalidValue`. */
export function parseUser(body: unknown): ScimResource & { readonly userName: string; readonly active?: boolean } {
  const resource: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(checkBounds(body))) {
    const name = findAttribute(key);
    if (name === undefined || value === null || value === undefined) continue;
    resource[name] = parseAttribute(name, value);
  }
  const { userName } = resource;
  if (typeof userName !== 'string' || userName.trim() === '') throw badRequest('invalidValue', 'userName is required.');
  return { ...resource, userName };
}
