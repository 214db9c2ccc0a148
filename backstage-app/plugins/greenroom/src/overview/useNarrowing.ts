import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { narrowedQuery, narrowingOf, type Narrowing } from './narrowing';

/** The narrowing that the address of the page holds, so that a link shows what its sender saw; and how to change it. */
export function useNarrowing(): [
  Narrowing,
  (change: Partial<Narrowing>) => void,
] {
  const [query, setQuery] = useSearchParams();
  const narrowing = useMemo(() => narrowingOf(query), [query]);
  const change = useCallback(
    (part: Partial<Narrowing>) =>
      setQuery(
        before => narrowedQuery(before, { ...narrowingOf(before), ...part }),
        // The way back leads to another page, and not through every letter that was typed.
        { replace: true },
      ),
    [setQuery],
  );
  return [narrowing, change];
}
