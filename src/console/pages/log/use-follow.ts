/**
 * Follows the log: reads new lines every three seconds, while switched on and while the browser's tab is visible. Keeps
 * the newest 300.
 */
import { useQuery } from '@tanstack/react-query';
import { queryClient } from '../../api/query';
import type { LogLine } from '../../lines/answers';
import { readAfter } from '../../lines/read-lines';
import type { LogSearch } from '../../lines/search';

const EVERY_MS = 3_000;
const MOST = 300;

export interface Followed {
  /** The new lines, newest first. */
  readonly lines: readonly LogLine[];
  readonly error: unknown;
}

/** Reads the lines that are newer than the line `newest`, every three seconds, while `on` is true. */
export function useFollow(search: LogSearch, newest: string | undefined, on: boolean): Followed {
  const queryKey = ['log', 'follow', search, newest];
  const { data, error } = useQuery({
    queryKey,
    queryFn: async () => {
      const seen = queryClient.getQueryData<readonly LogLine[]>(queryKey) ?? [];
      const fresh = await readAfter(search, seen[0]?.log_id ?? newest);
      return [...fresh.toReversed(), ...seen].slice(0, MOST);
    },
    enabled: on,
    staleTime: 0,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
  });
  return { lines: on ? (data ?? []) : [], error: on ? error : null };
}
