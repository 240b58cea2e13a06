/**
 * The scopes that an API is registered with, from the JSON text in which the database sends them. Each token request
 * reads them, and the Management API has hundreds, so the lists of the last texts are kept. A list is kept by its whole
 * text and never by an API's name: a changed text is always parsed again.
 */

/** Most lists that are kept: an installation has a few APIs. */
const MOST_KEPT = 16;
/** Most characters of a text whose list is kept, so that all of them together take at most a few megabytes. */
const LONGEST_KEPT = 65_536;

const kept = new Map<string, ReadonlySet<string>>();

function parse(text: string): ReadonlySet<string> {
  const list: unknown = JSON.parse(text);
  const values = (Array.isArray(list) ? list : []).map((scope: { readonly value?: unknown }) => scope.value);
  return new Set(values.filter((value) => typeof value === 'string'));
}

/** Returns the names of the scopes. `text` is the column `scopes` of an API, a JSON list of `{value, description}`. */
export function toApiScopes(text: string): ReadonlySet<string> {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const scopes = parse(text);
  if (text.length > LONGEST_KEPT) return scopes;
  const [oldest] = kept.size >= MOST_KEPT ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(text, scopes);
  return scopes;
}
