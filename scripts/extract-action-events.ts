/**
 * Reads Auth0's OpenAPI document of the events of Actions (its path is the argument). Writes the facts with which a
 * test compares this server's events: names, types, required properties and possible values, for the triggers that
 * exist here. Leaves out prose: only the shape of events is used. The document has no `api` objects.
 * tsx scripts/extract-action-events.ts path/to/actions-schema.json
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const TARGET = new URL('../test/support/auth0-action-events.subset.json', import.meta.url);

/** Trigger and version here, the name in the document, and the title of the version there. */
const IN_SCOPE = [
  ['post-login', 'PostLogin', 'PostLoginV3Event'],
  ['credentials-exchange', 'CredentialsExchange', 'CredentialsExchangeV2Event'],
  ['pre-user-registration', 'PreUserRegistration', 'PreUserRegistrationV2Event'],
  ['post-user-registration', 'PostUserRegistration', 'PostUserRegistrationV2Event'],
  ['post-change-password', 'PostChangePassword', 'PostChangePasswordV2Event'],
  ['login-post-identifier', 'LoginPostIdentifier', 'LoginPostIdentifierEvent'],
] as const;

/** What says something about a value's shape. `additionalProperties` only where it gives the type of the values of a dictionary. */
const KEPT = new Set(['type', 'required', 'properties', 'items', 'enum', 'const', 'oneOf', 'anyOf', 'format']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns a schema without prose. In `properties` the keys are names, not keywords: a property may be called `format`.
 */
function strip(value: Json, insideProperties = false): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) => insideProperties || KEPT.has(key) || (key === 'additionalProperties' && isObject(item)),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, strip(item, !insideProperties && key === 'properties')]));
}

function extract(document: JsonObject): JsonObject {
  const components = isObject(document.components) ? document.components : {};
  const schemas = isObject(components.schemas) ? components.schemas : {};
  const triggers = IN_SCOPE.map(([trigger, name, title]) => {
    const schema = schemas[name];
    if (!isObject(schema) || schema.title !== title) throw new Error(`${name} is not in the document as ${title}`);
    return [trigger, strip(schema)];
  });
  const { title = null, version = null } = isObject(document.info) ? document.info : {};
  return { source: { title, version }, triggers: Object.fromEntries(triggers) };
}

const source = process.argv[2];
if (source === undefined) {
  process.stderr.write('Give the path of the OpenAPI document: tsx scripts/extract-action-events.ts FILE\n');
  process.exitCode = 2;
} else {
  const text = JSON.stringify(extract(JSON.parse(readFileSync(source, 'utf8')) as JsonObject));
  writeFileSync(TARGET, `${text}\n`);
  process.stdout.write(`${text.length} bytes written to ${TARGET.pathname}\n`);
}
