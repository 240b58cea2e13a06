/**
 * The organizations that use a connection: their number and the first few. One request for all connections on a page.
 * Reads only.
 */
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../api/answers';
import { api } from '../api/client';

/** The first organizations of a connection, and their number. */
export type FirstUses = Answer<'/connections/organizations/find', 'post'>['connections'][number];

/**
 * Reads, for each of these connections, the first organizations that use it; the result is by connection id. `enabled`:
 * false if the operator's role may not read them.
 */
export const useFirstOrganizations = (ids: readonly string[], enabled = true) =>
  useQuery({
    queryKey: ['connections', 'organizations', 'first', ids],
    enabled: enabled && ids.length > 0,
    queryFn: async () => {
      const { data } = await api.POST('/connections/organizations/find', { body: { connection_ids: [...ids] } });
      const { connections } = data;
      return new Map(connections.map((one) => [one.connection_id, one]));
    },
  });

/** Returns a text such as "Acme, Globex and 3 more". */
export function sayUses({ organizations, total, complete }: FirstUses): string {
  const names = organizations.map((one) => one.display_name ?? one.name).join(', ');
  const rest = total - organizations.length;
  if (rest <= 0) return names;
  return `${names} and ${complete ? rest : 'many'} more`;
}
