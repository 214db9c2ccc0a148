import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { TableColumn } from '@backstage/core-components';
import { CatalogTable, type CatalogTableRow } from '@backstage/plugin-catalog';
import type { EntityListContextProps } from '@backstage/plugin-catalog-react';
import type { HealthApi } from '../api/HealthApi';
import { VERDICTS } from '../api/types';
import { HealthCell } from './HealthCell';

/** Unwatched entities come after the healthy ones: nothing is wrong with them. */
const UNWATCHED = -1;

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
    const afterName = shown.findIndex(each => !each.hidden) + 1;
    return [
      ...shown.slice(0, afterName),
      healthColumn(health),
      ...shown.slice(afterName),
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
