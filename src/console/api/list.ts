/** Lists by cursor (Auth0's checkpoint paging): a page asks for what it shows and for nothing more. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

/** A page of a list, and where the next one begins; undefined for the last. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
  /** On the last page that the API gives although there is more: the number of rows at which it ends. */
  readonly cutAt?: number | undefined;
}

/** Of a list that is shown a page at a time, instead of growing. */
export interface Pages {
  /** Counted from 1; undefined for a page that was opened by its link. */
  readonly number: number | undefined;
  readonly hasBefore: boolean;
  /** To the page before; to the first one where that is not known. */
  back(): void;
}

export interface List<Item> {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Adds the next page, or goes to it where the list has `pages`. */
  more(): void;
  retry(): void;
  readonly pages?: Pages;
  /** The list ends here at this many rows, and there may be more. */
  readonly cutAt?: number | undefined;
}

/**
 * The list behind `key`. `load` fetches one page from a cursor; with page numbers (lists that have no cursor), the cursor is the number as text.
 * Another key shows the rows of before until the new ones are there.
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
