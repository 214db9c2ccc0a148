import { discoveryServiceFactory } from '@backstage/backend-defaults/discovery';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderModuleGreenroom from './index';
import { PlatformServer } from './testing/PlatformServer';

// The scaffolder migrates its database first.
jest.setTimeout(30_000);

describe('scaffolderModuleGreenroom', () => {
  const platform = new PlatformServer();
  afterEach(() => platform.stop());

  it('offers the actions of the manifest in a real scaffolder, which runs them', async () => {
    platform.actions = [
      {
        id: 'greenroom:catalog:register',
        title: 'Register',
        schema: {
          input: {
            type: 'object',
            required: ['repositoryUrl'],
            properties: { repositoryUrl: { type: 'string' } },
          },
          output: {
            type: 'object',
            properties: { entityRef: { type: 'string' } },
          },
        },
        supportsDryRun: true,
        workspace: 'none',
      },
    ];
    platform.onRun = id => {
      platform.log(id, 'Reading service.yaml');
      platform.finish(id, { outputs: { entityRef: 'component:default/x' } });
    };
    const target = (await platform.start()).replace('platform', '{{pluginId}}');
    const { server } = await startTestBackend({
      features: [
        scaffolderPlugin,
        scaffolderModuleGreenroom,
        discoveryServiceFactory,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:0' },
            discovery: { endpoints: [{ target, plugins: ['platform'] }] },
          },
        }),
      ],
    });
    const base = `http://localhost:${server.port()}/api/scaffolder/v2`;

    const listed = await fetch(`${base}/actions`);
    const ran = await fetch(`${base}/dry-run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        template: {
          apiVersion: 'scaffolder.backstage.io/v1beta3',
          kind: 'Template',
          metadata: { name: 'test' },
          spec: {
            type: 'service',
            parameters: [],
            steps: [
              {
                id: 'register',
                name: 'Register',
                action: 'greenroom:catalog:register',
                input: { repositoryUrl: 'http://localhost:7114/x.git' },
              },
            ],
            output: { ref: '${{ steps.register.output.entityRef }}' },
          },
        },
        values: {},
        directoryContents: [],
      }),
    });

    expect(await listed.json()).toContainEqual(
      expect.objectContaining({ id: 'greenroom:catalog:register' }),
    );
    expect(await ran.json()).toMatchObject({
      output: { ref: 'component:default/x' },
      log: expect.arrayContaining([
        expect.objectContaining({
          body: expect.objectContaining({
            message: expect.stringContaining('Reading service.yaml'),
          }),
        }),
      ]),
    });
  });
});
