import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { healthApiRef } from '../api/HealthApi';
import { environment, FakeHealth, summary } from '../testing/FakeHealth';
import { HealthList } from './HealthList';

describe('HealthList', () => {
  const open = async (owners?: ReadonlySet<string>, query = '') => {
    const health = new FakeHealth();
    await renderInTestApp(
      <HealthList owners={owners} empty="Nothing here." />,
      {
        apis: [[healthApiRef, health]],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
        initialRouteEntries: [`/${query}`],
      },
    );
    act(() =>
      health.tell(summary('well'), {
        ...summary('broken', 'Degraded', '2 of 3 pods crash.'),
        owner: 'group:default/web',
        environments: [
          environment('staging'),
          environment('production', 'Degraded'),
        ],
      }),
    );
    return health;
  };
  const names = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map(row => within(row).getAllByRole('link')[0].textContent);

  it('has the worst first, and moves with the stream', async () => {
    const health = await open();
    expect(names()).toEqual(['broken', 'well']);
    expect(screen.getByText('2 of 3 pods crash.')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'web' })).toBeInTheDocument();

    act(() => health.tell(summary('broken')));
    expect(screen.getByText('2 Healthy')).toBeInTheDocument();
  });

  it('is narrowed by verdict and by text', async () => {
    await open();
    await userEvent.click(screen.getByText('1 Degraded'));
    expect(names()).toEqual(['broken']);
    await userEvent.click(screen.getByText('1 Degraded'));
    await userEvent.type(screen.getByLabelText('Name or reason'), 'well');
    expect(names()).toEqual(['well']);
    await userEvent.type(screen.getByLabelText('Name or reason'), 'x');
    expect(screen.getByText('No service is like that.')).toBeInTheDocument();
  });

  it('shows what some own alone', async () => {
    await open(new Set(['group:default/commerce']));
    expect(names()).toEqual(['well']);
  });

  it('opens as its address says', async () => {
    await open(undefined, '?owner=web&environment=staging');
    expect(names()).toEqual(['broken']);
    // As it is there, and not as it is as a whole.
    expect(screen.getByText('1 Healthy')).toBeInTheDocument();
  });

  it('is narrowed by team', async () => {
    await open();
    await userEvent.click(screen.getByRole('button', { name: /Team/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'commerce' }),
    );
    expect(names()).toEqual(['well']);
  });

  it('never shows as healthy what was heard too long ago', async () => {
    const health = await open();
    act(() => health.become({ connection: 'reconnecting', stale: true }));
    expect(screen.getByText('2 Unknown')).toBeInTheDocument();
    expect(screen.getByText('Health: reconnecting')).toBeInTheDocument();
  });

  it('says when there is nothing', async () => {
    await open(new Set());
    expect(screen.getByText('Nothing here.')).toBeInTheDocument();
  });
});
