/** Reads parts of Auth0's OpenAPI documents, for the scripts that extract schemas from them. Writes nothing. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const DROPPED = new Set(['description', 'example', 'examples', 'default', 'discriminator', 'title', 'deprecated']);

/**
 * Beginning of a pattern with 5,000 characters that JavaScript cannot parse in Unicode mode. It means an https address
 * or an empty text.
 */
const HTTPS_OR_EMPTY = '^$|^(?=.)(?!https?';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: Json | undefined, ...keys: string[]): JsonObject {
  let here = value;
  for (const key of keys) here = isObject(here) ? here[key] : undefined;
  return isObject(here) ? here : {};
}

/**
 * Returns a schema without prose. In `properties` the keys are names, not keywords: a property may be called
 * `description`.
 */
export function strip(value: Json, insideProperties = false): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => insideProperties || !(DROPPED.has(key) || key.startsWith('x-')));
  return Object.fromEntries(
    kept.map(([key, item]) => {
      if (key === '$ref' && typeof item === 'string')
        return [key, item.replace('#/components/schemas/', '#/definitions/')];
      if (key === 'pattern' && typeof item === 'string' && item.startsWith(HTTPS_OR_EMPTY))
        return ['format', 'absolute-https-uri-or-empty'];
      // Regular expressions with the flag u, by which schemas are compiled, take a brace of a text only escaped.
      if (key === 'pattern' && typeof item === 'string') return [key, item.replace(/\{([a-z_]+)\}/g, '\\{$1\\}')];
      return [key, strip(item, !insideProperties && key === 'properties')];
    }),
  );
}

function collectReferences(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectReferences(item, found);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '$ref' && typeof item === 'string') found.add(item.slice('#/definitions/'.length));
    else collectReferences(item, found);
  }
}

/** Returns the definitions that the operations use, directly or through others. */
export function definitionsFor(document: JsonObject, operations: Json): JsonObject {
  const wanted = new Set<string>();
  collectReferences(operations, wanted);
  const definitions: Record<string, Json> = {};
  for (const name of wanted) {
    const schema = strip(objectAt(document, 'components', 'schemas', name));
    definitions[name] = schema;
    // Iterating a Set also visits the items that are added meanwhile.
    collectReferences(schema, wanted);
  }
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
