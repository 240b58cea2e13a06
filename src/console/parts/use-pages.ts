/**
 * A list that is shown page by page, each with an address of its own (`?after=…`): back leads to the page before, also from a row that was
 * opened; a link leads to the same page. Holds no more than one page. For the one list that a page is about; lists beside others use `useList`.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { List, ListPage } from '../api/list';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Where the pages before this one begin, the first of them as ''. Absent where a page was opened by its link. */
    before?: readonly string[];
  }
}

interface Left {
  readonly search: Readonly<Record<string, unknown>>;
  readonly state: { readonly before?: readonly string[] };
}

/** The place at which each list was left, for the way back to it. */
const left = new Map<string, Left>();

/** The place in which a list (`/people`) was last seen here, as a link takes it; its beginning for one that was not. */
export const recallPlace = (path: string): Left => left.get(path) ?? { search: {}, state: {} };

interface Place {
  readonly search: Readonly<Record<string, unknown>>;
  readonly after: string | undefined;
  readonly before: readonly string[] | undefined;
}

/** Where the address is within the list. */
function usePlace(): Place {
  const { pathname: path, search, state } = useRouterState({ select: ({ location }) => location });
  const { after } = search as { readonly after?: unknown };
  const { before } = state;
  useEffect(() => {
    left.set(path, { search, state: before === undefined ? {} : { before } });
  }, [path, search, before]);
  return {
    search,
    after: typeof after === 'string' && after !== '' ? after : undefined,
    before,
  };
}

/** The page of the list behind `key` that the address names. `load` fetches one page from a cursor, as for `useList`. */
export function usePages<Item>(
  key: readonly unknown[],
  load: (from: string | undefined) => Promise<ListPage<Item>>,
  { enabled = true }: { enabled?: boolean } = {},
): List<Item> {
  const { search, after, before } = usePlace();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: [...key, { after }],
    queryFn: () => load(after),
    placeholderData: keepPreviousData,
    enabled,
  });
  const go = (to: string, pagesBefore: readonly string[] | undefined) => {
    const { after: _, ...filters } = search;
    void navigate({
      to: '.',
      search: (to === '' ? filters : { ...filters, after: to }) as never,
      state: pagesBefore === undefined ? {} : { before: pagesBefore },
    });
  };
  const next = query.isPlaceholderData ? undefined : query.data?.next;
  const behind = after === undefined ? [] : before;
  return {
    items: query.data?.items ?? [],
    cutAt: query.isPlaceholderData ? undefined : query.data?.cutAt,
    isLoading: query.isPending && enabled,
    error: query.error,
    hasMore: next !== undefined,
    isLoadingMore: query.isPlaceholderData,
    more: () => next !== undefined && go(next, behind && [...behind, after ?? '']),
    retry: () => void query.refetch(),
    pages: {
      number: behind === undefined ? undefined : behind.length + 1,
      hasBefore: after !== undefined,
      back: () => go(behind?.at(-1) ?? '', behind?.slice(0, -1) ?? []),
    },
  };
}
