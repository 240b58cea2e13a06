/**
 * Reads lists of the API page by page: with a cursor (Auth0's checkpoint paging) or with page numbers. A page of the
 * console requests only the rows that it shows.
 */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

/** One page of a list, and the cursor of the next page: undefined on the last one. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
  /**
   * Set on the last page if the API cuts the list off there: how many rows can be reached in all, although more exist.
   */
  readonly cutAt?: number | undefined;
}

/**
 * Makes a page of a list that has page numbers. The cursor of the next page is its number; a page that is not full is
 * the last.
 */
export function toNumberedPage<Item>(items: readonly Item[], page: number, size: number): ListPage<Item> {
  return { items, next: items.length < size ? undefined : String(page + 1) };
}

/** State of a list that shows one page at a time instead of growing. */
export interface Pages {
  /** Number of the page, from 1; undefined for a page that was opened by a link. */
  readonly number: number | undefined;
  readonly hasBefore: boolean;
  /** Returns to the previous page; to the first one if the previous one is unknown. */
  back(): void;
}

export interface List<Item> {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Loads the next page: appends its rows, or shows it instead of the current one in a list that has `pages`. */
  more(): void;
  retry(): void;
  readonly pages?: Pages;
  /** Set if the API cuts the list off: how many rows can be reached in all, although more exist. */
  readonly cutAt?: number | undefined;
}

/**
 * Reads the list with the cache key `key`. `load` returns the page at a cursor; for a list with page numbers, the
 * cursor is the number as a string. When `key` changes, the old rows are shown until the new ones arrive.
 */
export function useList<Item>(
  key: readonly unknown[],
  load: (from: string | undefined) => Promise<ListPage<Item>>,
  { enabled = true, refetchInterval }: { enabled?: boolean; refetchInterval?: number } = {},
): List<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled,
    ...(refetchInterval !== undefined && { refetchInterval }),
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading: query.isPending && enabled,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
