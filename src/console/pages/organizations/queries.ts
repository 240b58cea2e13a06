/** Queries of the pages about organizations, and their cache keys. Each page requests only the data that it shows. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { type List, type ListPage, toNumberedPage, useList } from '../../api/list';
import { usePages } from '../../parts/use-pages';
import type { Application, Domain, Enablement, Invitation, Listed, Organization, Person } from './answers';

const A_PAGE = 50;
/** Maximum number of entries of a select box of applications, roles or connections. */
const MOST_CHOICES = 100;

export const ORGANIZATIONS = ['organizations'] as const;
/** Cache key under which all data about one organization is stored. */
export const organizationKey = (id: string) => [...ORGANIZATIONS, id] as const;

/** Reads one organization. Rejects with ApiFailure. */
export async function readOrganization(id: string): Promise<Organization> {
  const { data } = await api.GET('/organizations/{id}', { params: { path: { id } } });
  return data;
}

export const useOrganization = (id: string) =>
  useQuery({ queryKey: [...organizationKey(id), 'itself'], queryFn: () => readOrganization(id) });

/**
 * Reads the organization with this short name, which may differ from its display name. Returns an empty list if there
 * is none.
 */
async function findByName(name: string): Promise<ListPage<Organization>> {
  try {
    const { data } = await api.GET('/organizations/name/{name}', { params: { path: { name: name.toLowerCase() } } });
    return { items: [data], next: undefined };
  } catch (error) {
    if (error instanceof ApiFailure && error.status < 500) return { items: [], next: undefined };
    throw error;
  }
}

/**
 * Reads organizations, sorted by display name: all of them, or those whose display name begins with `find`. If there is
 * none of these, reads the one whose short name is exactly `find`.
 */
