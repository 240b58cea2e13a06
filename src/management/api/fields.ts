/**
 * Settings as tables: each setting is one row, from which its name in every layer follows. Our name is the key; Auth0's
 * name is used in JSON and, nearly always, as the column. A table imports nothing but this file, so that ports and
 * storage may import it.
 */
export interface Field<Value, Name extends string = string, Column extends string = Name> {
  /** Name of the setting in Auth0's JSON. */
  readonly name: Name;
  /** Name of the column: Auth0's name, unless that is too long or in use. */
  readonly column: Column;
  /** JSON schema of the setting's value. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Value when none was set; null in a request restores it. */
  readonly default: Value;
  /** True for a setting that Auth0 does not have. */
  readonly addition: boolean;
  /**
   * Shown only when it differs from the default: additions, so that answers have Auth0's shape until one is used, and a
   * few of Auth0's.
   */
  readonly quiet: boolean;
}

export type FieldTable = Readonly<Record<string, Field<unknown, string, string>>>;

type ValueOf<F> = F extends Field<infer Value, string, string> ? Value : never;
type Stored<Value> = undefined extends Value ? Exclude<Value, undefined> | null : Value;

/** All settings of a table, by this server's names. */
export type RecordOf<Table extends FieldTable> = { readonly [Key in keyof Table]: ValueOf<Table[Key]> };
/** All settings of a table as database columns. */
export type ColumnsOf<Table extends FieldTable> = {
  [Key in keyof Table as Table[Key]['column']]: Stored<ValueOf<Table[Key]>>;
};
/** Those settings that a request contains, after the schema check. */
export type BodyOf<Table extends FieldTable> = {
  readonly [Key in keyof Table as Table[Key]['name']]?: Stored<ValueOf<Table[Key]>> | null;
};

interface Options<Column extends string> {
  readonly column?: Column;
  readonly addition?: boolean;
  readonly quiet?: boolean;
}

function field<Value, Name extends string, Column extends string>(
  name: Name,
  schema: Field<Value>['schema'],
  fallback: Value,
  { column = name as string as Column, addition = false, quiet = addition }: Options<Column>,
): Field<Value, Name, Column> {
  return { name, column, schema, default: fallback, addition, quiet };
}

/** Describes a setting that is on or off. */
export function flag<Name extends string, Column extends string = Name>(
  name: Name,
  fallback: boolean,
  options: Options<Column> = {},
): Field<boolean, Name, Column> {
  return field(name, { type: 'boolean' }, fallback, options);
}

/** Describes a setting whose value is a word of a list; the first word is the default. */
export function oneOf<const Word extends string, Name extends string>(
  name: Name,
  words: readonly [Word, ...Word[]],
  options: Options<Name> = {},
): Field<Word, Name> {
  return field<Word, Name, Name>(name, { type: 'string', enum: words }, words[0], options);
}

/** Describes a setting whose value is a word of a list, or absent. */
export function optionalOneOf<const Word extends string, Name extends string>(
  name: Name,
  words: readonly Word[],
): Field<Word | undefined, Name> {
  return field<Word | undefined, Name, Name>(name, { type: ['string', 'null'], enum: [...words, null] }, undefined, {});
}

/** A text that is always present. Auth0's own schema bounds it and refuses null. */
export function text<Name extends string>(name: Name, fallback = ''): Field<string, Name> {
  return field(name, { type: 'string' }, fallback, {});
}

/** Describes a setting whose value is a text, or absent. */
export function optionalText<Name extends string>(
  name: Name,
  { maxLength, ...options }: Options<Name> & { readonly maxLength?: number } = {},
): Field<string | undefined, Name> {
  const schema = { type: ['string', 'null'], ...(maxLength !== undefined && { maxLength }) };
  return field<string | undefined, Name, Name>(name, schema, undefined, options);
}

/** Describes a setting whose value is a list of texts. With `maxItems` it may also be null. */
export function texts<Name extends string, Column extends string = Name>(
  name: Name,
  {
    maxItems,
    words,
    fallback = [],
    ...options
  }: Options<Column> & {
    readonly maxItems?: number;
    /** The only texts that the list may have. */
    readonly words?: readonly string[];
    readonly fallback?: readonly string[];
  } = {},
): Field<readonly string[], Name, Column> {
  const bounds = maxItems === undefined ? { type: 'array' } : { type: ['array', 'null'], maxItems };
  return field<readonly string[], Name, Column>(
    name,
    { ...bounds, items: { type: 'string', ...(words && { enum: words }) } },
    fallback,
    options,
  );
}

