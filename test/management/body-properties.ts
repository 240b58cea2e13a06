/** The properties that a body may have, from the request schemas that the server validates by: `sink`, `sink.httpEndpoint`. Knows no scope. */
import type { JsonSchema } from '../../src/management/api/operation.js';
import { DEFINITIONS, getRequestSchemas } from '../../src/management/api/validation.js';

/** Deeper ones belong to the setting that they are in. */
const DEPTH = 2;

type Schema = JsonSchema & { readonly properties?: Readonly<Record<string, Schema>>; readonly $ref?: string };

function collect(schema: unknown, prefix: string, depth: number, found: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { $ref, properties, oneOf, anyOf, allOf, then, items } = schema as Schema;
  if ($ref !== undefined) {
    const definitions = DEFINITIONS as Readonly<Record<string, unknown>>;
    collect(definitions[$ref.replace('#/definitions/', '')], prefix, depth, found);
    return;
  }
  const alternatives = [oneOf, anyOf, allOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  for (const part of [...alternatives, then, items]) collect(part, prefix, depth, found);
  for (const [name, property] of Object.entries(properties ?? {})) {
    found.add(prefix + name);
    if (depth > 1) collect(property, `${prefix}${name}.`, depth - 1, found);
  }
}

/** The properties of the body of an operation (`post /users`), and of the objects in it; none where it takes no body. */
export function listBodyProperties(key: string): readonly string[] {
  const found = new Set<string>();
  collect(getRequestSchemas(key).body, '', DEPTH, found);
  return [...found].sort();
}
