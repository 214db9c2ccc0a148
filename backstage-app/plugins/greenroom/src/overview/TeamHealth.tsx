import { useCallback, useMemo } from 'react';
import {
  RELATION_OWNED_BY,
  RELATION_PARENT_OF,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef, useEntity } from '@backstage/plugin-catalog-react';
import { explain } from '@greenroom/client';
import Typography from '@material-ui/core/Typography';
import { useAnswer } from '../api/useAnswer';
import { HealthList } from './HealthList';

/** The group itself and the teams right below it. */
function teamsOf(entity: Entity): string[] {
  const below = (entity.relations ?? [])
    .filter(each => each.type === RELATION_PARENT_OF)
    .map(each => each.targetRef);
  return [stringifyEntityRef(entity), ...below];
}

/** All that a team owns, the worst first. */
export const TeamHealth = () => {
  const catalog = useApi(catalogApiRef);
  const { entity } = useEntity();
  const ask = useCallback(
    () =>
      catalog.getEntities({
        filter: {
          kind: 'component',
          [`relations.${RELATION_OWNED_BY}`]: teamsOf(entity),
        },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      }),
    [catalog, entity],
  );
  const owned = useAnswer(ask);
  const refs = useMemo(
    () => new Set(owned.value?.items.map(each => stringifyEntityRef(each))),
    [owned.value],
  );
  if (owned.error !== undefined) {
    return (
      <Typography role="alert" color="error">
        {explain(owned.error)}
      </Typography>
    );
  }
  return (
    <HealthList
      refs={refs}
      empty="This team owns no service that has health to show."
    />
  );
};
