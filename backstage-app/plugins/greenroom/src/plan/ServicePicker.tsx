import { useCallback } from 'react';
import {
  CATALOG_FILTER_EXISTS,
  catalogApiRef,
} from '@backstage/plugin-catalog-react';
import { useApi } from '@backstage/frontend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { Select } from '@backstage/ui';
import { explain } from '@greenroom/client';
import Typography from '@material-ui/core/Typography';
import { useAnswer } from '../api/useAnswer';
import { ENVIRONMENTS } from './repository';

/** The services of the catalog that have a service document; undefined until they are known. */
export function useServices(): {
  services: Entity[] | undefined;
  error: unknown;
} {
  const catalog = useApi(catalogApiRef);
  const ask = useCallback(async () => {
    const { items } = await catalog.getEntities({
      filter: {
        kind: 'Component',
        [`metadata.annotations.${ENVIRONMENTS}`]: CATALOG_FILTER_EXISTS,
      },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.title',
        'metadata.annotations',
        'spec.owner',
      ],
      order: { field: 'metadata.name', order: 'asc' },
    });
    return items;
  }, [catalog]);
  const { value, error } = useAnswer(ask);
  return { services: value, error };
}

/** Picks one of the services of the catalog. */
export const ServicePicker = (props: {
  services: Entity[] | undefined;
  error: unknown;
  value: string | undefined;
  onChange: (entityRef: string) => void;
}) => {
  const { services, error, value, onChange } = props;
  if (error) {
    return (
      <Typography role="alert" color="error">
        The catalog cannot be read: {explain(error)}
      </Typography>
    );
  }
  return (
    <Select
      label="Service"
      placeholder={services ? 'Choose a service' : 'Asking the catalog…'}
      isDisabled={!services}
      search={{ placeholder: 'Find a service' }}
      options={(services ?? []).map(entity => ({
        value: stringifyEntityRef(entity),
        label: entity.metadata.title ?? entity.metadata.name,
      }))}
      value={value ?? null}
      onChange={key => key !== null && onChange(String(key))}
    />
  );
};
