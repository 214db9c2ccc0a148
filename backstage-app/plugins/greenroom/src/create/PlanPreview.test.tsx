import type { ComponentProps } from 'react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { platformApiRef } from '../api/PlatformApi';
import { FakePlatform } from '../testing/FakePlatform';
import { PlanPreview } from './PlanPreview';

describe('PlanPreview', () => {
  const open = (platform: FakePlatform) => {
    const props = {
      uiSchema: {
        'ui:options': {
          goldenPath: 'python-service',
          fields: ['name', 'team', 'description'],
          environment: 'staging',
        },
      },
      formContext: {
        formData: {
          name: 'gift-api',
          team: 'group:default/commerce',
          somethingElse: true,
        },
      },
    } as unknown as ComponentProps<typeof PlanPreview>;
    return renderInTestApp(<PlanPreview {...props} />, {
      apis: [[platformApiRef, platform]],
    });
  };

  it('shows what the values of the form would become', async () => {
    const platform = new FakePlatform();
    await open(platform);

    expect(await screen.findByText(/1 to create/)).toBeInTheDocument();
    expect(
      screen.getByText('2 files in the new repository'),
    ).toBeInTheDocument();
    expect(screen.getByText('service.yaml')).toBeInTheDocument();
    expect(platform.previewed).toEqual([
      {
        goldenPath: 'python-service',
        values: { name: 'gift-api', team: 'group:default/commerce' },
      },
    ]);
  });

  it('shows the files of a golden path that makes no service', async () => {
    const platform = new FakePlatform();
    platform.previews = async () => ({
      name: 'docs',
      files: ['README.md'],
      plan: null,
      taken: null,
    });
    await open(platform);

    expect(await screen.findByText('README.md')).toBeInTheDocument();
    expect(screen.queryByText(/to create/)).not.toBeInTheDocument();
  });

  it('says first that the name is taken', async () => {
    const platform = new FakePlatform();
    const preview = await platform.previews();
    platform.previews = async () => ({
      ...preview,
      taken: 'The repository commerce/gift-api is there already.',
    });
    await open(platform);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The repository commerce/gift-api is there already.',
    );
  });

  it('says why nothing can be shown, and tries again', async () => {
    const platform = new FakePlatform();
    const { previews } = platform;
    platform.previews = async () => {
      throw new TypeError('fetch failed');
    };
    await open(platform);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Greenroom cannot be reached (fetch failed).',
    );

    platform.previews = previews;
    await userEvent.click(screen.getByRole('button', { name: /Try again/ }));

    expect(await screen.findByText(/1 to create/)).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});
