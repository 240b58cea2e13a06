/** Small pieces that the resources' mappings to Auth0's JSON share. */
import { Conflict } from '../../ports/directory.js';
import { conflict } from './errors.js';
import type { JsonSchema, Wire } from './operation.js';

/** The same object without properties that are undefined: Auth0 leaves them out. */
export function present(fields: Readonly<Record<string, unknown>>): Wire {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Only those properties of `fields` that are not undefined, typed: for partial updates. */
export function changed<Changes extends object>(
  fields: { [Field in keyof Changes]: Changes[Field] | undefined },
): Partial<Changes> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Changes>;
}

/** A list in an answer, of items of one type or shape. */
export function listOf(item: string | JsonSchema): JsonSchema {
  return { type: 'array', items: typeof item === 'string' ? { type: item } : item };
}

/**
 * An object schema of an answer: these properties, by type or shape, always; those of `sometimes` where the caller may see them; further
 * properties are not checked.
 */
export function replyOf(
  required: Readonly<Record<string, string | JsonSchema>>,
  sometimes: Readonly<Record<string, string | JsonSchema>> = {},
): JsonSchema {
  const shapes = Object.entries({ ...required, ...sometimes }).map(([name, item]) => [
    name,
    typeof item === 'string' ? { type: item } : item,
  ]);
  const properties = Object.fromEntries(shapes) as JsonSchema;
  return { type: 'object', required: Object.keys(required), properties, additionalProperties: true };
}

/** Runs a write and answers 409 with `message` when the key exists. */
export async function orConflict<T>(message: string, work: Promise<T>, errorCode?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Conflict) throw conflict(message, errorCode);
    throw error;
  }
}

/** First-level merge as Auth0 does it with metadata: null removes a name, `{}` removes all. */
export function mergeMetadata(before: Wire, changes: Wire | undefined): Wire {
  if (changes === undefined) return before;
  if (Object.keys(changes).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

/** Settings that are kept as they came, after a request: given ones replace, and null takes one away, as Auth0 does it. */
export function mergeKept(before: Wire, given: readonly (readonly [string, unknown])[]): Wire {
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, value]) => value !== null),
  );
}
