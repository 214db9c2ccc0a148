import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Plan } from '../api/plan';
import { change, kept, plan } from '../testing/FakePlatform';
import { PlanView } from './PlanView';

describe('PlanView', () => {
  const open = (shown: Plan) => renderInTestApp(<PlanView plan={shown} />);
  const rows = async (environment: string) =>
    within(
      await screen.findByRole('table', { name: `Changes in ${environment}` }),
    )
      .getAllByRole('row')
      .slice(1);

  it('sums up, and has a row for each thing that changes: what, where, fields, impact', async () => {
    await open(
      plan([
        change({ verb: 'create', kind: 'NetworkPolicy', fields: [] }),
        change({ impact: 'Nothing is away.' }),
      ]),
    );

    expect(await screen.findByRole('status')).toHaveTextContent(
      '1 to create, 1 to change, 0 to replace, 0 to delete',
    );
    const [changed, created] = await rows('staging');
    expect(changed).toHaveTextContent('Change');
    expect(changed).toHaveTextContent('HorizontalPodAutoscaler');
    expect(changed).toHaveTextContent('Cluster staging-1');
    expect(changed).toHaveTextContent('spec.maxReplicas 10 → becomes 20');
    expect(changed).toHaveTextContent('Nothing is away.');
    expect(created).toHaveTextContent('Create');
    expect(created).toHaveTextContent('NetworkPolicy');
  });

  it('folds away the files that follow, and says what a month costs', async () => {
    await open(
      plan(
        [
          change(),
          change({
            where: 'repository',
            place: 'commerce/order-api',
            kind: 'File',
            name: 'deploy/staging/kubernetes/deployment.yaml',
          }),
        ],
        {},
        {
          staging: {
            before: 24,
            after: 62,
            currency: 'USD',
            date: '2026-11-01',
          },
        },
      ),
    );

    expect(await screen.findByRole('status')).toHaveTextContent(
      '0 to create, 1 to change, 0 to replace, 0 to delete, 1 file to write',
    );
    const summary = screen.getByText(
      '1 file to write in the repository commerce/order-api',
    );
    expect(summary.closest('details')).not.toHaveAttribute('open');
    expect(await rows('staging')).toHaveLength(1);
    expect(
      screen.getByText('About 62 USD a month, 38 more than now'),
    ).toBeInTheDocument();
  });

  it('says that nothing changes only where everything was compared', async () => {
    await open(plan([kept('Service'), kept('Deployment')]));

    expect(await screen.findByRole('status')).toHaveTextContent(
      'Nothing to change',
    );
    expect(screen.getByText('2 unchanged')).toBeInTheDocument();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('never calls unchanged what could not be compared', async () => {
    await open(
      plan([kept('Service')], {
        production: ['cluster production does not answer'],
      }),
    );

    expect(await screen.findByRole('status')).toHaveTextContent(
      'Nothing to change in what could be compared',
    );
    const missing = screen.getByRole('region', {
      name: 'Not compared in production',
    });
    expect(missing).toHaveTextContent(
      'Unknown: cluster production does not answer',
    );
    expect(
      within(screen.getByRole('region', { name: 'production' })).queryByText(
        'Nothing to change',
      ),
    ).not.toBeInTheDocument();
  });

  it('says first what cannot be done and why, and marks it in its row', async () => {
    await open(
      plan([
        change(),
        change({
          kind: 'Deployment',
          blocked: 'The selector cannot change. Delete the Deployment first.',
        }),
      ]),
    );

    const blocked = await screen.findByRole('region', {
      name: 'Cannot be done',
    });
    expect(blocked).toHaveTextContent('1 change cannot be done');
    expect(blocked).toHaveTextContent(
      'staging: Deployment order-api: The selector cannot change. Delete the Deployment first.',
    );
    const [first] = await rows('staging');
    expect(first).toHaveTextContent('cannot be done');
  });

  it('names whose data would be lost, and what must be typed', async () => {
    await open(
      plan([
        change({
          where: 'aws',
          place: 'staging-order-api',
          kind: 'AWS::RDS::DBInstance',
          name: 'Database',
          verb: 'replace',
          holdsData: true,
          needsConfirmation: true,
        }),
      ]),
    );

    const lost = await screen.findByRole('region', {
      name: 'Data would be lost',
    });
    expect(lost).toHaveTextContent('AWS::RDS::DBInstance Database');
    expect(lost).toHaveTextContent('is replaced by an empty one');
    expect(within(lost).getByText('order-api')).toBeInTheDocument();
  });

  it('shows the first fields, and the rest on demand', async () => {
    const fields = [1, 2, 3, 4, 5, 6].map(each => ({
      path: `spec.field${each}`,
      before: null,
      after: each,
    }));
    await open(plan([change({ fields })]));
    const [row] = await rows('staging');
    expect(row).toHaveTextContent('spec.field1 not set → becomes 1');
    expect(row).not.toHaveTextContent('spec.field4');

    const more = within(row).getByRole('button', {
      name: 'Show all 6 fields of HorizontalPodAutoscaler order-api',
    });
    await userEvent.click(more);

    expect(row).toHaveTextContent('spec.field6 not set → becomes 6');
    expect(more).toHaveAttribute('aria-expanded', 'true');
  });

  it('folds long values, and says which fields go', async () => {
    await open(
      plan([
        change({
          fields: [
            { path: 'data', before: 'line\n'.repeat(40), after: null },
            { path: 'spec.hosts', before: '', after: ['a.example'] },
          ],
        }),
      ]),
    );

    const [row] = await rows('staging');
    expect(row.querySelector('details')).not.toHaveAttribute('open');
    expect(row).toHaveTextContent('removed');
    expect(row).toHaveTextContent('spec.hosts "" → becomes ["a.example"]');
  });
});
