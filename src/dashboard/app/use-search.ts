import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { PageSearch } from './page-search.ts';

/** What the address says about this view. */
export function usePageSearch(): PageSearch {
  return useSearch({ strict: false });
}

/**
 * Changes parts of the view in the address; `undefined` or the empty string takes a part away. With `step` the browser's
 * back button undoes it; without, the present entry of its history is rewritten.
 */
export function useSetSearch(): (change: PageSearch, step?: 'step') => void {
  const navigate = useNavigate();
  return useCallback(
    (change, step) => {
      void navigate({
        to: '.',
        search: (before: PageSearch) => ({ ...before, ...change }),
        replace: step === undefined,
      });
    },
    [navigate],
  );
}
