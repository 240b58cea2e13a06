/** Reads the schemas of the served document: a row for each property, with its type and limits in words. Renders nothing. */
import { readFileSync } from 'node:fs';
import { ADDED_PROPERTIES, ADDED_VALUES } from '../../../src/management/additions.js';
import { ROOT } from '../find-documents.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly then?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly [limit: string]: unknown;
}

export type Schemas = Readonly<Record<string, Schema>>;

export interface Row {
  /** Path in the body, such as `branding.colors.primary` or `identities[].user_id`. */
  readonly path: string;
  readonly isRequired: boolean;
  /** True for a property that Auth0's document does not have. */
  readonly isAddition: boolean;
  readonly type: string;
  readonly limits: readonly string[];
}

/** Deepest level of properties that is shown. The document has the deeper ones. */
const DEPTH = 3;
/** Maximum number of a list's values that is shown. */
const MOST_VALUES = 16;

interface Auth0Definitions {
  readonly definitions: Schemas;
}
const auth0 = JSON.parse(
  readFileSync(`${ROOT}src/management/api/auth0-schemas.subset.json`, 'utf8'),
) as unknown as Auth0Definitions;

const nameOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1);

/** Returns the schema after following references, and without "or null". */
export function resolve(schema: Schema, all: Schemas): Schema {
  const name = nameOf(schema);
  if (name !== undefined) return resolve(all[name] ?? {}, all);
  return schema.then === undefined ? schema : resolve(schema.then, all);
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Words for Auth0's formats whose names explain less. */
const FORMATS: Readonly<Record<string, string>> = {
  'absolute-https-uri-or-empty': 'https address, or empty',
  'absolute-https-uri-with-placeholders-or-empty': 'https address, with placeholders, or empty',
  'absolute-uri-or-empty': 'address, or empty',
  acr: 'acr value',
  'callback-url': 'callback address',
  cidr: 'network, such as 192.0.2.0/24',
  ipv6_cidr: 'network of IPv6',
  'date-time': 'time in ISO 8601',
  'ec-initiate-login-uri-template-url': 'https address, with placeholders',
  'email-or-empty': 'email, or empty',
  'hostname-rfc2181': 'hostname',
  'html-color': 'colour, such as #1864ab',
  'html-color-or-null': 'colour, such as #1864ab, or null',
  'strict-https-uri-or-null': 'https address, or null',
  'strict-uri': 'address',
  uri: 'address',
  url: 'address',
  'url-or-null': 'address, or null',
  'url-with-placeholders': 'address, with placeholders',
  'user-id-with-max-length': 'user id',
};

const toWords = (format: string): string => FORMATS[format] ?? format.replaceAll(/[-_]/g, ' ');

function typesOf(schema: Schema): readonly string[] {
  return [schema.type ?? []].flat();
}

/** Returns the type of a value in words: "string", "list of objects", "string or null". */
export function toType(schema: Schema, all: Schemas): string {
  const orNull = schema.then === undefined ? '' : ' or null';
  const { items, ...rest } = resolve(schema, all);
  const alternatives = [...(rest.oneOf ?? []), ...(rest.anyOf ?? [])].filter((one) => toType(one, all) !== 'any');
  if (typesOf(rest).length === 0 && alternatives.length > 0)
    return [...new Set(alternatives.map((one) => toType(one, all)))].join(' or ') + orNull;
  const types = typesOf(rest).map((type) => (type === 'array' && items ? `list of ${toPlural(items, all)}` : type));
  return (types.join(' or ') || (rest.properties ? 'object' : 'any')) + orNull;
}

function toPlural(items: Schema, all: Schemas): string {
  const type = toType(items, all);
  return type === 'any' ? 'anything' : type.includes(' ') ? `(${type})` : `${type}s`;
}

const RANGES: readonly (readonly [least: string, most: string, one: string, many: string])[] = [
  ['minLength', 'maxLength', ' character', ' characters'],
  ['minimum', 'maximum', '', ''],
  ['minItems', 'maxItems', ' item', ' items'],
  ['minProperties', 'maxProperties', ' property', ' properties'],
];

function toRange(schema: Schema, [least, most, one, many]: (typeof RANGES)[number]): readonly string[] {
  const from = schema[least] as number | undefined;
  const to = schema[most] as number | undefined;
  const unit = (to ?? from) === 1 ? one : many;
  if (to === undefined) return from === undefined || from === 0 ? [] : [`at least ${from}${unit}`];
  if (from === to) return [`exactly ${to}${unit}`];
  return [from === undefined || from === 0 ? `at most ${to}${unit}` : `${from} to ${to}${unit}`];
}

function toValues(schema: Schema, name: string | undefined): readonly string[] {
  const values = (schema.enum ?? []).filter((value) => value !== null);
  if (values.length === 0) return [];
  const more = values.length > MOST_VALUES ? ` and ${values.length - MOST_VALUES} more` : '';
  const known: readonly unknown[] = auth0.definitions[name ?? '']?.enum ?? values;
  const own = (ADDED_VALUES[name ?? ''] ?? []).filter((value) => !known.includes(value));
  return [
    `${values.slice(0, MOST_VALUES).map(code).join(', ')}${more}`,
    ...(own.length === 0 ? [] : [`added here: ${own.map(code).join(', ')}`]),
  ];
}

/** Returns the limits of a value in words, including those of a list's items. */
export function toLimits(schema: Schema, all: Schemas): readonly string[] {
  const whole = resolve(schema, all);
  const short = whole.pattern !== undefined && whole.pattern.length <= 60 && !/[`\p{Cc}]/u.test(whole.pattern);
  return [
    ...toValues(whole, nameOf(schema)),
    ...RANGES.flatMap((range) => toRange(whole, range)),
    ...(whole.format === undefined ? [] : [toWords(whole.format)]),
    ...(short ? [`pattern ${code(whole.pattern)}`] : []),
    ...(whole.items === undefined ? [] : toLimits(whole.items, all).map((limit) => `each: ${limit}`)),
  ];
}

/** Returns the schemas with properties below a value: the value itself, the items of a list, or its alternatives. */
function partsOf(schema: Schema, all: Schemas): readonly { readonly part: Schema; readonly mark: string }[] {
  const whole = resolve(schema, all);
  const inList = whole.items === undefined ? [] : partsOf(whole.items, all);
  return [
    ...(whole.properties === undefined ? [] : [{ part: schema, mark: '.' }]),
    ...inList.map(({ part, mark }) => ({ part, mark: `[]${mark}` })),
    ...[...(whole.oneOf ?? []), ...(whole.anyOf ?? [])].flatMap((one) => partsOf(one, all)),
  ];
}

/**
 * Returns the rows of all properties below `schema`, each path once. A property is followed by those below it. `isOpen`
 * decides whether the properties below a path are shown.
 */
export function toRows(
  schema: Schema,
  all: Schemas,
  isOpen: (path: string) => boolean = () => true,
  prefix = '',
  depth = DEPTH,
): readonly Row[] {
  const whole = resolve(schema, all);
  const name = nameOf(schema) ?? nameOf(schema.then ?? {});
  const added = ADDED_PROPERTIES[name ?? ''] ?? {};
  const known = auth0.definitions[name ?? '']?.properties ?? {};
  const rows = Object.entries(whole.properties ?? {}).flatMap(([property, value]) => {
    const path = `${prefix}${property}`;
    const row: Row = {
      path,
      isRequired: whole.required?.includes(property) ?? false,
      isAddition: Object.hasOwn(added, property) && !Object.hasOwn(known, property),
      type: toType(value, all),
      limits: toLimits(value, all),
    };
    if (depth <= 1 || !isOpen(path)) return [row];
    const below = partsOf(value, all).flatMap(({ part, mark }) =>
      toRows(part, all, isOpen, `${path}${mark}`, depth - 1),
    );
    return [row, ...below];
  });
  return [...new Map(rows.map((row) => [row.path, row])).values()];
}
