/**
 * Reads Auth0's OpenAPI document of the My Organization API (its path is the argument). Writes the data by which this
 * server checks requests (scopes, path, query and body of each operation), and for tests the shapes of answers. Leaves
 * out prose, examples and defaults.
 * tsx scripts/extract-my-organization-schemas.ts path/to/myorganization-api-oas.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { definitionsFor, isObject, type Json, type JsonObject, objectAt, strip } from './openapi-parts.js';

const TARGET = new URL('../src/management/my-organization/auth0-my-organization.subset.json', import.meta.url);
const ANSWERS = new URL('../test/my-organization/auth0-answers.subset.json', import.meta.url);
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Returns what a reference to `#/components/…` leads to. */
function resolve(document: JsonObject, value: Json | undefined): JsonObject {
  if (!isObject(value)) return {};
  return typeof value.$ref === 'string' ? objectAt(document, ...value.$ref.split('/').slice(1)) : value;
}

function parametersOf(document: JsonObject, operation: JsonObject, place: string): Json | undefined {
  const list = Array.isArray(operation.parameters) ? (operation.parameters as readonly Json[]) : [];
  const chosen = list.map((item) => resolve(document, item)).filter((item) => item.in === place);
  if (chosen.length === 0) return undefined;
  const properties = Object.fromEntries(chosen.map((item) => [String(item.name), strip(item.schema ?? {})]));
  const required = chosen.filter((item) => item.required === true).map((item) => String(item.name));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** Returns the scopes of the shortest alternative: the longer one of a list of members only shows more. */
function scopesOf(operation: JsonObject): Json {
  const list = Array.isArray(operation.security) ? (operation.security as readonly Json[]) : [];
  const ways = list.flatMap((item) =>
    isObject(item) && Array.isArray(item.OAuth2AuthCode) ? [item.OAuth2AuthCode] : [],
  );
  return [...(ways as readonly (readonly Json[])[])].sort((a, b) => a.length - b.length)[0] ?? [];
}

const bodyOf = (part: JsonObject): Json | undefined => objectAt(part, 'content', 'application/json').schema;

function extract(document: JsonObject) {
  const requests: Record<string, Json> = {};
  const answers: Record<string, Json> = {};
  for (const path of Object.keys(objectAt(document, 'paths')))
    for (const method of METHODS) {
      const operation = objectAt(document, 'paths', path, method);
      if (Object.keys(operation).length === 0) continue;
      const key = `${method} ${path}`;
      const request = resolve(document, operation.requestBody);
      const body = bodyOf(request);
      const [pathSchema, query] = ['path', 'query'].map((place) => parametersOf(document, operation, place));
      const responses = objectAt(operation, 'responses');
      const status = Math.min(...Object.keys(responses).map(Number));
      requests[key] = {
        scopes: scopesOf(operation),
        status,
        ...(pathSchema !== undefined && { path: pathSchema }),
        ...(query !== undefined && { query }),
        ...(body !== undefined && { body: strip(body), bodyRequired: request.required === true }),
      };
      const good = bodyOf(resolve(document, responses[String(status)]));
      answers[key] = { statuses: Object.keys(responses).map(Number), ...(good !== undefined && { body: strip(good) }) };
    }
  return {
    requests: { operations: requests, definitions: definitionsFor(document, requests) },
    answers: {
      operations: answers,
      definitions: definitionsFor(document, {
        ...answers,
        errors: ['ErrorResponseContent', 'ValidationErrorResponseContent'].map((name) => ({
          $ref: `#/definitions/${name}`,
        })),
      }),
    },
  };
}

const source = process.argv[2];
if (source === undefined) {
  process.stderr.write('Give the path of the OpenAPI document: tsx scripts/extract-my-organization-schemas.ts FILE\n');
  process.exitCode = 2;
} else {
  const { requests, answers } = extract(JSON.parse(readFileSync(source, 'utf8')) as JsonObject);
  writeFileSync(TARGET, `${JSON.stringify(requests)}\n`);
  writeFileSync(ANSWERS, `${JSON.stringify(answers)}\n`);
  process.stdout.write(`${TARGET.pathname} and ${ANSWERS.pathname} written\n`);
}
