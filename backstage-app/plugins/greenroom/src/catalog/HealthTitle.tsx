import { useEntityList } from '@backstage/plugin-catalog-react';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import { useHealthState } from '../api/hooks';
import { HEALTH_ORDER } from './orderingByHealth';

/** The title of the column, which brings the worst of the whole list to its top, and the list back to its own order. */
export const HealthTitle = () => {
  const { filters, updateFilters } = useEntityList();
  const { connection } = useHealthState();
  const isOrdered = !!filters.order;
  return (
    <TableSortLabel
      active={isOrdered}
      direction="desc"
      // Before the first answer nothing is known that could be ordered by.
      disabled={connection === 'connecting'}
      aria-pressed={isOrdered}
      title={
        isOrdered ? 'Back to the order of names' : 'The worst of all first'
      }
      onClick={() =>
        updateFilters({ order: isOrdered ? undefined : HEALTH_ORDER })
      }
    >
      Health
    </TableSortLabel>
  );
};
