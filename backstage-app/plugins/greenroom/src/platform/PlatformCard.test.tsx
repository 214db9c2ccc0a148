import { screen, within } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { platformApiRef } from '../api/PlatformApi';
import { description, FakePlatform, owned } from '../testing/FakePlatform';
import { PlatformCard } from './PlatformCard';

describe('PlatformCard', () => {
  const open = async (
    platform: FakePlatform,
    source = 'url:http://localhost:7114/commerce/order-api/',
  ) => {
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'order-api',
        namespace: 'default',
        annotations: {
          'backstage.io/source-location': source,
          'backstage.io/source-template': 'template:python-service',
        },
      },
    };
    await renderInTestApp(
      <EntityProvider entity={entity}>
        <PlatformCard />
      </EntityProvider>,
      {
        apis: [[platformApiRef, platform]],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    );
    await screen.findByText('Platform');
  };

  it('shows the release, and each thing that the service owns with its state', async () => {
    await open(new FakePlatform());

    const table = await screen.findByRole('table', {
      name: 'What the service owns',
    });
    const [, row] = within(table).getAllByRole('row');
    expect(row).toHaveTextContent('Database');
    expect(row).toHaveTextContent('Healthy');
    expect(row).toHaveTextContent('PostgreSQL 17, small');
    expect(screen.getByText(/Pinned to release/)).toHaveTextContent(
      'Pinned to release 2026.11 of the platform, the newest.',
    );
    expect(
      screen.getByRole('link', { name: 'python-service' }),
    ).toHaveAttribute('href', '/catalog/default/template/python-service');
    expect(screen.queryByText('Next')).not.toBeInTheDocument();
  });

  it('says what to do where something is behind or not there', async () => {
    const platform = new FakePlatform();
    platform.described = async () =>
      description({
        release: {
          pinned: '2026.10',
          used: '2026.10',
          newest: '2026.11',
          newer: [
            { name: '2026.11', date: '2026-11-02', notes: ['More backups.'] },
          ],
        },
        environments: [
          {
            environment: 'production',
            host: null,
            visibility: 'none',
            owns: [
              owned({ status: 'Missing', reason: 'it is not there' }),
              owned({
                kind: 'cache',
                status: 'Unknown',
                reason: 'AWS is away.',
              }),
            ],
          },
        ],
      });
    await open(platform);

    expect(
      await screen.findByRole('link', {
        name: /See what applying it would do/,
      }),
    ).toHaveAttribute('href', '/catalog/default/component/order-api/plan');
    expect(
      screen.getByText('greenroom service upgrade order-api'),
    ).toBeInTheDocument();
    expect(screen.getByText('2026.11 is there since 2026-11-02')).toBeVisible();
    expect(screen.getByText('More backups.')).toBeInTheDocument();
    expect(screen.getByText('it is not there')).toBeInTheDocument();
    expect(screen.getByText('AWS is away.')).toBeInTheDocument();
  });

  it('says that a service owns nothing, and follows the newest release', async () => {
    const platform = new FakePlatform();
    platform.described = async () =>
      description({
        release: { ...description().release, pinned: null },
        environments: [],
      });
    await open(platform);

    expect(await screen.findByText(/It owns no database/)).toBeInTheDocument();
    expect(
      screen.getByText(/Follows the newest release of the platform/),
    ).toBeInTheDocument();
  });

  it('says why it cannot tell', async () => {
    const platform = new FakePlatform();
    platform.described = async () => {
      throw new TypeError('fetch failed');
    };
    await open(platform);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Greenroom cannot be reached (fetch failed).',
    );
  });

  it('asks for nothing where there is no repository', async () => {
    const platform = new FakePlatform();
    platform.described = () => {
      throw new Error('asked');
    };
    await open(platform, 'file:/srv/order-api/');

    expect(screen.getByText(/comes from a folder/)).toBeInTheDocument();
  });
});
