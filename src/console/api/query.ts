/** The cache of answers, shared by all pages, and its retries: a refused request is not repeated. */
import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure';

const MOST_RETRIES = 2;

/** True for a failure that may pass: no answer, or a server error. */
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
