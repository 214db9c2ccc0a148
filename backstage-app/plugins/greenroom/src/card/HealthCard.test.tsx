import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { healthApiRef } from '../api/HealthApi';
import { detail, FakeHealth, summary } from '../testing/FakeHealth';
import { HealthCard } from './HealthCard';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'order-api', namespace: 'default' },
};

describe('HealthCard', () => {
  const open = async (health: FakeHealth) => {
    await renderInTestApp(
      <EntityProvider entity={entity}>
        <HealthCard />
      </EntityProvider>,
      { apis: [[healthApiRef, health]] },
    );
    await screen.findByText('Health');
    // The answer to the first question.
    await act(async () => {});
  };

  it('shows each environment: verdict, sentence, since when, version, pods', async () => {
    const health = new FakeHealth();
    health.detail = detail();
    await open(health);

    const row = (await screen.findByText('1.4.2')).closest('tr')!;
    expect(within(row).getByText('Degraded')).toBeInTheDocument();
    expect(
      within(row).getByText('2 of 3 pods crash: exit 1.'),
    ).toBeInTheDocument();
    expect(within(row).getByText('1 of 3')).toBeInTheDocument();
    expect(row.querySelector('time')).toHaveAttribute(
      'datetime',
      '2026-11-22T12:04:00Z',
    );
    expect(screen.getByText('simulated')).toBeInTheDocument();
  });

  it('leads from each environment to its own pages', async () => {
    const health = new FakeHealth();
    health.detail = detail({
      links: ['production', 'staging', null].map(environment => ({
        title: `Logs${environment ? ` (${environment})` : ''}`,
        url: `https://logs.example/${environment}`,
        environment,
      })),
    });
    await open(health);

    const row = (await screen.findByText('1.4.2')).closest('tr')!;
    const links = within(row).getAllByRole('link');
    expect(links.map(each => each.getAttribute('href'))).toEqual([
      'https://logs.example/production',
    ]);
    expect(links[0]).toHaveTextContent(/^Logs/);
    expect(links[0]).not.toHaveTextContent('production');
  });

  it('unfolds workloads, pods and containers', async () => {
    const health = new FakeHealth();
    health.detail = detail();
    await open(health);

    await userEvent.click(
      await screen.findByRole('button', { name: 'Workloads in production' }),
    );

    expect(
      screen.getByText('Deployment commerce/order-api'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('container app: waiting (CrashLoopBackOff), 4 restarts'),
    ).toBeInTheDocument();
  });

  it('asks again when the stream tells of a change', async () => {
    const health = new FakeHealth();
    health.detail = detail();
    await open(health);
    await screen.findByText('1.4.2');

    health.detail = detail({
      environments: [{ ...detail().environments[0], version: '1.4.3' }],
    });
    act(() => health.tell(summary('order-api')));

    expect(await screen.findByText('1.4.3')).toBeInTheDocument();
  });

  it('never shows as healthy what was heard too long ago', async () => {
    const health = new FakeHealth();
    health.detail = detail({
      environments: [{ ...detail().environments[0], status: 'Healthy' }],
    });
    await open(health);
    await screen.findByText('Healthy');

    act(() => health.become({ connection: 'reconnecting', stale: true }));

    expect(screen.getByText('Unknown')).toBeInTheDocument();
    expect(screen.queryByText('Healthy')).not.toBeInTheDocument();
  });

  it('says what to do next, and what is wrong with the document', async () => {
    const health = new FakeHealth();
    health.detail = detail({
      next: [
        { title: 'Runbook', url: 'https://runbooks.example/order-api' },
        { title: 'Heal it', command: 'greenroom local heal order-api' },
      ],
      document: {
        location: 'http://localhost:7114/commerce/order-api.git',
        readAt: '2026-11-22T12:00:00Z',
        stale: true,
        problems: [
          {
            file: 'service.yaml',
            line: 14,
            column: 13,
            message: '"postgress" is not a dependency.',
            remedy: 'Did you mean "postgresql"?',
          },
        ],
      },
    });
    await open(health);

    expect(
      await screen.findByRole('link', { name: /Runbook/ }),
    ).toHaveAttribute('href', 'https://runbooks.example/order-api');
    expect(
      screen.getByText('greenroom local heal order-api'),
    ).toBeInTheDocument();
    expect(screen.getByText('service.yaml:14:13')).toBeInTheDocument();
    expect(screen.getByText(/Did you mean "postgresql"\?/)).toBeInTheDocument();
    expect(screen.getByText(/as it last was/)).toBeInTheDocument();
  });

  it('says that nobody watches a component without workloads', async () => {
    await open(new FakeHealth());

    expect(
      await screen.findByText(/watches no workload of this component/),
    ).toBeInTheDocument();
  });

  it('says why health cannot be shown', async () => {
    const health = new FakeHealth();
    health.failure = new TypeError('fetch failed');
    await open(health);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Greenroom cannot be reached (fetch failed).',
    );
  });
});
