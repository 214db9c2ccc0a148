import { discoveryServiceFactory } from '@backstage/backend-defaults/discovery';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogModuleGreenroom from './index';
import { answer, component, LiveServer, until } from './testing/LiveServer';

// The catalog processes and stitches once a second each.
jest.setTimeout(30_000);

describe('catalogModuleGreenroom', () => {
  const live = new LiveServer();
  afterEach(() => live.stop());

  it('shows the snapshot and then each change in a real catalog', async () => {
    live.onEntities = (_, response) =>
      answer(response, 200, {
        version: 'a-1',
        items: [component('order-api', 'Takes orders')],
        nextCursor: null,
      });
    const target = await live.start();
    const { server } = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModuleGreenroom,
        discoveryServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:0' },
            discovery: { endpoints: [{ target, plugins: ['live'] }] },
          },
        }),
      ],
    });
    const shown = async () => {
      const response = await fetch(
        `http://localhost:${server.port()}/api/catalog/entities?filter=kind=component`,
      );
      const entities: { metadata: { name: string; description: string } }[] =
        await response.json();
      return entities
        .map(each => `${each.metadata.name}: ${each.metadata.description}`)
        .sort();
    };

    await until(async () =>
      (await shown()).includes('order-api: Takes orders'),
    );
    live.send('changes', {
      version: 'a-2',
      upserted: [
        component('order-api', 'Takes orders quickly'),
        component('payment-api', 'Takes money'),
      ],
      removed: [],
    });
    await until(async () => (await shown()).length === 2);
    await until(
      async () =>
        (await shown()).join() ===
        'order-api: Takes orders quickly,payment-api: Takes money',
    );
    live.send('changes', {
      version: 'a-3',
      upserted: [],
      removed: ['component:default/payment-api'],
    });
    await until(async () => (await shown()).length === 1);

    expect(await shown()).toEqual(['order-api: Takes orders quickly']);
  });
});
