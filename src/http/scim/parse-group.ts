/**
 * Parses a SCIM group from a request body, and the changes of a PATCH (RFC 7643 section 4.2, RFC 7644 section 3.5.2).
 * Understands the dialects of Okta and Microsoft Entra. Pure. The people of a group are ids here; only the store knows
 * whether they belong to the connection.
 */
import { isWithinBounds } from '../../kernel/json-bounds.js';
import { isMisplaced, splitPath } from '../../management/scim/attribute-path.js';
import type { ScimMemberChange } from '../../ports/directory/scim-groups.js';
import { badRequest } from './errors.js';
import { GROUP_SCHEMA } from './group-schema.js';
import { isObject, type Json, parseText } from './parse-user.js';

/** Maximum number of characters of a name or an external id. Both are indexed. */
const MAX_NAME = 255;
/** Maximum number of members in one request. A larger group is sent in parts. */
const MAX_MEMBERS = 10_000;
const MAX_ID = 1_024;
const MAX_OPERATIONS = 1_000;
const BOUNDS = { depth: 8, values: 100_000 };

/** The names of a group; undefined where the request has none. */
export interface GroupNames {
  readonly displayName?: string;
  /** The directory's id for the group; null removes it. */
  readonly externalId?: string | null;
}

export interface GroupChange extends GroupNames {
  readonly members: ScimMemberChange;
  /** Names of the attributes that a PATCH names and a group does not store. */
  readonly ignored: readonly string[];
}

/** Checks the nesting and the number of values of a body, before other code reads it. */
function checkBody(body: unknown): Json {
  if (!isObject(body)) throw badRequest('invalidSyntax', 'The body takes a JSON object.');
  if (!isWithinBounds(body, BOUNDS)) throw badRequest('invalidSyntax', 'The body has too many values.');
  return body;
}

/** Converts the names of attributes to lower case: RFC 7643 section 2.1 compares them without regard to case. */
const toLowerCase = (body: Json): Json =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));

function parseName(value: unknown): string {
  const name = parseText(value, 'displayName', MAX_NAME);
  if (name.trim() === '') throw badRequest('invalidValue', 'displayName is required.');
  return name;
}

const parseExternalId = (value: unknown): string | null =>
  value === null || value === '' ? null : parseText(value, 'externalId', MAX_NAME);

/**
 * Parses an id. Some clients send it percent-encoded, as in an address. All ids here have a `|`, so an id without it is
 * encoded.
 */
function parseId(value: unknown): string {
  const id = parseText(value, 'members.value', MAX_ID);
  if (id.includes('|') || !/%7c/i.test(id)) return id;
  try {
    return parseText(decodeURIComponent(id), 'members.value', MAX_ID);
  } catch {
    return id;
  }
}

function parseMember(item: unknown): string {
  // Some clients send a list of ids instead of objects.
  const { value, type = 'User' } = isObject(item) ? toLowerCase(item) : { value: item };
  if (typeof type === 'string' && type.toLowerCase() === 'group')
    throw badRequest('invalidValue', 'A group takes people; a group in a group is not supported.');
  return parseId(value);
}

/** Parses a list of members, or a single member. */
function parseMembers(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length > MAX_MEMBERS)
    throw badRequest('invalidValue', `members takes at most ${MAX_MEMBERS} items of one request.`);
  return items.map(parseMember);
}

/** Parses the group of a POST or PUT. Throws 400. */
export function parseGroup(body: unknown): {
  displayName: string;
  externalId: string | null;
  members: readonly string[];
} {
  const { displayname, externalid = null, members } = toLowerCase(checkBody(body));
  return {
    displayName: parseName(displayname ?? ''),
    externalId: parseExternalId(externalid),
    members: parseMembers(members),
  };
}

/** Collects all operations of a PATCH in two sets, so that any number of them is one change. */
class Change {
  names: { displayName?: string; externalId?: string | null } = {};
  readonly ignored = new Set<string>();
  private base: ScimMemberChange['base'] = 'keep';
  private readonly add = new Set<string>();
  private readonly remove = new Set<string>();

  clear(): void {
    this.base = 'none';
    this.add.clear();
    this.remove.clear();
  }

  put(ids: readonly string[]): void {
    for (const id of ids) {
      this.remove.delete(id);
      this.add.add(id);
    }
    if (this.add.size > MAX_MEMBERS)
      throw badRequest('invalidValue', `members takes at most ${MAX_MEMBERS} items of one request.`);
  }

  take(ids: readonly string[]): void {
    for (const id of ids) {
      this.add.delete(id);
      if (this.base === 'keep') this.remove.add(id);
    }
  }

  whole(): GroupChange {
    const members = { base: this.base, add: [...this.add], remove: [...this.remove] };
    return { ...this.names, members, ignored: [...this.ignored] };
  }
}

type Op = 'add' | 'replace' | 'remove';

