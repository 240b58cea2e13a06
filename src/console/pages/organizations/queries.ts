/** Queries of the pages about organizations, and their cache keys. A page requests only what it shows. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { type List, type ListPage, useList } from '../../api/list';
import { usePages } from '../../parts/use-pages';
import type { ConnectionTotals, Domain, Enablement, Invitation, Organization, Person, Totals } from './answers';

const A_PAGE = 50;
/** Most entries of a choice (applications, roles, connections). */
const MOST_CHOICES = 100;

export const ORGANIZATIONS = ['organizations'] as const;
/** Cache key of all data about one organization. */
export const organizationKey = (id: string) => [...ORGANIZATIONS, id] as const;

/** Reads a page of a list by cursor; `key` names the list in the answer. */
function toCursorPage<Item>(data: unknown, key: string): ListPage<Item> {
  const { next, [key]: items } = data as { readonly next?: string } & Readonly<Record<string, readonly Item[]>>;
  return { items: items ?? [], next };
}

/** Reads a page from an answer with page numbers and no total. */
function toNumberedPage<Item>(data: unknown, page: number): ListPage<Item> {
  const items = data as readonly Item[];
  return { items, next: items.length < A_PAGE ? undefined : String(page + 1) };
}

/** Reads one organization. Rejects with ApiFailure. */
export async function readOrganization(id: string): Promise<Organization> {
  const { data } = await api.GET('/organizations/{id}', { params: { path: { id } } });
  return data as unknown as Organization;
}

export const useOrganization = (id: string) =>
  useQuery({ queryKey: [...organizationKey(id), 'itself'], queryFn: () => readOrganization(id) });

/** Finds an organization by its short name, which may differ from the display name; nothing if there is none. */
async function findByName(name: string): Promise<ListPage<Organization>> {
  try {
    const { data } = await api.GET('/organizations/name/{name}', { params: { path: { name: name.toLowerCase() } } });
    return { items: [data as unknown as Organization], next: undefined };
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
    const page = toCursorPage<Organization>(data, 'organizations');
    return page.items.length > 0 || find === undefined || from !== undefined ? page : findByName(find);
  });
}

/** Reads members in order of joining; or the first ones whose address begins with `find`, by address. */
export function usePeople(id: string, find: string | undefined): List<Person> {
  return usePages([...organizationKey(id), 'people', 'list', find ?? ''], async (from) => {
    const query = {
      take: A_PAGE,
      ...(find !== undefined && { starts_with: find }),
      ...(from !== undefined && { from }),
    };
    const { data } = await api.GET('/organizations/{id}/people', { params: { path: { id }, query } });
    const page = toCursorPage<Person>(data, 'people');
    return find !== undefined && page.items.length === A_PAGE ? { ...page, cutAt: A_PAGE } : page;
  });
}

/** Finds accounts with exactly this address, members or not. */
export async function findAccounts(email: string): Promise<readonly Pick<Person, 'user_id' | 'name' | 'email'>[]> {
  const query = { email, fields: 'user_id,name,email', include_fields: true };
  const { data } = await api.GET('/users-by-email', { params: { query } });
  return data as unknown as readonly Person[];
}

/** Finds out which of these accounts are members. */
export async function findPeople(id: string, userIds: readonly string[]): Promise<readonly Person[]> {
  if (userIds.length === 0) return [];
  const { data } = await api.POST('/organizations/{id}/people/find', {
    params: { path: { id } },
    body: { user_ids: [...userIds] },
  });
  return (data as unknown as { people: readonly Person[] }).people;
}

export const memberKey = (id: string, userId: string) => [...organizationKey(id), 'people', userId] as const;

/** Reads one member; null for a user who is not a member. */
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
      return data as unknown as Totals;
    },
  });

export const useConnectionTotals = (id: string, connectionId: string, enabled = true) =>
  useQuery({
    queryKey: [...organizationKey(id), 'people', 'totals', connectionId],
    queryFn: async () => {
      const params = { path: { id }, query: { connection_id: connectionId } };
      const { data } = await api.GET('/organizations/{id}/people/totals', { params });
      return (data as unknown as { connection: ConnectionTotals }).connection;
    },
    enabled,
  });

/** Cache key of invitations of all organizations and the lists over them: sending or revoking one changes both. */
export const INVITATIONS = [...ORGANIZATIONS, 'invitations'] as const;
const invitationsKey = (id: string) => [...INVITATIONS, id] as const;

/** Reads pending invitations, newest first; or those whose address begins with `find`, by address. */
export function useInvitations(id: string, find: string | undefined, enabled: boolean): List<Invitation> {
  const load = async (from: string | undefined) => {
    const page = Number(from ?? 0);
    const order = find === undefined ? { sort: 'created_at:-1' } : { starts_with: find };
    const query = { page, per_page: A_PAGE, ...order };
    const { data } = await api.GET('/organizations/{id}/invitations', { params: { path: { id }, query } });
    return toNumberedPage<Invitation>(data, page);
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
    return toNumberedPage<Enablement>(data, page);
  });
}

/** Reads the settings of one connection for an organization. Rejects with ApiFailure. */
export async function readEnablement(id: string, connectionId: string): Promise<Enablement> {
  const { data } = await api.GET('/organizations/{id}/enabled_connections/{connectionId}', {
    params: { path: { id, connectionId } },
  });
  return data as unknown as Enablement;
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
      return data as unknown as readonly ConnectionFacts[];
    },
  });

export const domainsKey = (id: string) => [...organizationKey(id), 'domains'] as const;

/** Reads the domains of an organization. */
export function useDomains(id: string): List<Domain> {
  return useList(domainsKey(id), async (from) => {
    const query = { take: A_PAGE, ...(from !== undefined && { from }) };
    const { data } = await api.GET('/organizations/{id}/discovery-domains', { params: { path: { id }, query } });
    return toCursorPage<Domain>(data, 'domains');
  });
}
