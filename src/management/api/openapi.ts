/**
 * The OpenAPI document of this server's endpoints. It is generated from the same declarations as the routes; a test
 * compares document and routes.
 */
import { rowsOfPath, type SettingRow } from '../../facts/without-effect.js';
import { toErrorBody } from './errors.js';
import { type JsonSchema, keyOf, type Operation, statusOf } from './operation.js';
import { describeProperties } from './property-scopes.js';
import { getAcceptedScopes, MANAGEMENT_SCOPES } from './scopes.js';
import { DEFINITIONS, getRequestSchemas } from './validation.js';
import { hasVersions } from './versions.js';
import { WITHOUT_EFFECT_HEADER } from './without-effect.js';

/** Converts `#/definitions/X` of the request schemas into OpenAPI's form. */
function toComponents(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toComponents);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/definitions/', '#/components/schemas/')
        : toComponents(value),
    ]),
  );
}

function toParameters(place: 'path' | 'query', schema: JsonSchema | undefined): object[] {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema?.required ?? []) as readonly string[];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: toComponents(property),
  }));
}

/**
 * Returns the schema of a list in all its forms. Everything except the items is exact, so that a client can tell the
 * forms apart.
 */
function toListSchema(operation: Operation, item: JsonSchema): JsonSchema {
  const list = operation.list;
  if (list === undefined) return item;
  const items = { type: 'array', items: item };
  const integer = { type: 'integer' };
  const counts = {
    start: integer,
    limit: integer,
    ...(list.totals === 'with-length' ? { length: integer } : {}),
    ...(list.totals === 'without-total' ? {} : { total: integer }),
    [list.key]: items,
  };
  const totals = { type: 'object', required: Object.keys(counts), properties: counts, additionalProperties: false };
  if (list.form === 'paged') {
    const properties = { [list.key]: items, total: integer, page: integer, per_page: integer };
    return { type: 'object', required: [list.key, 'per_page'], properties };
  }
  const cursor = {
    type: 'object',
    required: [list.key],
    properties: { [list.key]: items, next: { type: 'string' } },
    additionalProperties: false,
  };
  if (list.form === 'object') return cursor;
  return { anyOf: [items, totals, ...(list.checkpoint ? [cursor] : [])] };
}

const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['statusCode', 'error', 'message'],
  properties: {
    statusCode: { type: 'integer' },
    error: { type: 'string' },
    message: { type: 'string' },
    errorCode: { type: 'string' },
  },
  additionalProperties: false,
};

const takesVersion = (operation: Operation) => operation.method !== 'get' && hasVersions(operation);

const ETAG = { ETag: { description: 'The version, for If-Match of a write', schema: { type: 'string' } } };
const WITHOUT_EFFECT = {
  [WITHOUT_EFFECT_HEADER]: {
    description: 'The properties of the request that are stored and do nothing, with commas between',
    schema: { type: 'string' },
  },
};
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The ETag of what was read: the write is refused with 412 where it was changed since',
  schema: { type: 'string' },
};

const CHOSEN = 'With `fields`, only the properties that it names; with `include_fields=false` too, all but these.';

/** Returns the names at the top of an operation's body, behind references and alternatives. */
function namesIn(schema: JsonSchema | undefined): readonly string[] {
  if (schema === undefined) return [];
  const name = String(schema.$ref ?? '').replace('#/definitions/', '');
  const forms = [...((schema.oneOf ?? []) as JsonSchema[]), ...((schema.anyOf ?? []) as JsonSchema[])];
  return [...Object.keys(schema.properties ?? {}), ...[DEFINITIONS[name], ...forms].flatMap(namesIn)];
}

/** Returns the sentence for each property of the body that does nothing here, or is refused; undefined without any. */
function settingsOf(operation: Operation, is: SettingRow['is']): Readonly<Record<string, string>> | undefined {
  const names = new Set(namesIn(getRequestSchemas(keyOf(operation)).body));
  const rows = rowsOfPath(operation.path).filter(
    ({ property, is: kind }) => kind === is && names.has(property.split('.')[0] ?? ''),
  );
  if (rows.length === 0) return undefined;
  return Object.fromEntries(
    rows.map(({ property, strategies, because }) => [
      strategies === undefined ? property : `${property} (${strategies.join(', ')})`,
      because,
    ]),
  );
}

function toResponses(operation: Operation): object {
  const success = operation.reply === undefined ? undefined : toListSchema(operation, operation.reply);
  const refusals = [
    ...new Set([
      ...[400, 401, 403, 429],
      ...(operation.refusals ?? []),
      ...(operation.method === 'get' ? [] : [412, 413, 415]),
    ]),
  ];
  return {
    [statusOf(operation)]: {
      description: operation.fields === undefined ? operation.summary : `${operation.summary}. ${CHOSEN}`,
      ...(success === undefined ? {} : { content: { 'application/json': { schema: success } } }),
      ...(operation.method === 'get' && hasVersions(operation) && { headers: ETAG }),
      ...(settingsOf(operation, 'without_effect') !== undefined && { headers: WITHOUT_EFFECT }),
    },
    ...(operation.mayBeEmpty && { 204: { description: 'There is nothing to tell' } }),
    ...Object.fromEntries(
      refusals.map((status) => [
        status,
        {
          description: toErrorBody(status, '').error,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      ]),
    ),
  };
}

function toPathItem(operation: Operation): object {
  const request = getRequestSchemas(keyOf(operation));
  const scopes = getAcceptedScopes(operation);
  const contentType = operation.form === undefined ? 'application/json' : 'multipart/form-data';
  const description = describeProperties(operation);
  const without = settingsOf(operation, 'without_effect');
  const refused = settingsOf(operation, 'refused');
  return {
    summary: operation.summary,
    ...(operation.absent === true ? { 'x-absent': true } : {}),
    ...(description === undefined ? {} : { description }),
    ...(without === undefined ? {} : { 'x-without-effect': without }),
    ...(refused === undefined ? {} : { 'x-refused': refused }),
    parameters: [
      ...toParameters('path', request.path),
      ...toParameters('query', request.query),
      ...(takesVersion(operation) ? [IF_MATCH] : []),
    ],
    ...(request.body === undefined
      ? {}
      : { requestBody: { content: { [contentType]: { schema: toComponents(request.body) } } } }),
    responses: toResponses(operation),
    // A caller needs only one of these scopes.
    security: scopes.map((scope) => ({ management: [scope] })),
  };
}

/** Returns the document for `GET /api/v2/openapi.json`. */
export function toOpenApi(operations: readonly Operation[], origin: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: toPathItem(operation) };
  }
  const scopes = Object.fromEntries(MANAGEMENT_SCOPES.map((scope) => [scope, scope]));
  return {
    openapi: '3.1.0',
    info: { title: 'Management API', version: '2.0' },
    servers: [{ url: `${origin}/api/v2` }],
    paths,
    components: {
      schemas: { ...(toComponents(DEFINITIONS) as object), Error: ERROR_SCHEMA },
      securitySchemes: {
        management: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${origin}/oauth/token`, scopes } },
        },
      },
    },
  };
}