/** `members[value eq "id"]`, by which Okta removes one person. */
const ONE_MEMBER = /^members\[\s{0,9}value\s{1,9}eq\s{1,9}("(?:[^"\\]|\\.){0,1024}")\s{0,9}\]$/i;

function parseOneMember(path: string): string | undefined {
  const [, text] = ONE_MEMBER.exec(path) ?? [];
  if (text === undefined) return undefined;
  try {
    return parseId(JSON.parse(text));
  } catch {
    throw badRequest('invalidPath', 'The value in the path is not understood.');
  }
}

function changeMembers(change: Change, op: Op, value: unknown): void {
  if (op === 'replace' || (op === 'remove' && (value === undefined || value === null))) change.clear();
  const ids = parseMembers(value);
  if (op === 'remove') change.take(ids);
  else change.put(ids);
}

const notUnderstood = () => badRequest('invalidPath', 'The path is not understood.');

function changeAttribute(change: Change, op: Op, name: string, value: unknown): void {
  if (name === 'members') changeMembers(change, op, value);
  else if (name === 'displayname') {
    if (op === 'remove') throw badRequest('mutability', 'displayName is required.');
    change.names.displayName = parseName(value);
  } else if (name === 'externalid') change.names.externalId = op === 'remove' ? null : parseExternalId(value);
  else throw notUnderstood();
}

const STORED: ReadonlySet<string> = new Set(['members', 'displayname', 'externalid']);
const SCHEMA = GROUP_SCHEMA.toLowerCase();

/** Returns the path without the schema's URN. Some directories write a point behind the URN. */
function withoutSchema(path: string): string {
  const isOurs = path.slice(0, SCHEMA.length).toLowerCase() === SCHEMA && /^[.:]/.test(path.slice(SCHEMA.length));
  return isOurs ? path.slice(SCHEMA.length + 1) : path;
}

/**
 * Returns the name of an attribute that groups do not store, as PUT ignores it. Undefined for a malformed path and for a
 * path into a stored attribute: a person who is removed in a way that is not understood must not stay without a word.
 */
function findIgnored(name: string): string | undefined {
  const parts = splitPath(name);
  if (parts === undefined || isMisplaced(parts) || name === SCHEMA) return undefined;
  const isStored = parts.urn === '' && STORED.has(parts.names.split('.')[0] ?? '');
  return isStored ? undefined : `${parts.urn}${parts.names}${parts.rest}`;
}

function changeAll(change: Change, op: Op, value: Json): void {
  for (const [key, part] of Object.entries(value)) {
    const name = withoutSchema(key).toLowerCase();
    // Some directories write the core attributes below the URN of their schema.
    if (name === SCHEMA && isObject(part)) changeAll(change, op, part);
    else if (STORED.has(name)) changeAttribute(change, op, name, part);
    else {
      const ignored = findIgnored(name);
      if (ignored === undefined) throw notUnderstood();
      change.ignored.add(ignored);
    }
  }
}

function applyOperation(change: Change, item: unknown): void {
  if (!isObject(item)) throw badRequest('invalidSyntax', 'An operation takes an object.');
  // Microsoft Entra writes `Replace`.
  const op = typeof item.op === 'string' ? item.op.toLowerCase() : '';
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw badRequest('invalidSyntax', 'op is add, replace or remove.');
  const { path, value } = item;
  if (path !== undefined && typeof path !== 'string') throw badRequest('invalidPath', 'path takes a text.');
  if (path === undefined || (op !== 'remove' && path.toLowerCase() === SCHEMA)) {
    if (op === 'remove') throw badRequest('noTarget', 'remove takes a path.');
    if (!isObject(value)) throw badRequest('invalidValue', 'An operation without a path takes an object.');
    // Okta sends the id with the new name. Attributes that are not stored are ignored, as in POST and PUT.
    changeAll(change, op, value);
    return;
  }
  if (op !== 'remove' && value === undefined) throw badRequest('invalidValue', `${op} takes a value.`);
  const plain = withoutSchema(path);
  const name = plain.toLowerCase();
  const member = parseOneMember(plain);
  if (member !== undefined) {
    if (op !== 'remove') throw badRequest('invalidPath', 'Only remove takes a person in the path.');
    change.take([member]);
    return;
  }
  const ignored = findIgnored(name);
  if (ignored === undefined) changeAttribute(change, op, name, value);
  else change.ignored.add(ignored);
}

/** Parses the operations of a PATCH into one change. Throws 400. */
export function parseGroupPatch(body: unknown): GroupChange {
  const { operations: list } = toLowerCase(checkBody(body));
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_OPERATIONS)
    throw badRequest('invalidSyntax', `Operations takes a list of 1 to ${MAX_OPERATIONS}.`);
  const change = new Change();
  for (const item of list) applyOperation(change, item);
  return change.whole();
}
