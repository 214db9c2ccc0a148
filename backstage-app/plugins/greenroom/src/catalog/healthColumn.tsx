import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { TableColumn } from '@backstage/core-components';
import { CatalogTable, type CatalogTableRow } from '@backstage/plugin-catalog';
import type { EntityListContextProps } from '@backstage/plugin-catalog-react';
import type { HealthApi } from '../api/HealthApi';
import { VERDICTS } from '../api/types';
import { HealthCell } from './HealthCell';

/** Unwatched entities come after the healthy ones: nothing is wrong with them. */
const UNWATCHED = -1;

/** The columns of the catalog list: Backstage's own, and for components their health after the name. */
export function columnsWithHealth(health: HealthApi) {
  return (list: EntityListContextProps): TableColumn<CatalogTableRow>[] => {
    const columns = CatalogTable.defaultColumnsFunc(list);
    const kind = list.entities[0]?.kind ?? list.filters.kind?.value;
    if (kind?.toLowerCase() !== 'component') {
      return columns;
    }
    const afterName = columns.findIndex(each => !each.hidden) + 1;
    return [
      ...columns.slice(0, afterName),
      healthColumn(health),
      ...columns.slice(afterName),
    ];
  };
}

function healthColumn(health: HealthApi): TableColumn<CatalogTableRow> {
  const summaryOf = (entity: Entity) =>
    health.getState().health.get(stringifyEntityRef(entity));
  const rank = ({ entity }: CatalogTableRow) => {
    const status = summaryOf(entity)?.status;
    return status ? VERDICTS.indexOf(status) : UNWATCHED;
  };
  return {
    title: 'Health',
    width: 'auto',
    render: ({ entity }) => <HealthCell entity={entity} />,
    // The first click brings the worst to the top.
    customSort: (one, other) => rank(other) - rank(one),
    customFilterAndSearch: (query: string, { entity }) =>
      !!summaryOf(entity)?.status.toLowerCase().includes(query.toLowerCase()),
  };
}
