/**
 * A list that is shown page by page, each page with its own address (`?after=…`). So back leads to the previous page,
 * also after a row was opened, and a copied link shows the same page. Holds one page at a time. For the main list of a
 * page; other lists use `useList`.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { List, ListPage } from '../api/list';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Cursors of the previous pages; that of the first page is ''. Absent if the page was opened by a link. */
    before?: readonly string[];
  }
}

interface Left {
  readonly search: Readonly<Record<string, unknown>>;
  readonly state: { readonly before?: readonly string[] };
}

/** For each list, the page that was last open: the back link leads there. */
const left = new Map<string, Left>();

/** Returns the link to the page of a list (for example `/people`) that was last open, or to the list's beginning. */
export const recallPlace = (path: string): Left => left.get(path) ?? { search: {}, state: {} };

interface Place {
  readonly search: Readonly<Record<string, unknown>>;
  readonly after: string | undefined;
  readonly before: readonly string[] | undefined;
}

/** Reads which page of the list is open. Also remembers it for {@link recallPlace}. */
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

/** Reads the page of the list `key` that is in the address. `load` returns the page at a cursor, as for `useList`. */
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
