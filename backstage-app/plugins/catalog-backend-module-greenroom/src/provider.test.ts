import { mockServices } from '@backstage/backend-test-utils';
import type {
  EntityProviderConnection,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import { LiveClient } from './live';
import { GreenroomEntityProvider } from './provider';
import { answer, component, LiveServer, until } from './testing/LiveServer';

describe('GreenroomEntityProvider', () => {
  const server = new LiveServer();
  let base: string;
  let target: string;
  let mutations: EntityProviderMutation[];
  let provider: GreenroomEntityProvider;
  const logger = mockServices.logger.mock();
  const connection: EntityProviderConnection = {
    applyMutation: async mutation => {
      mutations.push(mutation);
    },
    refresh: async () => {},
  };

  beforeAll(async () => {
    base = await server.start();
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    jest.clearAllMocks();
    mutations = [];
    target = base;
    server.asked.length = 0;
    server.onEntities = (_, response) =>
      answer(response, 200, {
        version: 'a-1',
        items: [component('order-api')],
        nextCursor: null,
      });
    provider = new GreenroomEntityProvider(
      new LiveClient(
        mockServices.auth(),
        mockServices.discovery.mock({
          getBaseUrl: async plugin => target.replace('{{pluginId}}', plugin),
        }),
      ),
      { largestPercentage: 50, smallestGuarded: 1 },
      logger,
    );
  });
  afterEach(async () => {
    await provider.stop();
    server.cutStreams();
  });

  const namesOf = (mutation: EntityProviderMutation) =>
    (mutation.type === 'full' ? mutation.entities : mutation.added).map(
      each => each.entity.metadata.name,
    );

  it('gives all pages of a snapshot as one full mutation, with a token for live', async () => {
    let authorization: string | undefined;
    server.onEntities = (query, response, header) => {
      authorization = header;
      const second = query.get('cursor') === 'next';
      answer(response, 200, {
        version: 'a-1',
        items: [component(second ? 'payment-api' : 'order-api')],
        nextCursor: second ? null : 'next',
      });
    };

    await provider.connect(connection);
    await until(() => mutations.length > 0);

    expect(mutations.map(each => each.type)).toEqual(['full']);
    expect(namesOf(mutations[0])).toEqual(['order-api', 'payment-api']);
    expect(authorization).toContain('"target":"live"');
  });

  it('gives each change as a delta', async () => {
    await provider.connect(connection);
    await until(() => server.openStreams === 1);

    server.send('changes', {
      version: 'a-2',
      upserted: [component('payment-api')],
      removed: ['component:default/order-api'],
    });
    await until(() => mutations.length === 2);

    expect(mutations[1]).toMatchObject({
      type: 'delta',
      removed: [{ entityRef: 'component:default/order-api' }],
    });
    expect(namesOf(mutations[1])).toEqual(['payment-api']);
  });

  it('goes on from the last version when the stream is cut, without another snapshot', async () => {
    await provider.connect(connection);
    await until(() => server.openStreams === 1);
    server.send('changes', { version: 'a-2', upserted: [], removed: [] });
    await until(() => mutations.length === 2);

    server.cutStreams();
    await until(() => server.asked.length === 3);

    expect(server.asked).toEqual([
      '/api/live/v1/entities?limit=500',
      '/api/live/v1/entities/stream?since=a-1',
      '/api/live/v1/entities/stream?since=a-2',
    ]);
  });

  it('takes the snapshot again when the way from the last version is lost', async () => {
    await provider.connect(connection);
    await until(() => server.openStreams === 1);

    server.send('reset', {});
    await until(() => mutations.length === 2);

    expect(mutations.map(each => each.type)).toEqual(['full', 'full']);
  });

  it('waits while a source is not ready, and says why once', async () => {
    let refusals = 0;
    const ready = server.onEntities;
    server.onEntities = (query, response, header) => {
      refusals += 1;
      if (refusals > 2) {
        ready(query, response, header);
        return;
      }
      answer(response, 503, {
        detail: 'The source git has not answered yet',
        remedy: 'Wait.',
      });
    };

    await provider.connect(connection);
    await until(() => mutations.length === 1);

    expect(logger.warn.mock.calls).toEqual([
      [
        'The catalog stays as it was: The source git has not answered yet. Wait.',
      ],
    ]);
  });

  it('refuses an empty snapshot', async () => {
    server.onEntities = (_, response) =>
      answer(response, 200, { version: 'a-1', items: [], nextCursor: null });

    await provider.connect(connection);
    await until(() => logger.warn.mock.calls.length === 1);

    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('refused an empty snapshot'),
    );
    expect(mutations).toEqual([]);
  });

  it('refuses pages of two versions', async () => {
    let page = 0;
    server.onEntities = (_, response) => {
      page += 1;
      answer(response, 200, {
        version: `a-${page}`,
        items: [component('order-api')],
        nextCursor: 'next',
      });
    };

    await provider.connect(connection);
    await until(() => logger.warn.mock.calls.length === 1);

    expect(mutations).toEqual([]);
  });

  it('refuses a change that takes away too much at once, and asks for a snapshot', async () => {
    const items = ['a', 'b', 'c'].map(name => component(name));
    server.onEntities = (_, response) =>
      answer(response, 200, { version: 'a-1', items, nextCursor: null });
    await provider.connect(connection);
    await until(() => server.openStreams === 1);

    server.send('changes', {
      version: 'a-2',
      upserted: [],
      removed: ['component:default/a', 'component:default/b'],
    });
    await until(() => mutations.length === 2);

    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('refused to remove 2 of 3 entities'),
    );
    expect(mutations.map(each => each.type)).toEqual(['full', 'full']);
  });

  it('says that Greenroom cannot be reached', async () => {
    const closed = new LiveServer();
    target = await closed.start();
    await closed.stop();

    await provider.connect(connection);
    await until(() => logger.warn.mock.calls.length === 1);

    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('Greenroom cannot be reached'),
    );
  });
});
