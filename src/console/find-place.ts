/** Finds the console's page for a pasted text. Pure. */

/** An address in the console, in the form that the router uses. */
export interface Place {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

/** A reference number as refusals show it. Compared in upper case and without surrounding spaces. */
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

const BY_PREFIX: readonly (readonly [prefix: string, to: (id: string) => Place])[] = [
  ['org_', (id) => ({ to: `/organizations/${id}` })],
  ['con_', (id) => ({ to: `/connections/${id}` })],
];

/**
 * Returns the page for a text; undefined for an empty one. A text with a bar (`auth0|…`) is the id of a person; a text
 * that fits nothing else is searched among people.
 */
export function findPlace(text: string): Place | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  const reference = wanted.toUpperCase();
  if (REFERENCE.test(reference)) return { to: '/log', search: { reference } };
  const known = BY_PREFIX.find(([prefix]) => wanted.startsWith(prefix));
  if (known) return known[1](encodeURIComponent(wanted));
  if (wanted.includes('|')) return { to: `/people/${encodeURIComponent(wanted)}` };
  return { to: '/people', search: { q: wanted } };
}
