/**
 * Searches people, organizations, applications and connections by the beginning of the shown name or an address,
 * for the palette. Requests only the kinds that the operator may read, and a few rows of each.
 */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { api } from '../api/client';
import { tellFailure } from '../api/failure';
import { toUserQuery } from '../pages/people/search';
import { sayStrategy } from '../parts/strategy-words';

interface Thing {
  readonly to: string;
  readonly name: string;
  /** A second text that tells things of one name apart: an address, a short name, a strategy. */
  readonly hint: string;
}

interface Kind {
  readonly name: string;
  readonly scope: string;
  find(text: string): Promise<readonly Thing[]>;
}

const MOST = 5;
const WAIT_MS = 200;
/** With fewer letters, nearly everything would be found. */
const FEWEST_LETTERS = 2;

const at = (place: string, id: string) => `${place}/${encodeURIComponent(id)}`;

const KINDS: readonly Kind[] = [
  {
    name: 'Organizations',
    scope: 'read:organizations',
    async find(text) {
      const query = { take: MOST, sort: 'display_name:1', starts_with: text };
      const { organizations } = (await api.GET('/organizations', { params: { query } })).data;
      return organizations.map(({ id, name, display_name: title }) => ({
        to: at('/organizations', id),
        name: title ?? name,
        hint: name,
      }));
    },
  },
  {
    name: 'People',
    scope: 'read:users',
    async find(text) {
      const q = toUserQuery({ q: text }) ?? '';
      const fields = 'user_id,name,email';
      const query = { q, page: 0, per_page: MOST, sort: 'created_at:-1', fields, include_fields: true };
      const { data } = await api.GET('/users', { params: { query } });
      return data.map(({ user_id: id, name, email }) => ({
        to: at('/people', id),
        name: name ?? email ?? id,
        hint: email ?? id,
      }));
    },
  },
  {
    name: 'Applications',
    scope: 'read:clients',
    async find(text) {
      const query = { take: MOST, is_global: false, fields: 'client_id,name', starts_with: text };
      const { clients } = (await api.GET('/clients', { params: { query } })).data;
      return clients.map(({ client_id: id, name }) => ({ to: at('/applications', id), name, hint: id }));
    },
  },
  {
    name: 'Connections',
    scope: 'read:connections',
    async find(text) {
      const query = { take: MOST, fields: 'id,name,display_name,strategy', include_fields: true, starts_with: text };
      const { connections } = (await api.GET('/connections', { params: { query } })).data;
      return connections.map(({ id, name, display_name: title, strategy }) => ({
        to: at('/connections', id),
        name: title ?? name,
        hint: `${sayStrategy(strategy)}, ${name}`,
      }));
    },
  },
];

interface Found {
  readonly kind: string;
  readonly things: readonly Thing[];
}

interface Things {
  readonly found: readonly Found[];
  readonly isSearching: boolean;
  /** The error of a kind that could not be searched, in words; undefined if there is none. */
  readonly failure: string | undefined;
}

/**
 * Searches while the operator types, a fifth of a second after the last letter. `may` tells whether they have a scope.
 * Returns only the results for the present text, because Enter must not open a result for an earlier one.
 */
export function useThings(typed: string, may: (scope: string) => boolean): Things {
  const text = typed.trim();
  const [wanted] = useDebouncedValue(text, WAIT_MS);
  const isEnough = text.length >= FEWEST_LETTERS;
  const kinds = KINDS.filter(({ scope }) => may(scope));
  const searches = useQueries({
    queries: kinds.map(({ name, find }) => ({
      queryKey: ['finder', name, wanted],
      queryFn: () => find(wanted),
      enabled: isEnough && wanted.length >= FEWEST_LETTERS,
      retry: false,
    })),
  });
  const failed = searches.find(({ error }) => error !== null);
  if (!isEnough || wanted !== text) return { found: [], isSearching: isEnough, failure: undefined };
  return {
    found: kinds
      .map(({ name }, index) => ({ kind: name, things: searches[index]?.data ?? [] }))
      .filter(({ things }) => things.length > 0),
    isSearching: searches.some(({ isFetching }) => isFetching),
    failure: failed && tellFailure(failed.error).happened,
  };
}
