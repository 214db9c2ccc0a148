import { ReadableStream } from 'node:stream/web';
import { waitFor } from '@testing-library/react';
import { cluster, detail, summary } from '../testing/FakeHealth';
import { HealthClient } from './HealthClient';

/** Answers each request for the stream with one that the test writes to. */
class StreamServer {
  readonly requests: { url: string; signal?: AbortSignal }[] = [];
  answer: (url: string) => object | undefined = () => undefined;
  private controllers: ReadableStreamDefaultController[] = [];

  readonly fetch = (async (url: string, options?: RequestInit) => {
    this.requests.push({ url, signal: options?.signal ?? undefined });
    const answer = this.answer(url);
    if (answer) {
      return answer;
    }
    const body = new ReadableStream({
      start: controller => {
        this.controllers.push(controller);
        options?.signal?.addEventListener('abort', () =>
          controller.error(new Error('aborted')),
        );
      },
    });
    return { ok: true, status: 200, body };
  }) as unknown as typeof fetch;

  send(event: string, data: object): void {
    this.controllers
      .at(-1)!
      .enqueue(
        new TextEncoder().encode(
          `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
        ),
      );
  }

  end(): void {
    this.controllers.at(-1)!.close();
  }

  get opened(): number {
    return this.controllers.length;
  }
}

describe('HealthClient', () => {
  let server: StreamServer;
  let client: HealthClient;
  const stops: (() => void)[] = [];
  const listen = (listener = () => {}) => {
    const stop = client.subscribe(listener);
    stops.push(stop);
    return stop;
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    server = new StreamServer();
    client = new HealthClient(
      { getBaseUrl: async plugin => `http://greenroom/api/${plugin}` },
      { fetch: server.fetch },
    );
  });
  afterEach(() => {
    stops.splice(0).forEach(stop => stop());
    jest.runOnlyPendingTimers();
    jest.useRealTimers();
  });

  const opened = (count: number) =>
    waitFor(() => expect(server.opened).toBe(count));
  const statusOf = (name: string) =>
    client.getState().health.get(`component:default/${name}`)?.status;

  it('shares one stream between all listeners', async () => {
    listen();
    listen();
    await opened(1);

    expect(server.requests.map(each => each.url)).toEqual([
      'http://greenroom/api/live/v1/health/stream',
    ]);
  });

  it('knows the snapshot, then each change', async () => {
    listen();
    await opened(1);
    expect(client.getState().connection).toBe('connecting');

    server.send('snapshot', {
      items: { 'component:default/order-api': summary('order-api') },
    });
    await waitFor(() => expect(statusOf('order-api')).toBe('Healthy'));
    server.send('health', summary('order-api', 'Degraded'));
    await waitFor(() => expect(statusOf('order-api')).toBe('Degraded'));
    server.send('health', {
      entityRef: 'component:default/order-api',
      status: null,
    });
    await waitFor(() => expect(statusOf('order-api')).toBeUndefined());

    expect(client.getState().connection).toBe('live');
  });

  it('reconnects, and keeps what it knew meanwhile', async () => {
    listen();
    await opened(1);
    server.send('snapshot', {
      items: { 'component:default/order-api': summary('order-api') },
    });
    await waitFor(() => expect(client.getState().connection).toBe('live'));

    server.end();
    await waitFor(() =>
      expect(client.getState().connection).toBe('reconnecting'),
    );
    expect(statusOf('order-api')).toBe('Healthy');
    await jest.advanceTimersByTimeAsync(500);
    await opened(2);
    server.send('snapshot', { items: {} });

    await waitFor(() => expect(client.getState().connection).toBe('live'));
    expect(statusOf('order-api')).toBeUndefined();
  });

  it('says that what it knows is stale when the stream stays away', async () => {
    listen();
    await opened(1);
    server.send('snapshot', { items: {} });
    await waitFor(() => expect(client.getState().connection).toBe('live'));
    server.answer = () => {
      throw new TypeError('fetch failed');
    };

    server.end();
    await waitFor(() =>
      expect(client.getState().connection).toBe('reconnecting'),
    );
    expect(client.getState().stale).toBe(false);
    await jest.advanceTimersByTimeAsync(31_000);

    expect(client.getState()).toMatchObject({
      connection: 'reconnecting',
      stale: true,
      trouble: 'Greenroom cannot be reached (fetch failed).',
    });
  });

  it('closes the stream when nobody has listened for a moment', async () => {
    const stop = listen();
    await opened(1);

    stop();
    listen()();
    expect(server.requests[0].signal?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(3_000);

    expect(server.requests[0].signal?.aborted).toBe(true);
  });

  it('gives the detail of an entity, and nothing for one that nobody watches', async () => {
    server.answer = url =>
      url.endsWith('/v1/health/component/default/order-api')
        ? { ok: true, status: 200, json: async () => detail() }
        : { ok: false, status: 404, json: async () => ({}) };

    expect(await client.getDetail('component:default/order-api')).toEqual(
      detail(),
    );
    expect(await client.getDetail('component:default/other')).toBeUndefined();
  });

  it('gives the clusters', async () => {
    server.answer = url =>
      url.endsWith('/v1/clusters')
        ? {
            ok: true,
            status: 200,
            json: async () => ({ items: [cluster('eu')] }),
          }
        : { ok: false, status: 404, json: async () => ({}) };

    expect(await client.getClusters()).toEqual([cluster('eu')]);
  });

  it('throws what Greenroom says when it cannot tell', async () => {
    server.answer = () => ({
      ok: false,
      status: 503,
      json: async () => ({ detail: 'The cluster is away.' }),
    });

    await expect(
      client.getDetail('component:default/order-api'),
    ).rejects.toThrow('The cluster is away.');
  });
});
