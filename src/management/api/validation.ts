/**
 * Checks requests against Auth0's own schemas (auth0-schemas.subset.json); errors have Auth0's texts. The schemas of an
 * operation are compiled at its first call, so that the server starts fast. Path and query are converted to the
 * schema's types; bodies never are.
 */
import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isWithinBounds } from '../../kernel/json-bounds.js';
import { programPath } from '../../kernel/package-files.js';
import { ADDED_PARAMETERS, ADDED_PROPERTIES, ADDED_VALUES, OWN_REQUESTS } from '../additions.js';
import type subsetType from './auth0-schemas.subset.json';
import { ManagementError } from './errors.js';
import { FORMATS } from './formats.js';
import type { JsonSchema, Operation } from './operation.js';
import { asAccepted, WIDER_PARAMETERS } from './wider-than-document.js';

export interface RequestSchemas {
  readonly scopes: readonly string[];
  readonly path?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
}

type Definition = JsonSchema & { readonly properties?: JsonSchema; readonly enum?: readonly unknown[] };

function withAdditions(name: string, schema: Definition): JsonSchema {
  const properties = ADDED_PROPERTIES[name];
  const values = ADDED_VALUES[name];
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: { ...schema.properties, ...properties } }),
    ...(values === undefined ? {} : { enum: [...new Set([...(schema.enum ?? []), ...values])] }),
  };
}

// Reads the file instead of importing it, since importing JSON prints a warning on Node 20. The import of its type
// makes the compiler copy the file.
const subset = JSON.parse(
  readFileSync(programPath('management/api/auth0-schemas.subset.json'), 'utf8'),
) as typeof subsetType;
const auth0Operations = subset.operations as unknown as Readonly<Record<string, RequestSchemas>>;
/** All scopes of Auth0's Management API. */
export const AUTH0_SCOPES: readonly string[] = subset.scopes;

/** Auth0's own definitions, without this server's additions. */
export const AUTH0_DEFINITIONS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(subset.definitions as unknown as Readonly<Record<string, Definition>>).map(([name, schema]) => [
    name,
    asAccepted(name, schema),
  ]),
);

/** Auth0's definitions, with the properties and values that this server adds. */
export const DEFINITIONS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(AUTH0_DEFINITIONS).map(([name, schema]) => [name, withAdditions(name, schema)]),
);

/** Returns the operations of Auth0's document that this server answers, each with its status of success. */
export function listAuth0Operations(): readonly Required<Pick<Operation, 'method' | 'path' | 'status'>>[] {
  return Object.entries(subset.operations).map(([key, { status }]) => {
    const [method, path] = key.split(' ') as [Operation['method'], string];
    return { method, path, status: status as Required<Operation>['status'] };
  });
}

/**
 * Returns the request schemas of an operation (`method path`): Auth0's, or this server's own for an endpoint that Auth0
 * does not have.
 */
export function getRequestSchemas(key: string): RequestSchemas {
  const schemas = auth0Operations[key] ?? OWN_REQUESTS[key];
  if (schemas === undefined) throw new Error(`no request schema for ${key}`);
  const added = { ...WIDER_PARAMETERS[key], ...ADDED_PARAMETERS[key] };
  if (Object.keys(added).length === 0) return schemas;
  const query = schemas.query ?? { type: 'object' };
  return { ...schemas, query: { ...query, properties: { ...(query.properties as JsonSchema | undefined), ...added } } };
}

type Place = 'path' | 'query' | 'body';

const PLACES = {
  path: { label: 'Path', errorCode: 'invalid_uri' },
  query: { label: 'Query', errorCode: 'invalid_query_string' },
  body: { label: 'Payload', errorCode: 'invalid_body' },
} as const;

function createAjv(coerce: boolean, definitions: Readonly<Record<string, JsonSchema>>): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, verbose: true, coerceTypes: coerce ? 'array' : false, logger: false });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  ajv.addSchema({ $id: 'auth0', definitions });
  return ajv;
}

/** Changes references to `#/definitions/X` so that they lead to the document with all definitions. */
function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && value.startsWith('#') ? `auth0${value}` : absolute(value),
    ]),
  );
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** Returns a value for an error message, cut off after 100 characters: an error must not repeat a megabyte. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

const sizeOf = (value: unknown) =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys((value ?? {}) as object).length;

