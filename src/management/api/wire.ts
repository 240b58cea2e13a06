/** Helpers for mapping resources to Auth0's JSON. */
import { Conflict } from '../../ports/directory.js';
import { conflict } from './errors.js';
import { alwaysShown, type FieldTable, type RecordOf, sometimesShown, toJson } from './fields.js';
import type { JsonSchema, Wire } from './operation.js';

/** Returns the object without undefined properties, which Auth0 leaves out. */
export function present(fields: Readonly<Record<string, unknown>>): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Returns the defined properties of `fields`, typed for partial updates. */
export function changed<Changes extends object>(
  fields: { [Field in keyof Changes]: Changes[Field] | undefined },
): Partial<Changes> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}

/** Returns the schema of a list with items of one type or shape. */
export function listOf(item: string | JsonSchema): JsonSchema {
  return { type: 'array', items: typeof item === 'string' ? { type: item } : item };
}

/** Returns the schema of a word of a list. */
export function wordOf(...words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

/** Schema of an object whose properties somebody else chooses: metadata, claims, a tenant's own settings. */
export const ANY_OBJECT: JsonSchema = { type: 'object', additionalProperties: true };

export const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] };

/** Returns a schema that also has properties that somebody else chooses, such as stored settings without an effect. */
export function openTo(schema: JsonSchema): JsonSchema {
  return { ...schema, additionalProperties: true };
}

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/**
 * Returns the schema of an object in an answer, by the type or schema of its properties: `required` ones, and those
 * that it has `sometimes`. A test fails for an answer with a property that its schema does not name.
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

/** One property of an answer: its type or schema, and its value for a record. */
type Shown<Item> = readonly [shape: string | JsonSchema, read: (item: Item) => unknown];

/** The properties of an answer in their order, a row for each: one that an answer has sometimes is called `name?`. */
export type Rows<Item> = Readonly<{ [name: string]: Shown<Item> }>;

/** The form in which answers show a record: its rows, the schema, and the conversion. */
export interface View<Item> {
  readonly rows: Rows<Item>;
  readonly schema: ObjectSchema;
  readonly show: (item: Item) => Wire;
}

/** Describes how answers show a record. A property whose value is undefined is left out. */
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

/** Returns a row for each setting of a table. Answers leave out quiet settings with their default, and absent ones. */
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

/** Runs a write. Throws 409 with `message` when the key exists. */
export async function orConflict<T>(message: string, work: Promise<T>, errorCode?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Conflict) throw conflict(message, errorCode);
    throw error;
  }
}

/** Merges metadata on the first level as Auth0 does: null removes a name, `{}` removes all. */
export function mergeMetadata(before: Wire, changes: Wire | undefined): Wire {
  if (changes === undefined) return before;
  if (Object.keys(changes).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

/** Merges stored settings with a request, as Auth0 does: given ones replace, null removes. */
export function mergeKept(before: Wire, given: readonly (readonly [string, unknown])[]): Wire {
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, value]) => value !== null),
  );
}
