/**
 * Plants a marker in every text that an operation's body takes, one after the other, and keeps those that the server
 * accepts.
 */
import { DEFINITIONS, getRequestSchemas } from '../../src/management/api/validation.js';
import type { Management } from '../management/harness.js';

// biome-ignore lint/suspicious/noExplicitAny: schemas and bodies are read by path.
type Json = any;

/** Names under which a free-form property may hold a credential. */
const FREE = ['app_secret', 'clientSecret', 'api_key', 'anything'];

/** The paths of all texts of a schema: `sink.httpCustomHeaders[].value`; of a free-form object some made-up names. */
export function listTexts(schema: Json, path = '', depth = 0): readonly string[] {
  if (typeof schema !== 'object' || schema === null || depth > 14) return [];
  const deeper = (part: Json, at: string) => listTexts(part, at, depth + 1);
  const child = (name: string) => (path === '' ? name : `${path}.${name}`);
  const branches = [schema.anyOf, schema.oneOf, schema.allOf, schema.then].flat().filter(Boolean);
  const types = [schema.type].flat();
  const isFree = types.includes('object') && schema.additionalProperties !== false && path !== '';
  return [
    ...new Set([
      ...(schema.$ref ? deeper(DEFINITIONS[schema.$ref.split('/').at(-1)], path) : []),
      ...branches.flatMap((branch: Json) => deeper(branch, path)),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => deeper(part, child(name))),
      ...(schema.items ? deeper(schema.items, `${path}[]`) : []),
      ...(isFree ? FREE.map(child) : []),
      ...(types.includes('string') && schema.enum === undefined ? [path] : []),
    ]),
  ];
}

/** All texts of an operation's body. */
export const listTextsOf = (key: string): readonly string[] => listTexts(getRequestSchemas(key).body);

/** A body with `value` at `path`. */
export function bodyWith(path: string, value: unknown): Json {
  if (path === '') return value;
  if (path.startsWith('[]')) return [bodyWith(path.slice(2).replace(/^\./, ''), value)];
  const [, name = '', rest = ''] = /^([^.[]+)\.?(.*)$/.exec(path) ?? [];
  return { [name]: bodyWith(rest, value) };
}

/** Both together: objects property by property, single items of lists likewise. */
export function merge(before: Json, after: Json): Json {
  if (Array.isArray(before) && Array.isArray(after)) {
    const isOne = typeof before[0] === 'object' && typeof after[0] === 'object';
    return isOne ? [merge(before[0], after[0])] : after;
  }
  if (typeof before !== 'object' || typeof after !== 'object' || !before || !after) return after;
  const all = { ...before };
  for (const [name, value] of Object.entries(after)) all[name] = name in all ? merge(all[name], value) : value;
  return all;
}

export interface Planted {
  readonly path: string;
  readonly marker: string;
}

let count = 0;
/** As it is, in the path and query of an address, and in an e-mail address. */
const shapesOf = (marker: string) => [marker, `https://mark.example/${marker}?key=${marker}`, `${marker}@mark.example`];

/** Changes a thing text by text. `start` is what the body always has. */
export async function plant(
  api: Management,
  operation: { readonly key: string; readonly path: string; readonly start?: object; readonly without?: RegExp },
): Promise<readonly Planted[]> {
  const planted: Planted[] = [];
  const [method = ''] = operation.key.split(' ');
  let kept: Json = operation.start ?? {};
  for (const path of listTextsOf(operation.key)) {
    if (operation.without?.test(path)) continue;
    count += 1;
    const marker = `mark${count}planted`;
    for (const value of shapesOf(marker)) {
      const body = merge(kept, bodyWith(path, value));
      const answer = await api.call(method.toUpperCase(), operation.path, body);
      if (answer.status >= 300) continue;
      kept = body;
      planted.push({ path, marker });
      break;
    }
  }
  return planted;
}
