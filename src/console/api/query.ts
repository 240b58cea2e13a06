/**
 * The cache of the API's answers, shared by all pages. Decides which failed requests are repeated: never a refused one.
 */
import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure';

const MOST_RETRIES = 2;

/** True for a failure that may pass by itself: no answer, or a server error. */
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
