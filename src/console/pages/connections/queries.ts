/** Queries of the pages about connections, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import type { List } from '../../api/list';
import { carry } from '../../api/version';
import { now } from '../../clock';
import { usePages } from '../../parts/use-pages';
import type { Connection, Finding, OrganizationUse, ScimConfiguration } from './answers';

const A_PAGE = 25;
const A_WEEK_MS = 7 * 86_400_000;
const NOT_FOUND = 404;

export const CONNECTIONS = ['connections'] as const;
export const connectionKey = (id: string) => [...CONNECTIONS, id] as const;

/** Reads all connections, or those whose display name begins with `find`. */
export const useConnections = (find: string | undefined): List<Connection> =>
  usePages([...CONNECTIONS, 'list', find ?? ''], async (from) => {
    const narrowed = find === undefined ? {} : { starts_with: find };
    const query = { take: A_PAGE, ...narrowed, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/connections', { params: { query } });
    const { connections, next } = data;
    return { items: connections, next };
  });

/** Reads one connection. If the server returns its secret, drops it at once, since no page shows or stores it. */
export async function readConnection(id: string): Promise<Connection> {
  const { data } = await api.GET('/connections/{id}', { params: { path: { id } } });
  return carry(data, ({ options, ...connection }) => {
    if (options === undefined) return connection;
    const { client_secret: _, ...shown } = options;
    return { ...connection, options: shown };
  });
}

export const useConnection = (id: string) =>
  useQuery({ queryKey: connectionKey(id), queryFn: () => readConnection(id) });

/**
 * Reads the first two organizations that use a connection, and the number of all, to show what a change would affect.
 */
export const useOrganizationsInNumbers = (id: string) =>
  useQuery({
    queryKey: [...connectionKey(id), 'organizations', 'first'],
    queryFn: async () => {
      const query = { per_page: 2, page: 0, include_totals: true };
      const { data } = await api.GET('/connections/{id}/organizations', { params: { path: { id }, query } });
      return data;
    },
  });

async function readOrganizations(id: string, from: string | undefined, take = A_PAGE) {
  const query = { take, ...(from !== undefined && { from }) };
  const { data } = await api.GET('/connections/{id}/organizations', { params: { path: { id }, query } });
  const { organizations, next } = data;
  return { items: organizations, next };
}

export const useOrganizations = (id: string): List<OrganizationUse> =>
  usePages([...connectionKey(id), 'organizations', 'list'], (from) => readOrganizations(id, from));

const MOST_CHOICES = 100;

/**
 * Reads up to {@link MOST_CHOICES} organizations that use a connection, for a select box. If there are more, `next` is
 * set, and the select box would be incomplete.
 */
export const useOrganizationChoice = (id: string) =>
  useQuery({
    queryKey: [...connectionKey(id), 'organizations', 'choice'],
    queryFn: () => readOrganizations(id, undefined, MOST_CHOICES),
  });

/** Codes of refusals that the identity provider caused, not the person. */
const OF_PROVIDER = /^authenticate\.idp_/;

/**
 * Reads the newest hundred refusals of the last seven days, and returns those that a provider caused. One request
 * serves all connections.
 */
export const useProviderFailures = () =>
  useQuery({
    queryKey: [...CONNECTIONS, 'failures'],
    queryFn: async () => {
      const since = new Date(now().getTime() - A_WEEK_MS).toISOString().slice(0, 10);
      const query = { q: `type:f AND date:[${since} TO *]`, per_page: 100, sort: 'date:-1' };
      const { data } = await api.GET('/logs', { params: { query } });
      const lines = data;
      return lines.filter(({ details }) => OF_PROVIDER.test(details?.code ?? ''));
    },
  });

/** Reads how many people have an identity at this connection. */
export const usePeopleOf = (name: string, enabled: boolean) =>
  useQuery({
    queryKey: [...CONNECTIONS, 'people-of', name],
    enabled,
    queryFn: async () => {
      const query = { connection: name, per_page: 1, include_totals: true };
      const { data } = await api.GET('/users', { params: { query } });
      return data.total;
    },
  });

/** Makes the server check the identity provider now. Rejects with ApiFailure, with status 429 after too many checks. */
export async function askProvider(id: string): Promise<Finding> {
  const { data } = await api.POST('/connections/{id}/examine', { params: { path: { id } } });
  return data;
}

/** Maximum number of applications that the page lists. Others can be enabled only through the API. */
const MOST_CLIENTS = 100;

export const useClients = () =>
  useQuery({
    queryKey: ['clients', 'names'],
    queryFn: async () => {
      const query = { fields: 'client_id,name', include_fields: true, per_page: MOST_CLIENTS, page: 0 };
      const { data } = await api.GET('/clients', { params: { query } });
      return data;
    },
  });

async function readEnabledClients(id: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let from: string | undefined; ; ) {
    const query = { take: 100, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/connections/{id}/clients', { params: { path: { id }, query } });
    const { clients, next } = data;
    for (const { client_id: clientId } of clients) ids.add(clientId);
    if (next === undefined) return ids;
    from = next;
  }
}

export const useEnabledClients = (id: string) =>
  useQuery({ queryKey: [...connectionKey(id), 'clients'], queryFn: () => readEnabledClients(id) });

/** Reads the SCIM configuration; null if the connection has none. */
export const useScim = (id: string) =>
  useQuery({
    queryKey: [...connectionKey(id), 'scim'],
    queryFn: async (): Promise<ScimConfiguration | null> => {
      try {
        const { data } = await api.GET('/connections/{id}/scim-configuration', { params: { path: { id } } });
        return data;
      } catch (error) {
        if (error instanceof ApiFailure && error.status === NOT_FOUND) return null;
        throw error;
      }
    },
  });

export const useScimTokens = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: [...connectionKey(id), 'scim-tokens'],
    enabled,
    queryFn: async () => {
      const { data } = await api.GET('/connections/{id}/scim-configuration/tokens', { params: { path: { id } } });
      return data;
    },
  });
