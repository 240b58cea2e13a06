/**
 * Converts an Action's values to JSON for the server. Copies them at the moment of the call, so that later changes do
 * not count. Getters, proxies and `toJSON` run here, and their exceptions are the Action's own.
 */
import type { Json, JsonObject } from '../../domain/actions/action.js';
import { isArray, ownKeys, parseJson, stringifyJson } from './primordials.js';

/** Deepest nesting of a value. Process and server both refuse more, because reading it would overflow the stack. */
export const MAX_DEPTH = 64;

function checkPlain(value: unknown, depth: number, what: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw new TypeError(`${what} is nested deeper than ${MAX_DEPTH} levels`);
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) checkPlain(value[index], depth + 1, what);
    return;
  }
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    // Attack: prototype pollution, when the value is merged into another object.
    if (key === '__proto__') throw new TypeError(`${what} has a member named __proto__`);
    checkPlain((value as JsonObject)[key], depth + 1, what);
  }
}

/**
 * Copies `value` as JSON does. Returns undefined for values that JSON omits (undefined, functions, symbols). Throws
 * TypeError when the value is too large, too deep or not JSON; the message calls it `what`. `maxBytes` is compared with
 * the length in characters.
 */
export function toJson(value: unknown, what: string, maxBytes: number): Json | undefined {
  if (typeof value === 'string' && value.length > maxBytes)
    throw new TypeError(`${what} is larger than ${maxBytes} bytes`);
  const text = stringifyJson(value) as string | undefined;
  if (text === undefined) return undefined;
  if (text.length > maxBytes) throw new TypeError(`${what} is larger than ${maxBytes} bytes`);
  const copy = parseJson(text) as Json;
  checkPlain(copy, 0, what);
  return copy;
}

/** Returns `value` if it is a text of 1 to `maximum` characters; throws TypeError otherwise. */
export function toText(value: unknown, what: string, maximum: number): string {
  if (typeof value !== 'string' || value.length === 0)
    throw new TypeError(`${what} must be a string that is not empty`);
  if (value.length > maximum) throw new TypeError(`${what} is longer than ${maximum} characters`);
  return value;
}

/** Returns `value` if it can name an object's member; throws TypeError otherwise. */
export function toName(value: unknown, what: string): string {
  const name = toText(value, what, 512);
  if (name === '__proto__') throw new TypeError(`${what} may not be __proto__`);
  return name;
}
