import { useEffect, useState } from 'react';
import { useEntityList } from '@backstage/plugin-catalog-react';
import { useHealthState } from '../api/hooks';
import { HEALTH_ORDER } from './orderingByHealth';

const IN_ADDRESS = HEALTH_ORDER.toQueryValue().join();

/** Orders the list by health where its address says so, and no longer where it has no column of it. */
export function useOrderByHealth() {
  const { filters, queryParameters, updateFilters } = useEntityList();
  const { connection } = useHealthState();
  const [isWanted, setIsWanted] = useState(
    () => [queryParameters.order].flat().join() === IN_ADDRESS,
  );
  const kind = filters.kind?.value.toLowerCase();
  useEffect(() => {
    if (kind !== 'component') {
      updateFilters(({ order }) => (order ? { order: undefined } : {}));
    }
  }, [kind, updateFilters]);
  useEffect(() => {
    // Before the first answer nothing is known that could be ordered by.
    if (isWanted && connection !== 'connecting') {
      setIsWanted(false);
      updateFilters({ order: HEALTH_ORDER });
    }
  }, [connection, isWanted, updateFilters]);
}
