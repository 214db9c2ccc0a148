import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { healthApiRef } from '../api/HealthApi';
import { detail, FakeHealth, summary } from '../testing/FakeHealth';
import { RuntimeTab } from './RuntimeTab';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'order-api', namespace: 'default' },
};

describe('RuntimeTab', () => {
  const open = async () => {
    const health = new FakeHealth();
    const [production] = detail().environments;
    health.detail = detail({
      environments: [
        {
          ...production,
          events: [
            {
              at: '2026-01-07T00:00:00Z',
              reason: 'BackOff',
              message: 'Back-off restarting failed container app',
              count: 3,
              kind: 'Pod',
              namespace: 'commerce',
              name: 'order-api-7d4',
            },
          ],
          concerns: ['PodDisruptionBudget order-api: Blocks every drain'],
          resources: [
            {
              ...summary('scaler', 'Degraded', 'It cannot read its metrics'),
              kind: 'HorizontalPodAutoscaler',
              apiVersion: 'autoscaling/v2',
              namespace: 'commerce',
              name: 'order-api',
            },
          ],
        },
      ],
    });
    health.timeline = {
      from: '2026-01-01T00:00:00Z',
      until: '2026-01-08T00:00:00Z',
      environments: [
        {
          name: 'production',
          cluster: 'production-1',
          healthy: 0.75,
          spent: { Healthy: 300, Degraded: 100 },
          transitions: [
            {
              at: '2026-01-02T00:00:00Z',
              status: 'Degraded',
              reason: null,
              message: 'It broke.',
            },
          ],
        },
      ],
    };
    await renderInTestApp(
      <EntityProvider entity={entity}>
        <RuntimeTab />
      </EntityProvider>,
      { apis: [[healthApiRef, health]] },
    );
    await screen.findByText('It broke.');
    return health;
  };

  it('shows environments, what stands beside them, and how it was', async () => {
    await open();
    expect(
      within(screen.getByLabelText('Health by environment')).getByText('1.4.2'),
    ).toBeInTheDocument();
    expect(screen.getByText('It cannot read its metrics')).toBeInTheDocument();
    expect(screen.getByText(/Blocks every drain/)).toBeInTheDocument();
    expect(screen.getByText('75% healthy')).toBeInTheDocument();
    expect(screen.getByText(/, 3 times/)).toBeInTheDocument();
    expect(
      screen.getByText('production, Pod commerce/order-api-7d4'),
    ).toBeInTheDocument();
  });

  it('keeps what is unfolded while news come in', async () => {
    const health = await open();
    await userEvent.click(
      screen.getByRole('button', { name: 'Workloads in production' }),
    );
    await act(async () => health.tell(summary('order-api', 'Progressing')));
    expect(
      screen.getByText('Deployment commerce/order-api'),
    ).toBeInTheDocument();
  });

  it('says when nothing is known', async () => {
    const health = new FakeHealth();
    await renderInTestApp(
      <EntityProvider entity={entity}>
        <RuntimeTab />
      </EntityProvider>,
      { apis: [[healthApiRef, health]] },
    );
    expect(
      await screen.findByText('Nothing is known of this time.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/watches no workload/)).toBeInTheDocument();
  });
});
