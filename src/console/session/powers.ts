/**
 * The scopes of the operator's roles. The console uses them to hide actions that the server would refuse. They decide
 * nothing: the server checks the same rows at every request. They are read before the first page is drawn (Gate.tsx),
 * so that no forbidden action is offered even for a moment.
 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { ApiFailure } from '../api/failure';
import { queryClient } from '../api/query';
import { readServerFacts } from '../server-facts';
import { useOperator } from './operator';

interface Powers {
  /** The scopes that the operator has; `all` for an owner. */
  readonly scopes: ReadonlySet<string> | 'all';
  /**
   * The API's text, if the operator's roles may not read permissions. Then no scope is known, and no action is offered.
   */
  readonly refused?: string;
}

const A_PAGE = 100;

async function readPage(roleId: string, page: number) {
  const query = { page, per_page: A_PAGE, include_totals: true };
  const { data } = await api.GET('/roles/{id}/permissions', { params: { path: { id: roleId }, query } });
  return data;
}

async function readScopes(roleId: string): Promise<readonly string[]> {
  const first = await readPage(roleId, 0);
  const more = Math.max(0, Math.ceil(first.total / A_PAGE) - 1);
  const rest = await Promise.all(Array.from({ length: more }, (_, index) => readPage(roleId, index + 1)));
  return [first, ...rest].flatMap(({ permissions }) => permissions.map(({ permission_name: name }) => name));
}

async function readPowers(userId: string): Promise<Powers> {
  const { organizationId, roleIds } = readServerFacts();
  try {
    const { data } = await api.GET('/organizations/{id}/members/{user_id}/roles', {
      params: { path: { id: organizationId, user_id: userId }, query: { per_page: A_PAGE } },
    });
    const ids = data.map(({ id }) => id);
    // An owner has all scopes, so the first page does not have to wait for the list.
    if (ids.includes(roleIds.owner)) return { scopes: 'all' };
    return { scopes: new Set((await Promise.all(ids.map(readScopes))).flat()) };
  } catch (error) {
    // A custom role may lack the right to read roles. Then nothing is offered: an offered action might be refused after
    // the operator has typed a text.
    if (error instanceof ApiFailure && error.status === 403) return { scopes: new Set(), refused: error.message };
    throw error;
  }
}

const powersOf = (userId: string) =>
  queryOptions({
    queryKey: ['powers', userId],
    queryFn: () => readPowers(userId),
    staleTime: 300_000,
    // Keeps the answer in the cache even while no page uses it: otherwise the next page would be drawn without it.
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Reads the scopes before the first page needs them. Rejects with {@link ApiFailure} if the server does not answer. */
export const loadPowers = (userId: string): Promise<Powers> => queryClient.fetchQuery(powersOf(userId));

/** Returns a function that tells whether the operator has a scope. */
export function usePowers(): (scope: string) => boolean {
  const { userId } = useOperator();
  const scopes = useQuery(powersOf(userId)).data?.scopes;
  return (scope) => scopes === 'all' || scopes?.has(scope) === true;
}

/** Returns the API's text if the operator's roles may not read permissions; otherwise undefined. */
export function useRefusedPowers(): string | undefined {
  const { userId } = useOperator();
  return useQuery(powersOf(userId)).data?.refused;
}
