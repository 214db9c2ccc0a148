import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityKindPicker,
  entityRouteRef,
  MockStarredEntitiesApi,
  starredEntitiesApiRef,
  type EntityListPagination,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { healthApiRef } from '../api/HealthApi';
import { FakeHealth, summary } from '../testing/FakeHealth';
import { CatalogPage } from './CatalogPage';
import { HealthPicker } from './HealthPicker';

const entities = ['checkout-web', 'order-api', 'payment-api'].map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default' },
  spec: { type: 'service', owner: 'commerce', lifecycle: 'production' },
}));

describe('CatalogPage', () => {
  const rowOf = async (name: string) =>
    (await screen.findByText(name)).closest('tr')!;
  const names = () =>
    screen
      .getAllByText(/^(checkout-web|order-api|payment-api)$/)
      .map(each => each.textContent);

  const titleOf = (column: string) =>
    screen
      .queryAllByRole('button', { name: column })
      .find(each => each.closest('th'))!;

  const shows = (name: string, word: string) =>
    waitFor(async () =>
      expect(within(await rowOf(name)).getByText(word)).toBeInTheDocument(),
    );

  const open = async (
    pagination: EntityListPagination = true,
    address = '/',
    health = new FakeHealth(),
  ) => {
    await renderInTestApp(
      <CatalogPage
        pagination={pagination}
        filters={
          <>
            <EntityKindPicker initialFilter="component" />
            <HealthPicker />
          </>
        }
      />,
      {
        apis: [
          [catalogApiRef, catalogApiMock({ entities })],
          [healthApiRef, health],
          [starredEntitiesApiRef, new MockStarredEntitiesApi()],
        ],
        initialRouteEntries: [address],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    );
    return health;
  };

  it('shows the health of each component, as it changes', async () => {
    const health = await open();
    await shows('order-api', 'Loading');

    act(() => health.tell(summary('order-api')));
    await shows('order-api', 'Healthy');
    act(() => health.tell(summary('order-api', 'Degraded', '2 pods crash.')));
    await shows('order-api', 'Degraded');
    expect(screen.getByTitle('2 pods crash.')).toBeInTheDocument();
    await shows('payment-api', 'Not watched');

    act(() => health.become({ connection: 'reconnecting', stale: true }));
    await shows('order-api', 'Unknown');
  });

  it('sorts the worst of all pages to the top, and back', async () => {
    const health = await open({ mode: 'cursor', limit: 2 });
    await rowOf('order-api');
    expect(screen.queryByText('payment-api')).not.toBeInTheDocument();
    act(() =>
      health.tell(
        summary('checkout-web'),
        summary('order-api', 'Progressing'),
        summary('payment-api', 'Degraded'),
      ),
    );

    await shows('order-api', 'Progressing');
    const title = titleOf('Health');
    await userEvent.click(title);
    await waitFor(() => expect(names()).toEqual(['payment-api', 'order-api']));
    expect(title).toHaveAttribute('aria-pressed', 'true');
    // Not by name, which would be that of this page alone.
    expect(titleOf('Name')).toBeUndefined();

    await userEvent.click(screen.getByRole('button', { name: /next page/i }));
    await waitFor(() => expect(names()).toEqual(['checkout-web']));

    await userEvent.click(title);
    await waitFor(() => expect(names()).toEqual(['checkout-web', 'order-api']));
  });

  it.each([false, true])(
    'opens in the order of its address, where health is known: %s',
    async isKnown => {
      const health = new FakeHealth();
      const told = () =>
        act(() =>
          health.tell(
            summary('checkout-web'),
            summary('order-api', 'Progressing'),
            summary('payment-api', 'Degraded'),
          ),
        );
      if (isKnown) {
        told();
      }
      // As it stands in the address on the second page.
      const order = 'filters[order]=greenroom/health&filters[order]=desc';
      await open(
        { mode: 'cursor', limit: 2 },
        `/?${order}&cursor=greenroom/health|1|2`,
        health,
      );
      told();
      await waitFor(() =>
        expect(names()).toEqual(['payment-api', 'order-api']),
      );
    },
  );

  it('leaves out the order where the address has another kind', async () => {
    const order = 'filters[order]=greenroom/health&filters[order]=desc';
    const health = await open(true, `/?filters[kind]=api&${order}`);
    act(() => health.tell(summary('order-api')));
    await waitFor(() => expect(window.location.search).toMatch(/kind.*=api/));
    await screen.findByText('No records to display');
    expect(window.location.search).not.toContain('health');
  });

  it('sorts a list that is in one piece', async () => {
    const health = await open(false);
    await rowOf('order-api');
    act(() =>
      health.tell(summary('checkout-web'), summary('payment-api', 'Degraded')),
    );
    await shows('payment-api', 'Degraded');
    await userEvent.click(titleOf('Health'));
    expect(names()).toEqual(['payment-api', 'checkout-web', 'order-api']);
  });

  it('filters by health, and keeps up with it', async () => {
    const health = await open();
    await rowOf('order-api');
    act(() =>
      health.tell(
        summary('checkout-web'),
        summary('order-api', 'Degraded'),
        summary('payment-api'),
      ),
    );

    await userEvent.click(screen.getByTestId('health-picker-expand'));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Degraded' }),
    );
    await waitFor(() => expect(names()).toEqual(['order-api']));
    act(() => health.tell(summary('payment-api', 'Degraded')));

    await waitFor(() => expect(names()).toEqual(['order-api', 'payment-api']));
  });
});
