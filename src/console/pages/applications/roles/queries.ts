/** Queries of the pages about roles, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import type { Answer, Row } from '../../../api/answers';
import { api } from '../../../api/client';
import { type List, toNumberedPage, useList } from '../../../api/list';
import { usePages } from '../../../parts/use-pages';
import { readServerFacts } from '../../../server-facts';

export type Role = Answer<'/roles/{id}'>;
export type Permission = Row<'/roles/{id}/permissions'>;

const A_PAGE = 50;

/** The beginning of the cache keys of everything about roles, also of their choice in forms. */
export const ROLES = ['roles'] as const;
export const roleKey = (id: string) => [...ROLES, 'one', id] as const;

/** True for a role of this server's operators: only they give it, and its permissions are fixed. */
export const isOperators = (id: string): boolean => Object.values(readServerFacts().roleIds).includes(id);

/** Reads all roles. */
export const useRoleList = (): List<Role> =>
  usePages([...ROLES, 'list'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/roles', { params: { query: { page, per_page: A_PAGE } } });
    return toNumberedPage(data, page, A_PAGE);
  });

/** Reads one role. Rejects with ApiFailure. */
export async function readRole(id: string): Promise<Role> {
  const { data } = await api.GET('/roles/{id}', { params: { path: { id } } });
  return data;
}

export const useRole = (id: string) => useQuery({ queryKey: roleKey(id), queryFn: () => readRole(id) });

/** Reads the permissions of a role, for all APIs. */
export const usePermissions = (id: string): List<Permission> =>
  useList([...roleKey(id), 'permissions'], async (from) => {
    const page = Number(from ?? 0);
    const query = { page, per_page: A_PAGE };
    const { data } = await api.GET('/roles/{id}/permissions', { params: { path: { id }, query } });
    return toNumberedPage(data, page, A_PAGE);
  });
