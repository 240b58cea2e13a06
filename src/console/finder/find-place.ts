/** Finds the console's page for a pasted reference or id. Pure. */
import type { Offer } from './places.js';

/** A reference number as refusals show it. Compared in upper case and without surrounding spaces. */
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

const BY_PREFIX: readonly (readonly [prefix: string, to: (id: string) => Pick<Offer, 'to' | 'scopes'>])[] = [
  ['org_', (id) => ({ to: `/organizations/${id}`, scopes: ['read:organizations'] })],
  ['con_', (id) => ({ to: `/connections/${id}`, scopes: ['read:connections'] })],
];

/**
 * Returns the page for a text that is a reference, or the id of an organization, a connection or a person
 * (`auth0|…`); undefined for any other text.
 */
export function findPlace(text: string): Offer | undefined {
  const wanted = text.trim();
  const reference = wanted.toUpperCase();
  if (REFERENCE.test(reference))
    return { name: `Open the refusal ${reference}`, to: '/log', search: { reference }, scopes: ['read:logs'] };
  const known = BY_PREFIX.find(([prefix]) => wanted.startsWith(prefix));
  if (known) return { name: `Open ${wanted}`, ...known[1](encodeURIComponent(wanted)) };
  if (wanted.includes('|'))
    return { name: `Open ${wanted}`, to: `/people/${encodeURIComponent(wanted)}`, scopes: ['read:users'] };
  return undefined;
}

const peopleOf = (wanted: string): Offer => ({
  name: `Search people for “${wanted}”`,
  to: '/people',
  search: { q: wanted },
  scopes: ['read:users'],
});

/** Returns the lists that can be searched for a text, each on its own page; nothing for an empty text. */
export function findLists(text: string): readonly Offer[] {
  const wanted = text.trim();
  if (wanted === '') return [];
  const begins = (things: string, to: string, scope: string): Offer => ({
    name: `Search ${things} for “${wanted}”`,
    to,
    search: { find: wanted },
    scopes: [scope],
  });
  return [
    peopleOf(wanted),
    begins('organizations', '/organizations', 'read:organizations'),
    begins('applications', '/applications', 'read:clients'),
    begins('connections', '/connections', 'read:connections'),
  ];
}
