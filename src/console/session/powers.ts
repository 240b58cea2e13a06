/**
 * The scopes of the operator's roles, used to hide what would be refused. It decides nothing: the server checks the
 * same rows at every call. Read before the first page is drawn (Gate), so that nothing forbidden is offered even
 * briefly.
 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { ApiFailure } from '../api/failure';
import { queryClient } from '../api/query';
import { readServerFacts } from '../server-facts';
import { useOperator } from './operator';

interface Powers {
  /** Scopes that the operator has; `all` for an owner. */
  readonly scopes: ReadonlySet<string> | 'all';
  /**
   * The API's text if the operator's roles may not read permissions. Then no scope is known, and nothing is offered.
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
    // An owner may do everything, so the first page need not wait for the list.
    if (ids.includes(roleIds.owner)) return { scopes: 'all' };
    return { scopes: new Set((await Promise.all(ids.map(readScopes))).flat()) };
  } catch (error) {
    // A role of the tenant's own may not read roles. Offering an action that is then refused would cost the typed text.
    if (error instanceof ApiFailure && error.status === 403) return { scopes: new Set(), refused: error.message };
    throw error;
  }
}

const powersOf = (userId: string) =>
  queryOptions({
    queryKey: ['powers', userId],
    queryFn: () => readPowers(userId),
    staleTime: 300_000,
    // Stays in the cache while no page uses it, so that no later page starts without it.
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Reads the scopes before a page needs them. Rejects with {@link ApiFailure} where the server did not answer. */
export const loadPowers = (userId: string): Promise<Powers> => queryClient.fetchQuery(powersOf(userId));

/** Returns a function that says whether the operator may use a scope. */
export function usePowers(): (scope: string) => boolean {
  const { userId } = useOperator();
  const scopes = useQuery(powersOf(userId)).data?.scopes;
  return (scope) => scopes === 'all' || scopes?.has(scope) === true;
}

/** Returns the API's words if the operator's roles may not read permissions; undefined otherwise. */
export function useRefusedPowers(): string | undefined {
  const { userId } = useOperator();
  return useQuery(powersOf(userId)).data?.refused;
}
