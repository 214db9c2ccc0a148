import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Entity } from '@backstage/catalog-model';

type Answer = (
  query: URLSearchParams,
  response: ServerResponse,
  authorization: string | undefined,
) => void;

/** Plays Greenroom's plugin `live` over real HTTP: a test says what it answers. */
export class LiveServer {
  readonly asked: string[] = [];
  private readonly streams = new Set<ServerResponse>();
  private readonly server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    this.asked.push(url.pathname + url.search);
    const handle = url.pathname.endsWith('/stream')
      ? this.onStream
      : this.onEntities;
    handle(url.searchParams, response, request.headers.authorization);
  });

  onEntities: Answer = (_, response) => response.writeHead(404).end();

  onStream: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  };

  async start(): Promise<string> {
    await new Promise<void>(resolve =>
      this.server.listen(0, '127.0.0.1', resolve),
    );
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/api/{{pluginId}}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  get openStreams(): number {
    return this.streams.size;
  }

  send(event: string, data: object): void {
    this.streams.forEach(each =>
      each.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    );
  }

  cutStreams(): void {
    this.streams.forEach(each => each.destroy());
    this.streams.clear();
  }
}

export function answer(
  response: ServerResponse,
  status: number,
  body: object,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function component(name: string, description = ''): Entity {
  const location = `url:http://localhost:7114/commerce/${name}.git`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      description,
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'commerce' },
  };
}

/** Waits until `condition` holds; the runner's own limit ends the test when it never does. */
export async function until(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!(await condition())) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
