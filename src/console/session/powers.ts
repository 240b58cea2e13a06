/**
 * The scopes that the operator's roles permit, to leave out what would be refused. It decides nothing: the server asks the same rows at every
 * call. They are read before the first page is drawn (Gate), so that nothing is offered for an instant that the person may not do.
 */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { ApiFailure } from '../api/failure';
import { queryClient } from '../api/query';
import { readServerFacts } from '../server-facts';
import { useOperator } from './operator';

interface Powers {
  /** `all`: an owner. */
  readonly scopes: ReadonlySet<string> | 'all';
  /** The API's text, a technical detail, where the roles may not read what roles permit. Then no scope is known, and nothing is offered. */
  readonly refused?: string;
}

interface Permissions {
  readonly total: number;
  readonly permissions: readonly { readonly permission_name: string }[];
}

const A_PAGE = 100;

async function readPage(roleId: string, page: number): Promise<Permissions> {
  const query = { page, per_page: A_PAGE, include_totals: true };
  const { data } = await api.GET('/roles/{id}/permissions', { params: { path: { id: roleId }, query } });
  return data as unknown as Permissions;
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
    const ids = ((Array.isArray(data) ? data : []) as readonly { id: string }[]).map(({ id }) => id);
    // An owner may do everything: the first page need not wait for the list of it.
    if (ids.includes(roleIds.owner)) return { scopes: 'all' };
    return { scopes: new Set((await Promise.all(ids.map(readScopes))).flat()) };
  } catch (error) {
    // A role of the tenant's own, which does not show roles: a deed that is offered and refused afterwards costs what was typed for it.
    if (error instanceof ApiFailure && error.status === 403) return { scopes: new Set(), refused: error.message };
    throw error;
  }
}

const powersOf = (userId: string) =>
  queryOptions({
    queryKey: ['powers', userId],
    queryFn: () => readPowers(userId),
    staleTime: 300_000,
    // Kept while no page asks: a later page does not begin without them.
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Reads them before a page asks. Rejects with {@link ApiFailure} where the server did not answer. */
export const loadPowers = (userId: string): Promise<Powers> => queryClient.fetchQuery(powersOf(userId));

/** Says whether the operator may use a scope. */
export function usePowers(): (scope: string) => boolean {
  const { userId } = useOperator();
  const scopes = useQuery(powersOf(userId)).data?.scopes;
  return (scope) => scopes === 'all' || scopes?.has(scope) === true;
}

/** The API's words where the operator's roles do not let the console read what they permit; undefined where they do. */
export function useRefusedPowers(): string | undefined {
  const { userId } = useOperator();
  return useQuery(powersOf(userId)).data?.refused;
}
