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
  const isOther = kind !== undefined && kind !== 'component';
  useEffect(() => {
    if (isOther) {
      setIsWanted(false);
      updateFilters(({ order }) => (order ? { order: undefined } : {}));
    } else if (isWanted && connection !== 'connecting') {
      // Before the first answer nothing was known that could be ordered by.
      setIsWanted(false);
      updateFilters({ order: HEALTH_ORDER });
    }
  }, [connection, isOther, isWanted, updateFilters]);
}
