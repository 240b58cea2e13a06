/**
 * Values of an Action, as JSON for the server, copied at the moment of the call. Getters, proxies and `toJSON` run here, in the
 * Action's own time, and an exception in them is the Action's exception.
 */
import type { Json, JsonObject } from '../../domain/actions/action.js';
import { isArray, ownKeys, parseJson, stringifyJson } from './primordials.js';

/** Deeper nesting than this is refused on both sides: reading it back would take the stack. */
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
    // Merged into another object it would replace its prototype (prototype pollution).
    if (key === '__proto__') throw new TypeError(`${what} has a member named __proto__`);
    checkPlain((value as JsonObject)[key], depth + 1, what);
  }
}

/**
 * A copy of `value` as JSON has it; undefined for values that JSON leaves out (undefined, functions, symbols). Throws TypeError,
 * naming `what`, when it is too large, too deep or no JSON. `maxBytes` is compared with the length in characters.
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

/** `value` when it is a text of 1 to `maximum` characters; throws TypeError otherwise. */
export function toText(value: unknown, what: string, maximum: number): string {
  if (typeof value !== 'string' || value.length === 0)
    throw new TypeError(`${what} must be a string that is not empty`);
  if (value.length > maximum) throw new TypeError(`${what} is longer than ${maximum} characters`);
  return value;
}

/** `value` when it may be the name of an object's member; throws TypeError otherwise. */
export function toName(value: unknown, what: string): string {
  const name = toText(value, what, 512);
  if (name === '__proto__') throw new TypeError(`${what} may not be __proto__`);
  return name;
}
