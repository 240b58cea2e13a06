/**
 * Applies a PATCH (RFC 7644 section 3.5.2) to a SCIM user: `add`, `replace`, `remove`, with and without a path. Pure:
 * returns the changed user, which parse-user.ts then checks. Ignores what a PUT ignores: attributes that are not stored.
 * Otherwise a person who leaves would stay active because their directory sends such an attribute beside
 * `active: false`. Refuses malformed paths, and paths to a stored attribute that cannot be applied.
 */
import {
  type AttributePath,
  CORE_SCHEMA,
  findUnstoredName,
  fitsPath,
  parseAttributePath,
} from '../../management/scim/attribute-path.js';
import { badRequest } from './errors.js';
import { checkBounds, isObject, type Json } from './parse-user.js';

type Op = 'add' | 'replace' | 'remove';

interface Operation {
  readonly op: Op;
  readonly path: string | undefined;
  readonly value: unknown;
}

const MAX_OPERATIONS = 100;
const OPS: ReadonlySet<string> = new Set(['add', 'replace', 'remove']);

function parseOperation(item: unknown): Operation {
  if (!isObject(item)) throw badRequest('invalidSyntax', 'An operation takes an object.');
  // Microsoft Entra writes `Replace`.
  const op = typeof item.op === 'string' ? item.op.toLowerCase() : '';
  if (!OPS.has(op)) throw badRequest('invalidSyntax', 'op is add, replace or remove.');
  const { path, value } = item;
  if (path !== undefined && typeof path !== 'string') throw badRequest('invalidPath', 'path takes a text.');
  if (op === 'remove' && path === undefined) throw badRequest('noTarget', 'remove takes a path.');
  if (op !== 'remove' && value === undefined) throw badRequest('invalidValue', `${op} takes a value.`);
  return { op: op as Op, path, value };
}

/** Parses the operations of a body. Throws 400. */
function parseOperations(body: unknown): readonly Operation[] {
  const { Operations, operations } = checkBounds(body);
  const list = Operations ?? operations;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_OPERATIONS)
    throw badRequest('invalidSyntax', `Operations takes a list of 1 to ${MAX_OPERATIONS}.`);
  return list.map(parseOperation);
}

const without = (item: Json, name: string): Json =>
  Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));

function changeParts(before: unknown, { op, value }: Operation, sub: string | undefined): Json | undefined {
  const parts = isObject(before) ? before : {};
  if (op === 'remove') return sub === undefined ? undefined : without(parts, sub);
  if (sub !== undefined) return { ...parts, [sub]: value };
  if (!isObject(value)) throw badRequest('invalidValue', 'A complex attribute takes an object.');
  // The given sub-attributes replace the stored ones; others stay (RFC 7644 section 3.5.2.3).
  return { ...parts, ...value };
}

/**
 * Keeps `primary` only on the items in `latest`, if one has it: a list has at most one primary item (RFC 7643 section
 * 2.4).
 */
function withOnePrimary(list: readonly unknown[], latest: readonly unknown[]): readonly unknown[] {
  if (!latest.some((item) => isObject(item) && item.primary === true)) return list;
  return list.map((item) =>
    isObject(item) && item.primary === true && !latest.includes(item) ? { ...item, primary: false } : item,
  );
}

function addItems(list: readonly unknown[], value: unknown, op: Op): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (op === 'replace') return items;
  const known = new Set(list.map((item) => JSON.stringify(item)));
  const added = items.filter((item) => !known.has(JSON.stringify(item)));
  return withOnePrimary([...list, ...added], added);
}

function changeList(before: unknown, operation: Operation, path: AttributePath): readonly unknown[] | undefined {
  const list: readonly unknown[] = Array.isArray(before) ? before : [];
  const { op, value } = operation;
  const { where, sub } = path;
  if (where === undefined && sub === undefined) return op === 'remove' ? undefined : addItems(list, value, op);
  if (op === 'remove' && sub === undefined) return list.filter((item) => !fitsPath(item, path));
  const found = list.filter((item) => fitsPath(item, path));
  if (found.length > 0)
    return list.map((item) => (found.includes(item as Json) ? changeParts(item, operation, sub) : item));
  if (op === 'remove') return list;
  // If no item fits the filter, a replacement fails (RFC 7644 section 3.5.2.3); an addition creates the item.
  if (op === 'replace' && where !== undefined) throw badRequest('noTarget', 'No item fits the filter of the path.');
  const item = changeParts(where === undefined ? {} : { [where.name]: where.value }, operation, sub);
  return withOnePrimary([...list, item], [item]);
}

