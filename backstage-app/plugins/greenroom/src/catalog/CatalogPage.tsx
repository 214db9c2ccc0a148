import { useMemo, type ReactNode } from 'react';
import { SupportButton } from '@backstage/core-components';
import {
  configApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import { CatalogTable } from '@backstage/plugin-catalog';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import {
  CatalogFilterLayout,
  EntityListProvider,
  type EntityListPagination,
} from '@backstage/plugin-catalog-react';
import { ButtonLink, Container, Header } from '@backstage/ui';
import { healthApiRef } from '../api/HealthApi';
import { ConnectionLine } from './ConnectionLine';
import { columnsWithHealth } from './healthColumn';
import { useNewcomers } from './useNewcomers';

const List = () => {
  const health = useApi(healthApiRef);
  const columns = useMemo(() => columnsWithHealth(health), [health]);
  useNewcomers();
  return (
    <>
      <ConnectionLine />
      <CatalogTable columns={columns} />
    </>
  );
};

/** Backstage's catalog list, with live health: it takes no column by extension, so it is put together here. */
export const CatalogPage = (props: {
  filters: ReactNode;
  pagination: EntityListPagination;
}) => {
  const organization =
    useApi(configApiRef).getOptionalString('organization.name') ?? 'Backstage';
  const createPath = useRouteRef(
    catalogPlugin.externalRoutes.createComponent,
  )?.();
  return (
    <EntityListProvider pagination={props.pagination}>
      <Header
        title={`${organization} catalog`}
        customActions={
          <>
            {createPath && (
              <ButtonLink variant="primary" href={createPath}>
                Create
              </ButtonLink>
            )}
            <SupportButton>All your software catalog entities</SupportButton>
          </>
        }
      />
      <Container>
        <CatalogFilterLayout>
          <CatalogFilterLayout.Filters>
            {props.filters}
          </CatalogFilterLayout.Filters>
          <CatalogFilterLayout.Content>
            <List />
          </CatalogFilterLayout.Content>
        </CatalogFilterLayout>
      </Container>
    </EntityListProvider>
  );
};
