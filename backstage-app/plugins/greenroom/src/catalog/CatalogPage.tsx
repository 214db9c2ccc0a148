import { useMemo, type PropsWithChildren, type ReactNode } from 'react';
import { ApiProvider } from '@backstage/core-app-api';
import { SupportButton } from '@backstage/core-components';
import {
  configApiRef,
  useApi,
  useRouteRef,
  type ApiRef,
} from '@backstage/frontend-plugin-api';
import { CatalogTable } from '@backstage/plugin-catalog';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import {
  catalogApiRef,
  CatalogFilterLayout,
  EntityListProvider,
  type EntityListPagination,
} from '@backstage/plugin-catalog-react';
import { ButtonLink, Container, Header } from '@backstage/ui';
import { healthApiRef } from '../api/HealthApi';
import { ConnectionLine } from './ConnectionLine';
import { columnsWithHealth } from './healthColumn';
import { orderingByHealth } from './orderingByHealth';
import { useNewcomers } from './useNewcomers';
import { useOrderByHealth } from './useOrderByHealth';

/** What is inside finds a catalog that can order by health. */
const OrderedCatalog = ({ children }: PropsWithChildren<{}>) => {
  const catalog = useApi(catalogApiRef);
  const health = useApi(healthApiRef);
  const apis = useMemo(() => {
    const ordered = orderingByHealth(catalog, health);
    return {
      get: <T,>(ref: ApiRef<T>) =>
        ref.id === catalogApiRef.id ? (ordered as T) : undefined,
    };
  }, [catalog, health]);
  return <ApiProvider apis={apis}>{children}</ApiProvider>;
};

/** A title that can be dragged is a button round the button that orders by health, and takes its keys. */
const OPTIONS = { draggable: false };

const List = () => {
  const health = useApi(healthApiRef);
  const columns = useMemo(() => columnsWithHealth(health), [health]);
  useOrderByHealth();
  useNewcomers();
  return (
    <>
      <ConnectionLine />
      <CatalogTable columns={columns} tableOptions={OPTIONS} />
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
    <OrderedCatalog>
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
    </OrderedCatalog>
  );
};
