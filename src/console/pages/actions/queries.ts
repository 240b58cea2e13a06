/** Queries of the pages about Actions, and their cache keys. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type List, toNumberedPage, useList } from '../../api/list';
import { carry } from '../../api/version';
import { usePages } from '../../parts/use-pages';
import type { Action, Binding, LogLine, Version } from './answers';
import { TRIGGER_IDS, type TriggerId } from './triggers';

export const A_PAGE = 25;
/** Maximum number of Actions in the order of one trigger. */
const MOST_BINDINGS = 20;
/** Number of log lines that one request reads to find executions. */
export const LOG_PAGE = 100;

export const ACTIONS = ['actions'] as const;
export const MODULES = ['action-modules'] as const;
export const BINDINGS = ['action-bindings'] as const;
export const actionKey = (id: string) => [...ACTIONS, id] as const;

/** Reads all Actions, a page at a time. */
export function useActions(): List<Action> {
  return usePages([...ACTIONS, 'list'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/actions/actions', { params: { query: { page, per_page: A_PAGE } } });
    return toNumberedPage(data.actions, page, A_PAGE);
  });
}

/** Reads one Action. Rejects with ApiFailure. */
export async function readAction(id: string): Promise<Action> {
  const { data } = await api.GET('/actions/actions/{id}', { params: { path: { id } } });
  return data;
}

export const useAction = (id: string) => useQuery({ queryKey: actionKey(id), queryFn: () => readAction(id) });

/** Reads the Actions of a trigger, in their order. Rejects with ApiFailure. */
export async function readBindings(triggerId: TriggerId): Promise<readonly Binding[]> {
  const { data } = await api.GET('/actions/triggers/{triggerId}/bindings', {
    params: { path: { triggerId }, query: { per_page: MOST_BINDINGS } },
  });
  return carry(data, ({ bindings }) => bindings);
}

export const useBindings = (triggerId: TriggerId) =>
  useQuery({ queryKey: [...BINDINGS, triggerId], queryFn: () => readBindings(triggerId) });

/** Reads the Actions of every trigger, in their order. Returns an object with an entry for each trigger. */
export const useAllBindings = () =>
  useQuery({
    queryKey: [...BINDINGS, 'all'],
    queryFn: async () =>
      Object.fromEntries(await Promise.all(TRIGGER_IDS.map(async (id) => [id, await readBindings(id)] as const))),
  });

/** Reads the deployed Actions of a trigger: those that can be added to its order. */
export const useDeployed = (triggerId: TriggerId) =>
  useQuery({
    queryKey: [...ACTIONS, 'deployed', triggerId],
    queryFn: async () => {
      const { data } = await api.GET('/actions/actions', {
        params: { query: { triggerId, deployed: true, per_page: 100 } },
      });
      return data.actions;
    },
  });

/** Reads the versions of an Action, newest first. */
export const useVersions = (id: string): List<Version> =>
  useList([...actionKey(id), 'versions'], async (from) => {
    const page = Number(from ?? 0);
    const { data } = await api.GET('/actions/actions/{actionId}/versions', {
      params: { path: { actionId: id }, query: { page, per_page: A_PAGE } },
    });
    return toNumberedPage(data.versions, page, A_PAGE);
  });

/** Reads log lines, newest first, a hundred at a time. `search` is a log query; without it, reads all lines. */
export const useLogLines = (search?: string): List<LogLine> =>
  useList(['log', 'for-actions', search], async (from) => {
    const page = Number(from ?? 0);
    const query = { page, per_page: LOG_PAGE, sort: 'date:-1', ...(search !== undefined && { search }) };
    const { data } = await api.GET('/logs', { params: { query } });
    return toNumberedPage(data, page, LOG_PAGE);
  });

const DAYS = 7;

/** Returns the number of logins in the last seven days, including today; undefined while it is unknown. */
export function useLoginsOfWeek(): number | undefined {
  const { data } = useQuery({
    queryKey: ['logins-per-day'],
    queryFn: async () => (await api.GET('/stats/daily')).data,
    staleTime: 300_000,
  });
  return data?.slice(-DAYS).reduce((sum, { logins }) => sum + logins, 0);
}

/** Returns "about 6 sign-ins a day (40 in the last seven days)"; undefined while the number is unknown. */
export function sayWeek(logins: number | undefined): string | undefined {
  if (logins === undefined) return undefined;
  if (logins === 0) return 'all sign-ins (there were none in the last seven days)';
  const perDay = Math.max(1, Math.round(logins / DAYS));
  return `about ${perDay} ${perDay === 1 ? 'sign-in' : 'sign-ins'} a day (${logins} in the last seven days)`;
}
