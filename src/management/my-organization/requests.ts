/**
 * Checks requests of the My Organization API against Auth0's own document (auth0-my-organization.subset.json, written by
 * scripts/extract-my-organization-schemas.ts). The schemas of an operation are compiled at its first call. Knows no
 * caller and no data.
 */
import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { programPath } from '../../kernel/package-files.js';
import { FORMATS } from '../api/formats.js';
import type { JsonSchema } from '../api/operation.js';
import type subsetType from './auth0-my-organization.subset.json';
import { sayFault } from './fault-words.js';

interface DocumentedOperation {
  /** All of them are needed. */
  readonly scopes: readonly string[];
  /** Status of a successful answer. */
  readonly status: number;
  readonly path?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
  readonly bodyRequired?: boolean;
}

// Reads the file instead of importing it, since importing JSON prints a warning on Node 20. The import of its type
// makes the compiler copy the file.
const subset = JSON.parse(
  readFileSync(programPath('management/my-organization/auth0-my-organization.subset.json'), 'utf8'),
) as typeof subsetType;

/**
 * Parameters that Auth0's SDKs send (myorganization-python 2.0.0) and that are not yet in its document. The SDK sends
 * `include_totals` in each request for these lists.
 */
const NEWER_QUERY: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  'get /members': { include_totals: { type: 'boolean' } },
  'get /member-invitations': { include_totals: { type: 'boolean' } },
  'get /identity-providers': { is_enabled: { type: 'boolean' } },
};

function withNewer(key: string, operation: DocumentedOperation): DocumentedOperation {
  const newer = NEWER_QUERY[key];
  if (newer === undefined) return operation;
  const known = operation.query?.properties as JsonSchema | undefined;
  return { ...operation, query: { type: 'object', ...operation.query, properties: { ...known, ...newer } } };
}

/**
 * The body of an operation for which Auth0's document has none. Attack (mass assignment): what only the operation of the
 * Management API takes, which would be dropped without a word here.
 */
const NOTHING: JsonSchema = { type: 'object', additionalProperties: false };

/** Auth0's operations by `method /path`, in the order of its document, with {@link NEWER_QUERY}. */
export const DOCUMENTED: Readonly<Record<string, DocumentedOperation>> = Object.fromEntries(
  Object.entries(subset.operations as unknown as Readonly<Record<string, DocumentedOperation>>).map(
    ([key, operation]) => [key, { body: NOTHING, ...withNewer(key, operation) }],
  ),
);

/** All scopes of the API. `delete:my_org:organizations` is left out: no customer deletes their organization here. */
export const MY_ORGANIZATION_SCOPES: readonly string[] = [
  ...new Set(Object.values(DOCUMENTED).flatMap(({ scopes }) => scopes)),
].filter((scope) => scope !== 'delete:my_org:organizations');

export type Place = 'path' | 'query' | 'body';

/** Thrown for faults of a body that the operation alone can find: by its schema, or by a rule. */
export class InvalidRequest extends Error {
  override name = 'InvalidRequest';
  constructor(readonly faults: readonly Invalid[]) {
    super(faults.map(({ field, detail }) => `${field}: ${detail}`).join(', '));
  }
}

/** One fault of a request, as Auth0's errors name it. */
export interface Invalid {
  readonly detail: string;
  readonly field: string;
  readonly pointer: string;
  readonly source: string;
}

const SOURCES: Readonly<Record<Place, string>> = { path: 'params', query: 'query', body: 'body' };
const MOST_FAULTS = 10;

function createAjv(coerces: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    ...{ strict: false, verbose: true, logger: false },
    coerceTypes: coerces ? 'array' : false,
    validateFormats: true,
  });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  ajv.addSchema({ $id: 'my-organization', definitions: subset.definitions });
  return ajv;
}

function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === '$ref' && typeof value === 'string' ? `my-organization${value}` : absolute(value),
  ]);
  return Object.fromEntries(entries);
}

let ajvs: { readonly body: Ajv2020; readonly other: Ajv2020 } | undefined;
const compiled = new Map<string, ValidateFunction>();

function getValidator(key: string, place: Place, schema: JsonSchema): ValidateFunction {
  const id = `${place} ${key}`;
  const known = compiled.get(id);
  if (known !== undefined) return known;
  ajvs ??= { body: createAjv(false), other: createAjv(true) };
  const validator = (place === 'body' ? ajvs.body : ajvs.other).compile(absolute(schema) as JsonSchema);
  compiled.set(id, validator);
  return validator;
}

/** Returns the name that an error of these keywords is about, which its path leaves out. */
function namedBy({ keyword, params }: ErrorObject): string {
  if (keyword === 'required') return `/${String(params.missingProperty)}`;
  const extra = params.additionalProperty ?? params.unevaluatedProperty;
  return typeof extra === 'string' ? `/${extra}` : '';
}

const placed = (pointer: string) => ({ field: pointer.slice(1).replaceAll('/', '.'), pointer });

function toInvalid(place: Place, error: ErrorObject): Invalid {
  return { detail: sayFault(error), ...placed(`${error.instancePath}${namedBy(error)}`), source: SOURCES[place] };
}

function findFaults(id: string, place: Place, schema: JsonSchema, value: unknown): readonly Invalid[] {
  const validate = getValidator(id, place, schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, MOST_FAULTS).map((error) => toInvalid(place, error));
}

/**
 * Bodies whose schema is one of seven, by strategy. Checked as a whole, each of the seven would tell its faults, and a
 * change without options fits all of them. {@link checkDefinition} checks them.
 */
const BY_STRATEGY: readonly string[] = ['post /identity-providers', 'patch /identity-providers/{idp_id}'];

/**
 * Throws {@link InvalidRequest} unless a value fits this definition of Auth0's document (`IdpOidcRequest`). `at`: the
 * pointer of the value in the body.
 */
export function checkDefinition(path: string, value: unknown, at = ''): void {
  const faults = findFaults(path, 'body', { $ref: `#/definitions/${path}` }, value);
  if (faults.length === 0) return;
  throw new InvalidRequest(faults.map((one) => ({ ...one, ...placed(at + one.pointer) })));
}

/**
 * Returns the error for one fault of a body: `is required`, or the rule in a sentence. Not for domains, where Auth0's
 * components show `detail`, which its form for faults does not have.
 */
export const faultAt = (pointer: string, detail: string) =>
  new InvalidRequest([{ detail, ...placed(pointer), source: SOURCES.body }]);

/**
 * Throws 400 for a title that is more than one line. Attack: the button of a sign-in page, or the organization's name
 * on it, says something else than its place does. Pages and mails escape it besides.
 */
export function checkTitle(title: string | undefined): void {
  if (title !== undefined && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(title))
    throw faultAt('/display_name', 'one line of visible characters is needed.');
}

/**
 * Returns the faults of one part of a request; none when it fits Auth0's document. Converts path and query in place
 * (`"10"` becomes `10`), bodies never.
 */
export function findInvalid(key: string, place: Place, value: unknown): readonly Invalid[] {
  const schema = place === 'body' && BY_STRATEGY.includes(key) ? { type: 'object' } : DOCUMENTED[key]?.[place];
  return schema === undefined ? [] : findFaults(key, place, schema, value);
}
