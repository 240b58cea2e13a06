/** Queries of the pages about applications and APIs, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type List, toNumberedPage, useList } from '../../api/list';
import { now } from '../../clock';
import { usePages } from '../../parts/use-pages';
import type { Api, Client, Connection, Grant } from './answers';

const TAKE = 25;

export const CLIENTS = ['clients'] as const;
export const APIS = ['apis'] as const;
export const GRANTS = ['client-grants'] as const;
export const CONNECTIONS = ['connections', 'of-application'] as const;
export const clientKey = (id: string) => [...CLIENTS, id] as const;
export const apiKey = (id: string) => [...APIS, id] as const;

const cursor = (from: string | undefined) => ({ take: TAKE, ...(from !== undefined && { from }) });

/**
 * Reads all applications, or those whose name begins with `find`. Leaves out Auth0's global application (`is_global`).
 */
export const useClients = (find: string | undefined): List<Client> =>
  usePages([...CLIENTS, 'list', find ?? ''], async (from) => {
    const fields = 'client_id,name,app_type,callbacks,organization_usage';
    const query = { ...cursor(from), is_global: false, fields, ...(find !== undefined && { starts_with: find }) };
    const { data } = await api.GET('/clients', { params: { query } });
    return { items: data.clients, next: data.next };
  });

/** Reads one application. Rejects with ApiFailure. */
export async function readClient(id: string): Promise<Client> {
  const { data } = await api.GET('/clients/{id}', { params: { path: { id } } });
  return data;
}

export const useClient = (id: string) => useQuery({ queryKey: clientKey(id), queryFn: () => readClient(id) });

/** Reads the public keys of an application. */
export const useCredentials = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: [...clientKey(id), 'credentials'],
    queryFn: async () => {
      const { data } = await api.GET('/clients/{client_id}/credentials', { params: { path: { client_id: id } } });
      return data;
    },
    enabled,
  });

const WEEK_MS = 7 * 86_400_000;

/** Returns the number of sign-ins to an application in the last seven days; undefined while it is unknown. */
export function useLoginsOfClient(id: string): number | undefined {
  const { data } = useQuery({
    queryKey: [...clientKey(id), 'logins'],
    queryFn: async () => {
      const since = new Date(now().getTime() - WEEK_MS).toISOString();
      const search = `client_id:"${id}" AND type:s AND date:[${since} TO *]`;
      const query = { search, include_totals: true, page: 0, per_page: 1 };
      const answer = (await api.GET('/logs', { params: { query } })).data;
      return answer.total;
    },
    staleTime: 60_000,
  });
  return data;
}

/** Returns the number of sign-ins as text: "12 sign-ins in the last seven days". */
export function sayLogins(logins: number | undefined): string {
  if (logins === undefined) return 'an unknown number of sign-ins';
  return `${logins} ${logins === 1 ? 'sign-in' : 'sign-ins'} in the last seven days`;
}

/**
 * Reads this server's connections. Each names the applications that may use it for sign-ins without an organization.
 */
export const useConnections = (): List<Connection> =>
  useList([...CONNECTIONS], async (from) => {
    const { data } = await api.GET('/connections', { params: { query: cursor(from) } });
    return { items: data.connections, next: data.next };
  });

/** Reads the grants of an application, or of an API. */
export const useGrants = (
  of: { readonly client_id: string } | { readonly audience: string },
  enabled = true,
): List<Grant> =>
  useList(
    [...GRANTS, of],
    async (from) => {
      const { data } = await api.GET('/client-grants', { params: { query: { ...cursor(from), ...of } } });
      return { items: data.client_grants, next: data.next };
    },
    { enabled },
  );

/** Reads all APIs, including the Management API. The server offers only page numbers for this list, no cursor. */
export const useApis = (): List<Api> =>
  usePages([...APIS, 'list'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/resource-servers', { params: { query: { page, per_page: TAKE } } });
    return toNumberedPage(data, page, TAKE);
  });

/** Reads one API by its id or its identifier (audience). */
export async function readApi(id: string): Promise<Api> {
  const { data } = await api.GET('/resource-servers/{id}', { params: { path: { id } } });
  return data;
}

export const useApi = (id: string, enabled = true) =>
  useQuery({ queryKey: apiKey(id), queryFn: () => readApi(id), enabled });
