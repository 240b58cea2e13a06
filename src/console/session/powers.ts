/**
 * The scopes that the operator's roles permit, to leave out what would be refused. It decides nothing: the server asks the same rows at every
 * call. While they load, and where they cannot be read, everything is offered.
 */
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { readServerFacts } from '../server-facts';
import { useOperator } from './operator';

const A_PAGE = 100;

async function readScopes(roleId: string): Promise<readonly string[]> {
  const scopes: string[] = [];
  for (let page = 0; ; page += 1) {
    const { data } = await api.GET('/roles/{id}/permissions', {
      params: { path: { id: roleId }, query: { page, per_page: A_PAGE } },
    });
    const permissions = (Array.isArray(data) ? data : []) as readonly { permission_name?: string }[];
    for (const { permission_name: name } of permissions) if (name !== undefined) scopes.push(name);
    if (permissions.length < A_PAGE) return scopes;
  }
}

async function readPowers(userId: string): Promise<ReadonlySet<string>> {
  const { organizationId } = readServerFacts();
  const { data } = await api.GET('/organizations/{id}/members/{user_id}/roles', {
    params: { path: { id: organizationId, user_id: userId }, query: { per_page: A_PAGE } },
  });
  const roles = (Array.isArray(data) ? data : []) as readonly { id: string }[];
  return new Set((await Promise.all(roles.map(({ id }) => readScopes(id)))).flat());
}

/** Says whether the operator may use a scope. */
export function usePowers(): (scope: string) => boolean {
  const { userId } = useOperator();
  const { data } = useQuery({ queryKey: ['powers', userId], queryFn: () => readPowers(userId), staleTime: 300_000 });
  return (scope) => data === undefined || data.has(scope);
}
