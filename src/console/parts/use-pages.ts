/**
 * A list shown page by page, each with its own address (`?after=…`): back leads to the previous page, also from an
 * opened row, and a link leads to the same page. Holds one page at a time. For the main list of a page; other lists use
 * `useList`.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { List, ListPage } from '../api/list';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Cursors of the previous pages, the first as ''. Absent if a page was opened by its link. */
    before?: readonly string[];
  }
}

interface Left {
  readonly search: Readonly<Record<string, unknown>>;
  readonly state: { readonly before?: readonly string[] };
}

/** The place at which each list was left, for the back link. */
const left = new Map<string, Left>();

/** Returns the place at which a list (`/people`) was last shown, in the form of a link; the beginning if it was not. */
export const recallPlace = (path: string): Left => left.get(path) ?? { search: {}, state: {} };

interface Place {
  readonly search: Readonly<Record<string, unknown>>;
  readonly after: string | undefined;
  readonly before: readonly string[] | undefined;
}

/** Reads from the address which page of the list is open. */
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

/** Reads the page of the list `key` that the address names. `load` fetches one page from a cursor, as for `useList`. */
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