export function useOrganizations(find: string | undefined): List<Organization> {
  return usePages([...ORGANIZATIONS, 'list', find ?? ''], async (from) => {
    const narrowed = find === undefined ? {} : { starts_with: find };
    const query = { take: A_PAGE, sort: 'display_name:1', ...narrowed, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/organizations', { params: { query } });
    const page = { items: data.organizations, next: data.next };
    return page.items.length > 0 || find === undefined || from !== undefined ? page : findByName(find);
  });
}

/**
 * Reads all members in order of joining. With `find`: only those whose address begins with it, in the order of
 * addresses.
 */
export function usePeople(id: string, find: string | undefined): List<Person> {
  return usePages([...organizationKey(id), 'people', 'list', find ?? ''], async (from) => {
    const query = {
      take: A_PAGE,
      ...(find !== undefined && { starts_with: find }),
      ...(from !== undefined && { from }),
    };
    const { data } = await api.GET('/organizations/{id}/people', { params: { path: { id }, query } });
    const page = { items: data.people, next: data.next };
    return find !== undefined && page.items.length === A_PAGE ? { ...page, cutAt: A_PAGE } : page;
  });
}

/** Reads the accounts with exactly this address, whether or not they are members. */
export async function findAccounts(email: string): Promise<readonly Pick<Person, 'user_id' | 'name' | 'email'>[]> {
  const query = { email, fields: 'user_id,name,email', include_fields: true };
  const { data } = await api.GET('/users-by-email', { params: { query } });
  return data;
}

/** Returns those of the given users who are members. */
export async function findPeople(id: string, userIds: readonly string[]): Promise<readonly Person[]> {
  if (userIds.length === 0) return [];
  const { data } = await api.POST('/organizations/{id}/people/find', {
    params: { path: { id } },
    body: { user_ids: [...userIds] },
  });
  return data.people;
}

export const memberKey = (id: string, userId: string) => [...organizationKey(id), 'people', userId] as const;

/** Reads one member; null if the user is not a member. */
export const useMember = (id: string, userId: string) =>
  useQuery({
    queryKey: memberKey(id, userId),
    queryFn: async () => (await findPeople(id, [userId]))[0] ?? null,
  });

export const useTotals = (id: string) =>
  useQuery({
    queryKey: [...organizationKey(id), 'people', 'totals'],
    queryFn: async () => {
      const { data } = await api.GET('/organizations/{id}/people/totals', { params: { path: { id } } });
      return data;
    },
  });

export const useConnectionTotals = (id: string, connectionId: string, enabled = true) =>
  useQuery({
    queryKey: [...organizationKey(id), 'people', 'totals', connectionId],
    queryFn: async () => {
      const params = { path: { id }, query: { connection_id: connectionId } };
      const { data } = await api.GET('/organizations/{id}/people/totals', { params });
      return data.connection;
    },
    enabled,
  });

/**
 * The beginning of the cache keys of all lists of invitations, those of one organization and that of all organizations.
 * Sending or revoking an invitation makes both outdated.
 */
export const INVITATIONS = [...ORGANIZATIONS, 'invitations'] as const;
const invitationsKey = (id: string) => [...INVITATIONS, id] as const;

/**
 * Reads the invitations that nobody has accepted, newest first. With `find`: only those whose address begins with it,
 * in the order of addresses.
 */
export function useInvitations(id: string, find: string | undefined, enabled: boolean): List<Invitation> {
  const load = async (from: string | undefined) => {
    const page = Number(from ?? 0);
    const order = find === undefined ? { sort: 'created_at:-1' } : { starts_with: find };
    const query = { page, per_page: A_PAGE, ...order };
    const { data } = await api.GET('/organizations/{id}/invitations', { params: { path: { id }, query } });
    return toNumberedPage(data, page, A_PAGE);
  };
  return usePages([...invitationsKey(id), find ?? ''], load, { enabled });
}

export const enablementsKey = (id: string) => [...organizationKey(id), 'connections'] as const;

/** Reads the enabled connections of an organization. */
export function useEnablements(id: string): List<Enablement> {
  return useList([...enablementsKey(id), 'list'], async (from) => {
    const page = Number(from ?? 0);
    const query = { page, per_page: A_PAGE };
    const { data } = await api.GET('/organizations/{id}/enabled_connections', { params: { path: { id }, query } });
    return toNumberedPage(data, page, A_PAGE);
  });
}

/** Reads the settings of one connection for an organization. Rejects with ApiFailure. */
export async function readEnablement(id: string, connectionId: string): Promise<Enablement> {
  const { data } = await api.GET('/organizations/{id}/enabled_connections/{connectionId}', {
    params: { path: { id, connectionId } },
  });
  return data;
}

export const useEnablement = (id: string, connectionId: string) =>
  useQuery({ queryKey: [...enablementsKey(id), connectionId], queryFn: () => readEnablement(id, connectionId) });

export interface ConnectionFacts {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
}

export const useConnections = () =>
  useQuery({
    queryKey: ['connections', 'choice'],
    queryFn: async () => {
      const query = { per_page: MOST_CHOICES, fields: 'id,name,strategy', include_fields: true };
      const { data } = await api.GET('/connections', { params: { query } });
      return data;
    },
  });

export const applicationsKey = (id: string) => [...organizationKey(id), 'applications'] as const;

/** Reads the applications that an organization lists: all of them, since a page has as many as an organization may. */
export const useListed = (id: string) =>
  useQuery({
    queryKey: applicationsKey(id),
    queryFn: async (): Promise<readonly Listed[]> => {
      const query = { take: MOST_CHOICES };
      const { data } = await api.GET('/organizations/{id}/clients', { params: { path: { id }, query } });
      return data.clients;
    },
  });

/** Reads the applications of the tenant through which people may sign in to organizations. */
export function useApplications(): List<Application> {
  return useList(['clients', 'of-organizations'], async (from) => {
    const fields = 'client_id,name,organization_usage';
    const query = { take: A_PAGE, is_global: false, fields, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/clients', { params: { query } });
    const items = data.clients.filter(({ organization_usage: usage }) => usage !== 'deny');
    return { items, next: data.next };
  });
}

export const domainsKey = (id: string) => [...organizationKey(id), 'domains'] as const;

/** Reads the domains of an organization. */
export function useDomains(id: string): List<Domain> {
  return useList(domainsKey(id), async (from) => {
    const query = { take: A_PAGE, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/organizations/{id}/discovery-domains', { params: { path: { id }, query } });
    return { items: data.domains, next: data.next };
  });
}