/** A whole number, in seconds unless its name says another unit. */
export function whole<Name extends string, Column extends string = Name>(
  name: Name,
  fallback: number,
  options: Options<Column> = {},
): Field<number, Name, Column> {
  return field(name, { type: 'integer' }, fallback, options);
}

const entriesOf = (table: FieldTable) => Object.entries(table);

/** Returns the settings' names in Auth0's JSON. */
export const namesOf = (table: FieldTable): readonly string[] => entriesOf(table).map(([, { name }]) => name);

/** Returns the default of each setting. */
export function toDefaults<Table extends FieldTable>(table: Table): RecordOf<Table> {
  return Object.fromEntries(entriesOf(table).map(([key, field]) => [key, field.default])) as RecordOf<Table>;
}

/** Returns the settings that a row stores. */
export function toSettings<Table extends FieldTable>(table: Table, row: ColumnsOf<Table>): RecordOf<Table> {
  const columns = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    entriesOf(table).map(([key, { column }]) => [key, columns[column] ?? undefined]),
  ) as RecordOf<Table>;
}

/** Returns the columns of the settings in `changes`, null for undefined ones. */
export function toColumns<Table extends FieldTable>(
  table: Table,
  changes: Partial<RecordOf<Table>>,
): Partial<ColumnsOf<Table>> {
  const given = changes as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    entriesOf(table)
      .filter(([key]) => Object.hasOwn(given, key))
      .map(([key, { column }]) => [column, given[key] ?? null]),
  ) as Partial<ColumnsOf<Table>>;
}

/** Returns the changes of a request. Null restores a setting's default; an unnamed setting does not change. */
export function toChanges<Table extends FieldTable>(table: Table, body: BodyOf<Table>): Partial<RecordOf<Table>> {
  const given = body as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    entriesOf(table)
      .filter(([, { name }]) => given[name] !== undefined)
      .map(([key, field]) => [key, given[field.name] ?? field.default]),
  ) as Partial<RecordOf<Table>>;
}

function isDefault(value: unknown, fallback: unknown): boolean {
  return (
    value === fallback || (Array.isArray(value) && Array.isArray(fallback) && value.length + fallback.length === 0)
  );
}

/** Returns settings for an answer, without undefined ones, as Auth0 does. */
export function toJson<Table extends FieldTable>(
  table: Table,
  settings: Partial<RecordOf<Table>>,
): Readonly<Record<string, unknown>> {
  const given = settings as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    entriesOf(table)
      .filter(
        ([key, { quiet, default: fallback }]) =>
          given[key] !== undefined && !(quiet && isDefault(given[key], fallback)),
      )
      .map(([key, { name }]) => [name, given[key]]),
  );
}

/** Returns the schemas of those settings that Auth0 does not have, for the requests that accept them. */
export function additionsOf(table: FieldTable): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    entriesOf(table)
      .filter(([, { addition }]) => addition)
      .map(([, { name, schema }]) => [name, schema]),
  );
}

type Schemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Returns the schema of a value in an answer, which leaves out what is not set instead of saying null. */
function withoutNull({ type, enum: words, ...rest }: Readonly<Record<string, unknown>>): Schemas[string] {
  const [first] = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type];
  const possible = Array.isArray(words) && { enum: words.filter((word) => word !== null) };
  return { type: first, ...possible, ...rest };
}

/** Returns the schemas of the properties that an answer has when they are set, or differ from their default. */
export function sometimesShown(table: FieldTable): Schemas {
  return Object.fromEntries(
    entriesOf(table)
      .filter(([, field]) => field.quiet || field.default === undefined)
      .map(([, { name, schema }]) => [name, withoutNull(schema)]),
  );
}

/** Returns the schemas of Auth0's properties that every answer has. */
export function alwaysShown(table: FieldTable): Schemas {
  return Object.fromEntries(
    entriesOf(table)
      .filter(([, field]) => !field.quiet && field.default !== undefined)
      .map(([, { name, schema }]) => [name, schema]),
  );
}
