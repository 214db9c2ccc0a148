import { useMemo } from 'react';
import {
  RELATION_PARENT_OF,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
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
  const { entity } = useEntity();
  const owners = useMemo(() => new Set(teamsOf(entity)), [entity]);
  return (
    <HealthList
      owners={owners}
      empty="This team owns no service that has health to show."
    />
  );
};
