/** Queries of the pages about people, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type List, type ListPage, toNumberedPage, useList } from '../../api/list';
import { usePages } from '../../parts/use-pages';
import type { LogLine, Organization, RefreshToken, Session, User } from './answers';
import { isAddress, type Narrowed, toPeopleQuery } from './search';

const A_PAGE = 25;
/** Maximum number of people that the API returns for one search. To find others, an operator types more of the name. */
const MOST_PEOPLE = 1_000;

export const personKey = (userId: string) => ['people', userId] as const;

async function readPage(narrowed: Narrowed, page: number): Promise<ListPage<User>> {
  const q = toPeopleQuery(narrowed);
  const query = { page, per_page: A_PAGE, sort: 'created_at:-1', ...(q !== undefined && { q }) };
  const { data } = await api.GET('/users', { params: { query } });
  const items = data;
  if (items.length < A_PAGE) return { items, next: undefined };
  const isCut = (page + 1) * A_PAGE >= MOST_PEOPLE;
  return isCut ? { items, next: undefined, cutAt: MOST_PEOPLE } : { items, next: String(page + 1) };
}

async function readByAddress({ q, show }: Narrowed): Promise<readonly User[]> {
  if (q === undefined || show !== undefined || !isAddress(q)) return [];
  const { data } = await api.GET('/users-by-email', { params: { query: { email: q.trim().toLowerCase() } } });
  return data;
}

/**
 * Reads the people who match the typed text. If the text is a whole address, the people with exactly that address come
 * first.
 */
export function usePeople(narrowed: Narrowed): List<User> {
  return usePages(['people', 'list', narrowed.q, narrowed.show], async (from) => {
    if (from !== undefined) return readPage(narrowed, Number(from));
    const [exact, page] = await Promise.all([readByAddress(narrowed), readPage(narrowed, 0)]);
    const ids = new Set(exact.map((user) => user.user_id));
    return { ...page, items: [...exact, ...page.items.filter((user) => !ids.has(user.user_id))] };
  });
}

export const useUser = (userId: string) =>
  useQuery({
    queryKey: personKey(userId),
    queryFn: async () => (await api.GET('/users/{id}', { params: { path: { id: userId } } })).data,
  });

export const useEvidence = (userId: string) =>
  useQuery({
    queryKey: [...personKey(userId), 'evidence'],
    queryFn: async () => (await api.GET('/users/{id}/evidence', { params: { path: { id: userId } } })).data,
  });

export const useMovedIdentities = (userId: string) =>
  useQuery({
    queryKey: [...personKey(userId), 'moved'],
    queryFn: async () => (await api.GET('/users/{id}/moved-identities', { params: { path: { id: userId } } })).data,
  });

export const useUserBlocks = (userId: string) =>
  useQuery({
    queryKey: [...personKey(userId), 'blocks'],
    queryFn: async () => {
      const { data } = await api.GET('/user-blocks/{id}', { params: { path: { id: userId } } });
      return data.blocked_for;
    },
  });

export const useOrganizationsOf = (userId: string): List<Organization> =>
  usePages([...personKey(userId), 'organizations'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/users/{id}/organizations', {
      params: { path: { id: userId }, query: { page, per_page: A_PAGE } },
    });
    return toNumberedPage(data, page, A_PAGE);
  });

export const useRolesIn = (userId: string, organizationId: string) =>
  useQuery({
    queryKey: [...personKey(userId), 'roles', organizationId],
    queryFn: async () =>
      (
        await api.GET('/organizations/{id}/members/{user_id}/roles', {
          params: { path: { id: organizationId, user_id: userId }, query: { per_page: 50 } },
        })
      ).data,
  });

export const useSessions = (userId: string): List<Session> =>
  useList([...personKey(userId), 'sessions'], async (from) => {
    const { data } = await api.GET('/users/{user_id}/sessions', {
      params: { path: { user_id: userId }, query: { take: A_PAGE, ...(from !== undefined && { from }) } },
    });
    const { sessions, next } = data;
    return { items: sessions, next };
  });

export const useRefreshTokens = (userId: string): List<RefreshToken> =>
  useList([...personKey(userId), 'tokens'], async (from) => {
    const { data } = await api.GET('/users/{user_id}/refresh-tokens', {
      params: { path: { user_id: userId }, query: { take: A_PAGE, ...(from !== undefined && { from }) } },
    });
    const { tokens, next } = data;
    return { items: tokens, next };
  });

export const useLogOf = (userId: string): List<LogLine> =>
  usePages([...personKey(userId), 'log'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/users/{id}/logs', {
      params: { path: { id: userId }, query: { page, per_page: A_PAGE, sort: 'date:-1' } },
    });
    return toNumberedPage(data, page, A_PAGE);
  });

const COUNTED = 100;

/**
 * Reads what blocking or deleting a person affects: the numbers of sessions and refresh tokens, and the organizations.
 * Each is cut off at {@link COUNTED}.
 */
export const useAmounts = (userId: string) =>
  useQuery({
    queryKey: [...personKey(userId), 'amounts'],
    staleTime: 0,
    queryFn: async () => {
      const query = { take: COUNTED };
      const [sessions, tokens, organizations] = await Promise.all([
        api.GET('/users/{user_id}/sessions', { params: { path: { user_id: userId }, query } }),
        api.GET('/users/{user_id}/refresh-tokens', { params: { path: { user_id: userId }, query } }),
        api.GET('/users/{id}/organizations', { params: { path: { id: userId }, query: { per_page: COUNTED } } }),
      ]);
      return {
        sessions: sessions.data.sessions.length,
        tokens: tokens.data.tokens.length,
        organizations: organizations.data,
      };
    },
  });

/** Returns a number with its noun: "1 session", "no sessions". From {@link COUNTED} on: "100 or more sessions". */
export function count(amount: number, thing: string): string {
  if (amount >= COUNTED) return `${COUNTED} or more ${thing}s`;
  return `${amount === 0 ? 'no' : amount} ${thing}${amount === 1 ? '' : 's'}`;
}
