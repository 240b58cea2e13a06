/** How answers are kept and asked for again: one cache for all pages, no retry of what was refused. */
import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure';

const MOST_RETRIES = 2;

/** Worth another try: no answer, or one that says so. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiFailure && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < MOST_RETRIES && isPassing(error),
    },
    mutations: { retry: false },
  },
});
