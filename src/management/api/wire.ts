/** Functions for converting records to Auth0's JSON, and for the schemas of answers. */
import { Conflict } from '../../ports/directory.js';
import { conflict } from './errors.js';
import { alwaysShown, type FieldTable, type RecordOf, sometimesShown, toJson } from './fields.js';
import type { JsonSchema, Wire } from './operation.js';

/** Returns the object without properties that are undefined; Auth0 omits these. */
export function present(fields: Readonly<Record<string, unknown>>): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Returns the defined properties of `fields`, typed as changes of a record. */
export function changed<Changes extends object>(
  fields: { [Field in keyof Changes]: Changes[Field] | undefined },
): Partial<Changes> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}

/** Returns the schema of a list. `item`: the type or the schema of its items. */
export function listOf(item: string | JsonSchema): JsonSchema {
  return { type: 'array', items: typeof item === 'string' ? { type: item } : item };
}

/** Returns the schema of a string that is one of `words`. */
export function wordOf(...words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

/** Schema of an object whose properties somebody else chooses: metadata, claims, a tenant's own settings. */
export const ANY_OBJECT: JsonSchema = { type: 'object', additionalProperties: true };

export const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] };

/** Returns the schema with permission for further properties, such as stored settings that have no effect here. */
export function openTo(schema: JsonSchema): JsonSchema {
  return { ...schema, additionalProperties: true };
}

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/**
 * Returns the schema of an object in an answer. `required` and `sometimes` have the type or the schema of each property
 * that the object always, or sometimes, has. A test fails for an answer with a property that its schema does not name.
 */
export function replyOf(
  required: Readonly<Record<string, string | JsonSchema>>,
  sometimes: Readonly<Record<string, string | JsonSchema>> = {},
): ObjectSchema {
  const shapes = Object.entries({ ...required, ...sometimes }).map(([name, item]) => [
    name,
    typeof item === 'string' ? { type: item } : item,
  ]);
  const properties = Object.fromEntries(shapes) as ObjectSchema['properties'];
  return { type: 'object', required: Object.keys(required), properties };
}

/** One property of an answer: its type or schema, and the function that reads its value from a record. */
type Shown<Item> = readonly [shape: string | JsonSchema, read: (item: Item) => unknown];

/**
 * The properties of an answer in their order. The name of a property that an answer does not always have ends with `?`.
 */
export type Rows<Item> = Readonly<{ [name: string]: Shown<Item> }>;

/** The form in which answers show a record: its rows, the schema, and the conversion. */
export interface View<Item> {
  readonly rows: Rows<Item>;
  readonly schema: ObjectSchema;
  readonly show: (item: Item) => Wire;
}

/** Creates a view: how answers show a record. A property whose value is undefined is omitted. */
export function viewOf<Item>(rows: Rows<Item>): View<Item> {
  const all = Object.entries(rows).map(([key, [shape, read]]) => {
    return { name: key.replace('?', ''), isSometimes: key.endsWith('?'), shape, read };
  });
  const shapesOf = (some: typeof all) => Object.fromEntries(some.map(({ name, shape }) => [name, shape]));
  const required = all.filter(({ isSometimes }) => !isSometimes);
  const sometimes = all.filter(({ isSometimes }) => isSometimes);
  return {
    rows,
    schema: replyOf(shapesOf(required), shapesOf(sometimes)),
    show: (item) => present(Object.fromEntries(all.map(({ name, read }) => [name, read(item)]))),
  };
}

/**
 * Returns the properties of an answer for a table of settings. Answers omit settings that are absent, and quiet
 * settings that have their default.
 */
export function rowsOf<Table extends FieldTable>(table: Table): Rows<Partial<RecordOf<Table>>> {
  const rows = Object.entries(table).map(([key, field]) => {
    const one: FieldTable = { [key]: field };
    const always = alwaysShown(one)[field.name];
    const shape = always ?? sometimesShown(one)[field.name] ?? {};
    const read = (settings: Partial<RecordOf<Table>>) => toJson(one, settings)[field.name];
    return [always === undefined ? `${field.name}?` : field.name, [shape, read] as const] as const;
  });
  return Object.fromEntries(rows);
}

/** Returns the rows as those of properties that an answer does not always have. */
export function sometimes<Item>(rows: Rows<Item>): Rows<Item> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${name.replace('?', '')}?`, row]));
}

/** Runs a write. Throws 409 with `message` when the database reports that the key exists already. */
export async function orConflict<T>(message: string, work: Promise<T>, errorCode?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Conflict) throw conflict(message, errorCode);
    throw error;
  }
}

/** Merges metadata at the top level, as Auth0 does: null removes a name, `{}` removes all. */
export function mergeMetadata(before: Wire, changes: Wire | undefined): Wire {
  if (changes === undefined) return before;
  if (Object.keys(changes).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

/**
 * Merges stored settings with those of a request, as Auth0 does: a given value replaces the stored one, null removes
 * it.
 */
export function mergeKept(before: Wire, given: readonly (readonly [string, unknown])[]): Wire {
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, value]) => value !== null),
  );
}
