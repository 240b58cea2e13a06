/**
 * The values from which an operator chooses for an invitation: applications that organizations may use, the
 * organization's connections, roles. Reads the first hundred of each; writes nothing.
 */
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';

const MOST = 100;

/** Reads the applications to which people sign in with an organization. */
export const useApplications = () =>
  useQuery({
    queryKey: ['clients', 'for-organizations'],
    queryFn: async () => {
      const fields = 'client_id,name,organization_usage,initiate_login_uri,app_type';
      const { data } = await api.GET('/clients', {
        params: { query: { per_page: MOST, fields, include_fields: true } },
      });
      return data.filter(
        (client) =>
          client.app_type !== 'non_interactive' && ['allow', 'require'].includes(client.organization_usage ?? ''),
      );
    },
  });

/** Reads the tenant's roles. */
export const useRoles = () =>
  useQuery({
    queryKey: ['roles', 'choice'],
    queryFn: async () => {
      const { data } = await api.GET('/roles', { params: { query: { per_page: MOST } } });
      return data;
    },
  });

/** Reads an organization's connections. */
export const useEnabledNames = (id: string) =>
  useQuery({
    queryKey: ['organizations', id, 'connections', 'choice'],
    queryFn: async () => {
      const params = { path: { id }, query: { per_page: MOST } };
      const { data } = await api.GET('/organizations/{id}/enabled_connections', { params });
      return data;
    },
  });