const LISTS: ReadonlySet<string> = new Set(['emails', 'phoneNumbers', 'ims', 'photos', 'addresses']);
const isComplex = (attribute: string) => attribute === 'name' || attribute.includes(':');

function changeValue(before: unknown, operation: Operation, path: AttributePath): unknown {
  if (LISTS.has(path.attribute)) return changeList(before, operation, path);
  if (path.where !== undefined) throw badRequest('invalidPath', 'Only lists have items.');
  if (isComplex(path.attribute)) return changeParts(before, operation, path.sub);
  if (path.sub !== undefined) throw badRequest('invalidPath', `${path.attribute} has no sub-attributes.`);
  return operation.op === 'remove' ? undefined : operation.value;
}

/** A user as far as the operations have changed it, and the names of the attributes that they ignored. */
export interface Patched {
  readonly resource: Json;
  readonly ignored: readonly string[];
}

/**
 * Null means that the attribute has no value (RFC 7643 section 2.5), as in a PUT: a replacement removes it, and an
 * addition changes nothing.
 */
function changeAt(resource: Json, operation: Operation, path: AttributePath): Json {
  const isEmpty = operation.op !== 'remove' && operation.value === null;
  if (isEmpty && operation.op === 'add') return resource;
  const change = isEmpty ? { ...operation, op: 'remove' as const, value: undefined } : operation;
  const after = changeValue(resource[path.attribute], change, path);
  return after === undefined ? without(resource, path.attribute) : { ...resource, [path.attribute]: after };
}

/**
 * Ignores a path to an attribute that is not stored, and keeps its name. Throws 400 for any other path: whatever is not
 * done is either named or refused, also where the path is a name in an object.
 */
function ignoreAt({ resource, ignored }: Patched, text: string): Patched {
  const name = findUnstoredName(text);
  if (name === undefined) throw badRequest('invalidPath', 'The path is not understood.');
  return { resource, ignored: ignored.includes(name) ? ignored : [...ignored, name] };
}

const isCoreSchema = (name: string) => name.toLowerCase() === CORE_SCHEMA.toLowerCase();

function changeAll(before: Patched, operation: Operation): Patched {
  const { value } = operation;
  if (!isObject(value)) throw badRequest('invalidValue', 'An operation without a path takes an object.');
  let changed = before;
  for (const [name, item] of Object.entries(value)) {
    // Microsoft Entra sends paths as names, such as `name.givenName`.
    const path = parseAttributePath(name);
    if (path !== undefined)
      changed = { ...changed, resource: changeAt(changed.resource, { ...operation, value: item }, path) };
    // Some directories write the core attributes below the URN of their schema, `active` among them.
    else if (isCoreSchema(name) && isObject(item)) changed = changeAll(changed, { ...operation, value: item });
    else changed = ignoreAt(changed, name);
  }
  return changed;
}

function changeByPath(before: Patched, operation: Operation, text: string): Patched {
  const path = parseAttributePath(text);
  if (path !== undefined) return { ...before, resource: changeAt(before.resource, operation, path) };
  return ignoreAt(before, text);
}

/**
 * Applies the operations of `body` in order: all or none. `ignored` has no name twice, and no value of a person. Throws
 * 400.
 */
export function applyPatch(resource: Json, body: unknown): Patched {
  let changed: Patched = { resource, ignored: [] };
  for (const operation of parseOperations(body)) {
    const { op, path } = operation;
    const isWhole = path === undefined || (op !== 'remove' && isCoreSchema(path));
    changed = isWhole ? changeAll(changed, operation) : changeByPath(changed, operation, path);
  }
  return changed;
}
