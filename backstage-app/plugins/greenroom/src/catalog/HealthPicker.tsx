import { useEffect, useMemo, useState } from 'react';
import {
  CatalogAutocomplete,
  useEntityList,
  type DefaultEntityFilters,
} from '@backstage/plugin-catalog-react';
import Box from '@material-ui/core/Box';
import { useHealthState } from '../api/hooks';
import { VERDICTS, type Verdict } from '../api/types';
import { VerdictLabel } from '../health/VerdictLabel';
import { HealthFilter } from './HealthFilter';

type Filters = DefaultEntityFilters & { health?: HealthFilter };

const WORST_FIRST: Verdict[] = [...VERDICTS].reverse();

/** Filters the catalog list by health, and keeps up while health changes. */
export const HealthPicker = () => {
  const { filters, queryParameters, updateFilters } = useEntityList<Filters>();
  const { connection, health } = useHealthState();
  const [chosen, setChosen] = useState(() =>
    verdictsOf(queryParameters.health),
  );
  const filter = useMemo(
    () => (chosen.length > 0 ? HealthFilter.of(chosen, health) : undefined),
    [chosen, health],
  );
  const applied = filters.health;
  useEffect(() => {
    // Before the first answer nobody is known to match, which is not the same as that nobody does.
    if (connection === 'connecting' || same(filter, applied)) {
      return;
    }
    updateFilters({ health: filter });
  }, [applied, connection, filter, updateFilters]);
  const kind = filters.kind?.value?.toLowerCase();
  if (kind !== undefined && kind !== 'component') {
    return null;
  }
  return (
    <Box pb={1} pt={1}>
      <CatalogAutocomplete<Verdict, true>
        multiple
        disableCloseOnSelect
        name="health-picker"
        label="Health"
        options={WORST_FIRST}
        value={chosen}
        onChange={(_, value) => setChosen(value)}
        renderOption={verdict => <VerdictLabel shown={verdict} />}
      />
    </Box>
  );
};

function verdictsOf(parameter: string | string[] | undefined): Verdict[] {
  const wanted = [parameter ?? []].flat();
  return WORST_FIRST.filter(verdict => wanted.includes(verdict));
}

function same(
  one: HealthFilter | undefined,
  other: HealthFilter | undefined,
): boolean {
  const key = (filter: HealthFilter | undefined) =>
    filter && [...filter.verdicts, ...filter.entityRefs].join();
  return key(one) === key(other);
}
