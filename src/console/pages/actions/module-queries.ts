/** Queries of the pages about modules, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type List, toNumberedPage, useList } from '../../api/list';
import { usePages } from '../../parts/use-pages';
import type { Module, ModuleVersion, UsingAction } from './answers';
import { A_PAGE, MODULES } from './queries';

const MOST_MODULES = 100;
/** Maximum number of versions that the API stores of one module. */
const MOST_VERSIONS = 50;

export const moduleKey = (id: string) => [...MODULES, id] as const;

/** Reads all modules, a page at a time. */
export function useModules(): List<Module> {
  return usePages([...MODULES, 'list'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/actions/modules', { params: { query: { page, per_page: A_PAGE } } });
    return toNumberedPage(data.modules, page, A_PAGE);
  });
}

/** Reads all modules in one request, for a select box. */
export const useEveryModule = () =>
  useQuery({
    queryKey: [...MODULES, 'every'],
    queryFn: async () => {
      const { data } = await api.GET('/actions/modules', { params: { query: { per_page: MOST_MODULES } } });
      return data.modules;
    },
  });

/** Reads one module. Rejects with ApiFailure. */
export async function readModule(id: string): Promise<Module> {
  const { data } = await api.GET('/actions/modules/{id}', { params: { path: { id } } });
  return data;
}

export const useModule = (id: string) => useQuery({ queryKey: moduleKey(id), queryFn: () => readModule(id) });

/** Reads the versions of a module, newest first. */
export const useModuleVersions = (id: string): List<ModuleVersion> =>
  useList([...moduleKey(id), 'versions'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/actions/modules/{id}/versions', {
      params: { path: { id }, query: { page, per_page: A_PAGE } },
    });
    return toNumberedPage(data.versions, page, A_PAGE);
  });

/** Reads the numbers of all versions of a module, newest first, for a select box. */
export const useVersionNumbers = (id: string | undefined) =>
  useQuery({
    queryKey: [...moduleKey(id ?? ''), 'numbers'],
    enabled: id !== undefined,
    queryFn: async () => {
      const { data } = await api.GET('/actions/modules/{id}/versions', {
        params: { path: { id: id ?? '' }, query: { per_page: MOST_VERSIONS } },
      });
      const { versions } = data;
      return versions.map(({ version_number: number }) => number);
    },
  });

/** Reads the Actions that load the module in their deployed version. */
export const useUses = (id: string): List<UsingAction> =>
  useList([...moduleKey(id), 'uses'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/actions/modules/{id}/actions', {
      params: { path: { id }, query: { page, per_page: A_PAGE } },
    });
    return toNumberedPage(data.actions, page, A_PAGE);
  });
