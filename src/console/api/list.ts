/** Lists by cursor (Auth0's checkpoint paging). A page requests only what it shows. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

/** A page of a list, and the cursor of the next page; undefined on the last one. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
  /** Only on the last page, if the API cut the list off there: the number of rows in all; there may be more. */
  readonly cutAt?: number | undefined;
}

/** Makes a page of a list with page numbers: the next one is its number, unless this one is not full. */
export function toNumberedPage<Item>(items: readonly Item[], page: number, size: number): ListPage<Item> {
  return { items, next: items.length < size ? undefined : String(page + 1) };
}

/** State of a list that shows one page at a time instead of growing. */
export interface Pages {
  /** Number of the page, from 1; undefined for a page opened by its link. */
  readonly number: number | undefined;
  readonly hasBefore: boolean;
  /** Returns to the previous page, or to the first one if that is unknown. */
  back(): void;
}

export interface List<Item> {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Appends the next page, or opens it in a list with `pages`. */
  more(): void;
  retry(): void;
  readonly pages?: Pages;
  /** Only where the API cut the list off: the number of rows in all; there may be more. */
  readonly cutAt?: number | undefined;
}

/**
 * Reads the list of `key`. `load` fetches one page from a cursor; for lists with page numbers, the cursor is the number
 * as text. When `key` changes, the old rows stay until the new ones arrive.
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
