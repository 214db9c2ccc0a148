import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { TableColumn } from '@backstage/core-components';
import { CatalogTable, type CatalogTableRow } from '@backstage/plugin-catalog';
import type { EntityListContextProps } from '@backstage/plugin-catalog-react';
import type { HealthApi } from '../api/HealthApi';
import { HealthCell } from './HealthCell';
import { HealthTitle } from './HealthTitle';
import { worstFirst } from './orderingByHealth';

/** These say less than health does, and there is only so much room. Types and tags are among the filters too. */
const LEFT_AWAY = [
  'entity.spec.lifecycle',
  'entity.spec.type',
  'entity.metadata.tags',
];
/** Name, system and owner, which had better stay on one line where they are of the usual length. */
const KEPT_WIDE = [
  'resolved.entityRef',
  'resolved.partOfSystemRelationTitle',
  'resolved.ownedByRelationsTitle',
];

/** Of a list in pages the table knows one; the title orders them all. */
const ORDERING: TableColumn<CatalogTableRow> = {
  title: <HealthTitle />,
  sorting: false,
};

/** The columns of the catalog list: Backstage's own, and for components their health after the name. */
export function columnsWithHealth(health: HealthApi) {
  return (list: EntityListContextProps): TableColumn<CatalogTableRow>[] => {
    const columns = CatalogTable.defaultColumnsFunc(list);
    const kind = list.entities[0]?.kind ?? list.filters.kind?.value;
    if (kind?.toLowerCase() !== 'component') {
      return columns;
    }
    const shown = columns
      .filter(each => !LEFT_AWAY.includes(String(each.field)))
      .map(each =>
        KEPT_WIDE.includes(String(each.field))
          ? { ...each, cellStyle: { minWidth: '11em' } }
          : each,
      );
    const { order } = list.filters;
    const sorted = order ? shown.map(unsorted) : shown;
    const afterName = shown.findIndex(each => !each.hidden) + 1;
    return [
      ...sorted.slice(0, afterName),
      {
        ...healthColumn(health),
        ...(list.paginationMode === 'none' ? sortingAll(health) : ORDERING),
      },
      ...sorted.slice(afterName),
    ];
  };
}

/** Others sort no more than the page that is shown, which would take the list's order away and not replace it. */
function unsorted(
  column: TableColumn<CatalogTableRow>,
): TableColumn<CatalogTableRow> {
  return { ...column, sorting: false, customSort: () => 0 };
}

/** The table has the whole list and sorts it. */
function sortingAll(health: HealthApi): TableColumn<CatalogTableRow> {
  return {
    title: 'Health',
    customSort: (one, other) =>
      worstFirst(health)(
        stringifyEntityRef(one.entity),
        stringifyEntityRef(other.entity),
      ),
  };
}

function healthColumn(health: HealthApi): TableColumn<CatalogTableRow> {
  const summaryOf = (entity: Entity) =>
    health.getState().health.get(stringifyEntityRef(entity));
  return {
    width: 'auto',
    render: ({ entity }) => <HealthCell entity={entity} />,
    customFilterAndSearch: (query: string, { entity }) =>
      !!summaryOf(entity)?.status.toLowerCase().includes(query.toLowerCase()),
  };
}
