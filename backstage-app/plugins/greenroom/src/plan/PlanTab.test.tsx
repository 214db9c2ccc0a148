import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { ProblemError } from '@greenroom/client';
import { platformApiRef } from '../api/PlatformApi';
import { change, FakePlatform, kept, plan } from '../testing/FakePlatform';
import { PlanTab } from './PlanTab';

describe('PlanTab', () => {
  const open = async (
    platform: FakePlatform,
    source = 'url:http://localhost:7114/commerce/order-api/',
  ) => {
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'order-api',
        annotations: { 'backstage.io/source-location': source },
      },
    };
    await renderInTestApp(
      <EntityProvider entity={entity}>
        <PlanTab />
      </EntityProvider>,
      { apis: [[platformApiRef, platform]] },
    );
  };

  it('shows what has drifted from the document in the repository, and when that was seen', async () => {
    const platform = new FakePlatform();
    await open(platform);

    expect(
      await screen.findByText(/0 to create, 1 to change/),
    ).toBeInTheDocument();
    expect(platform.asked).toEqual([{ repository: 'commerce/order-api' }]);
    expect(screen.getByText('just now')).toBeInTheDocument();
  });

  it('says that all is in step, and looks again when asked to', async () => {
    const platform = new FakePlatform();
    platform.planned = async () => plan([kept('Service')]);
    await open(platform);
    expect((await screen.findAllByText('Nothing to change'))[0]).toBeVisible();

    platform.planned = async () => plan([change()]);
    await userEvent.click(screen.getByRole('button', { name: /Check again/ }));

    expect(
      await screen.findByText(/0 to create, 1 to change/),
    ).toBeInTheDocument();
  });

  it('keeps the last plan beside the reason why there is no newer one', async () => {
    const platform = new FakePlatform();
    await open(platform);
    await screen.findByText(/1 to change/);

    platform.planned = async () => {
      throw new TypeError('fetch failed');
    };
    await userEvent.click(screen.getByRole('button', { name: /Check again/ }));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Greenroom cannot be reached (fetch failed).',
    );
    expect(screen.getByText(/1 to change/)).toBeInTheDocument();
  });

  it('lists what is wrong with the document', async () => {
    const platform = new FakePlatform();
    platform.planned = async () => {
      throw new ProblemError('It is wrong.', 400, 'InputError', undefined, [
        {
          file: 'service.yaml',
          line: 14,
          column: 13,
          message: '"postgress" is not a dependency.',
          remedy: 'Did you mean "postgresql"?',
        },
      ]);
    };
    await open(platform);

    expect(await screen.findByText('service.yaml:14:13')).toBeInTheDocument();
    expect(screen.getByText(/Did you mean "postgresql"\?/)).toBeInTheDocument();
  });

  it('says why a service of a folder has no plan', async () => {
    const platform = new FakePlatform();
    await open(platform, 'file:/srv/order-api/');

    expect(
      await screen.findByText(/comes from a folder, not from a repository/),
    ).toBeInTheDocument();
    expect(platform.asked).toEqual([]);
  });
});
