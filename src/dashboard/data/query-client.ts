import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../serve/api/client.ts';

/** All answers that are rows and objects; series have a store of their own. What is stale is said by notices, not by age. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error, query) {
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session')
        queryClient.setQueryData(['session'], { state: 'unknown', error: null });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status < 500),
      retryDelay: (failures) => Math.min(5_000, 300 * 2 ** failures),
    },
  },
});