const REASONS: Readonly<Record<string, (error: ErrorObject) => string>> = {
  required: (error) => `Missing required property: ${error.params.missingProperty}`,
  additionalProperties: (error) => `Additional properties not allowed: ${shown(error.params.additionalProperty)}`,
  type: (error) => `Expected type ${String(error.schema)} but found type ${typeOf(error.data)}`,
  enum: (error) => `No enum match for: ${shown(error.data)}`,
  const: (error) => `No enum match for: ${shown(error.data)}`,
  format: (error) => `Object didn't pass validation for format ${error.schema}: ${shown(error.data)}`,
  pattern: (error) => `String does not match pattern ${error.schema}: ${shown(error.data)}`,
  minLength: (error) => `String is too short (${sizeOf(error.data)} chars), minimum ${error.schema}`,
  maxLength: (error) => `String is too long (${sizeOf(error.data)} chars), maximum ${error.schema}`,
  minimum: (error) => `Value ${shown(error.data)} is less than minimum ${error.schema}`,
  maximum: (error) => `Value ${shown(error.data)} is greater than maximum ${error.schema}`,
  minItems: (error) => `Array is too short (${sizeOf(error.data)}), minimum ${error.schema}`,
  maxItems: (error) => `Array is too long (${sizeOf(error.data)}), maximum ${error.schema}`,
  minProperties: (error) => `Too few properties defined (${sizeOf(error.data)}), minimum ${error.schema}`,
  maxProperties: (error) => `Too many properties defined (${sizeOf(error.data)}), maximum ${error.schema}`,
  uniqueItems: (error) => `Array items are not unique (indexes ${error.params.j} and ${error.params.i})`,
  anyOf: () => 'Data does not match any schemas from "anyOf"',
  oneOf: () => 'Data does not match any schemas from "oneOf"',
};

/** Converts `/groups/0/email` into `groups[0].email`. */
function toPropertyPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}

/** Describes an error of the schema in Auth0's words. */
export function reasonOf(error: ErrorObject): string {
  return REASONS[error.keyword]?.(error) ?? error.message ?? error.keyword;
}

function toError(place: Place, errors: readonly ErrorObject[]): ManagementError {
  const error = errors.at(-1)?.keyword === 'anyOf' ? errors.at(-1) : errors[0];
  const { label, errorCode } = PLACES[place];
  if (error === undefined) return new ManagementError(400, `${label} validation error.`, errorCode);
  const reason = reasonOf(error);
  const path = toPropertyPath(error.instancePath);
  return new ManagementError(
    400,
    `${label} validation error: '${reason}'${path === '' ? '' : ` on property ${path}`}.`,
    errorCode,
  );
}

/** Checks one part of a request (path, query or body) against the schema of the operation `key`. Throws Auth0's 400. */
type CheckSchema = (key: string, place: Place, value: unknown) => void;

/**
 * Creates a check whose schemas refer to `definitions`. The check converts path and query in place (`"true"` becomes
 * `true`).
 */
export function createSchemaCheck(definitions: Readonly<Record<string, JsonSchema>>): CheckSchema {
  let ajvs: { readonly body: Ajv2020; readonly other: Ajv2020 } | undefined;
  const compiled = new Map<string, ValidateFunction>();
  const getValidator = (key: string, place: Place, schema: JsonSchema): ValidateFunction => {
    const id = `${place} ${key}`;
    const known = compiled.get(id);
    if (known !== undefined) return known;
    ajvs ??= { body: createAjv(false, definitions), other: createAjv(true, definitions) };
    const validator = (place === 'body' ? ajvs.body : ajvs.other).compile(absolute(schema) as JsonSchema);
    compiled.set(id, validator);
    return validator;
  };
  return (key, place, value) => {
    const schema = getRequestSchemas(key)[place];
    if (schema === undefined) return;
    const validate = getValidator(key, place, schema);
    if (!validate(value)) throw toError(place, validate.errors ?? []);
  };
}

/** Checks a request against Auth0's schemas with this server's additions. */
export const checkAgainstSchema: CheckSchema = createSchemaCheck(DEFINITIONS);

const MAX_DEPTH = 40;
/**
 * Maximum number of values in one request. A body of a megabyte may have half a million, which would take the server a
 * second to process.
 */
const MAX_VALUES = 50_000;

function refuseValue(place: Place, reason: string): ManagementError {
  const { label, errorCode } = PLACES[place];
  return new ManagementError(400, `${label} validation error: '${reason}'.`, errorCode);
}

function checkEach(value: unknown, place: Place, depth: number): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw refuseValue(place, 'Strings must not contain the NUL character');
    if (/\p{Surrogate}/u.test(value)) throw refuseValue(place, 'Strings must be well-formed Unicode');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw refuseValue(place, `Nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    for (const item of value) checkEach(item, place, depth + 1);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    if (name === '__proto__') throw refuseValue(place, 'Additional properties not allowed: __proto__');
    checkEach(name, place, depth + 1);
    checkEach(item, place, depth + 1);
  }
}

/**
 * Throws 400 for a value that the database cannot store as text or JSON: NUL, half of a surrogate pair, nesting too
 * deep, too many values. Also for the name `__proto__`. Attack: prototype pollution of code that merges the value.
 */
export function checkStorable(value: unknown, place: Place): void {
  if (!isWithinBounds(value, { depth: Number.POSITIVE_INFINITY, values: MAX_VALUES }))
    throw refuseValue(place, `More than ${MAX_VALUES} values`);
  checkEach(value, place, 0);
}
