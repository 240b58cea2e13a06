/** Reads the names of an organization by its id, if the operator's role permits it. */
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../api/answers';
import { api } from '../api/client';
import { usePowers } from '../session/powers';

export type OrganizationNames = Pick<Answer<'/organizations/{id}'>, 'name' | 'display_name'>;

const KEPT_MS = 60_000;

/**
 * Returns the names. Undefined while they are loading, if the operator's role may not read them, or if no organization
 * has this id.
 */
export function useOrganizationNames(id: string | undefined): OrganizationNames | undefined {
  const mayRead = usePowers()('read:organizations');
  return useQuery({
    queryKey: ['named', 'organizations', id ?? ''],
    queryFn: async () => {
      const { data } = await api.GET('/organizations/{id}', { params: { path: { id: id ?? '' } } });
      return data;
    },
    enabled: mayRead && id !== undefined,
    staleTime: KEPT_MS,
    retry: false,
  }).data;
}
