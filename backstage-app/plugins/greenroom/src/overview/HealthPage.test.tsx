import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { healthApiRef } from '../api/HealthApi';
import {
  cluster,
  environment,
  FakeHealth,
  summary,
} from '../testing/FakeHealth';
import { HealthPage } from './HealthPage';

describe('HealthPage', () => {
  const open = async (prepare: (health: FakeHealth) => void) => {
    const health = new FakeHealth();
    prepare(health);
    await renderInTestApp(<HealthPage />, {
      apis: [[healthApiRef, health]],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    });
    return health;
  };
  const lines = async () => {
    const table = await screen.findByRole('table', { name: 'Clusters' });
    return within(table).getAllByRole('row').slice(1);
  };

  it('has a line for each cluster, the unknown ones first', async () => {
    await open(health => {
      health.clusters = [
        cluster('eu'),
        cluster('us', { state: 'unreachable', message: 'It is silent.' }),
      ];
    });
    const [us, eu] = await lines();
    expect(us).toHaveTextContent('Unreachableus');
    expect(us).toHaveTextContent('It is silent.');
    expect(eu).toHaveTextContent('Connectedeu');
  });

  it('names all environments of a cluster', async () => {
    await open(health => {
      health.clusters = [
        cluster('eu', { environments: ['production', 'staging'] }),
      ];
    });
    expect((await lines())[0]).toHaveTextContent('production, staging');
  });

  it('asks again when services of a cluster become unknown', async () => {
    const health = await open(given => {
      given.clusters = [cluster('eu')];
    });
    expect((await lines())[0]).toHaveTextContent('Connected');
    health.clusters = [cluster('eu', { state: 'unreachable' })];
    act(() =>
      health.tell({
        ...summary('order-api', 'Unknown'),
        environments: [environment('production', 'Unknown', 'eu')],
      }),
    );
    expect(await screen.findByText('Unreachable')).toBeInTheDocument();
  });

  it('leaves room for services where there are many clusters', async () => {
    await open(health => {
      health.clusters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name =>
        cluster(name),
      );
    });
    expect(await lines()).toHaveLength(5);
    await userEvent.click(screen.getByText('Show all 7 clusters'));
    expect(await lines()).toHaveLength(7);
  });

  it('shows services also where clusters cannot be asked for', async () => {
    const health = await open(given => {
      given.failure = new Error('Greenroom is away.');
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('away');
    act(() => health.tell(summary('order-api')));
    expect(screen.getByText('1 Healthy')).toBeInTheDocument();
  });
});
