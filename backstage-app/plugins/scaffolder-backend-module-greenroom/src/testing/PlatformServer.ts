import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActionDescription, LogLine, Run, RunRequest } from '../platform';

interface Entry {
  request: RunRequest;
  run: Run;
  log: LogLine[];
  watchers: Set<ServerResponse>;
}

/** Plays Greenroom's plugin `platform` over real HTTP: it keeps runs, and a test says what becomes of them. */
export class PlatformServer {
  actions: ActionDescription[] = [];
  readonly runs = new Map<string, Entry>();
  readonly workspaces = new Map<string, Buffer>();
  readonly authorizations = new Set<string | undefined>();
  /** What a new run does. */
  onRun: (id: string) => void = () => {};
  /** An answer to give in place of the right one, once. */
  failNext?: { status: number; body: object };
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch(error => {
      response.writeHead(500).end(String(error));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>(resolve =>
      this.server.listen(0, '127.0.0.1', resolve),
    );
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/api/platform`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  log(id: string, message: string, level: LogLine['level'] = 'info'): void {
    const entry = this.runs.get(id)!;
    const line = { sequence: entry.log.length + 1, level, message };
    entry.log.push(line);
    entry.watchers.forEach(each => send(each, 'log', line));
  }

  finish(id: string, result: Partial<Run>): void {
    const entry = this.runs.get(id)!;
    Object.assign(entry.run, { status: 'succeeded' }, result);
    entry.watchers.forEach(each => {
      send(each, 'finished', entry.run);
      each.end();
    });
  }

  cutStreams(): void {
    this.runs.forEach(entry => {
      entry.watchers.forEach(each => each.destroy());
      entry.watchers.clear();
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await readBody(request);
    this.authorizations.add(request.headers.authorization);
    if (this.failNext) {
      const { status, body: answer } = this.failNext;
      this.failNext = undefined;
      json(response, status, answer);
      return;
    }
    const [, kind, id, rest] =
      /\/api\/platform\/v1\/(\w+)\/?([\w-]*)\/?(\w*)/.exec(url.pathname) ?? [];
    if (kind === 'actions') {
      json(response, 200, { actions: this.actions });
    } else if (kind === 'workspaces') {
      this.handleWorkspace(request.method!, id, body, response);
    } else if (request.method === 'PUT') {
      this.handleRun(id, JSON.parse(body.toString()), response);
    } else if (rest === 'cancel') {
      this.finish(id, { status: 'cancelled' });
      json(response, 200, this.runs.get(id)!.run);
    } else {
      this.handleEvents(id, Number(url.searchParams.get('after')), response);
    }
  }

  private handleWorkspace(
    method: string,
    digest: string,
    body: Buffer,
    response: ServerResponse,
  ) {
    if (method === 'PUT') {
      this.workspaces.set(digest, body);
      json(response, 201, { digest });
    } else {
      response.writeHead(200, { 'content-type': 'application/gzip' });
      response.end(this.workspaces.get(digest));
    }
  }

  private handleRun(id: string, request: RunRequest, response: ServerResponse) {
    const known = this.runs.get(id);
    if (known) {
      json(response, 200, known.run);
      return;
    }
    const run: Run = {
      id,
      status: 'queued',
      outputs: null,
      workspace: null,
      error: null,
    };
    this.runs.set(id, { request, run, log: [], watchers: new Set() });
    json(response, 201, run);
    this.onRun(id);
  }

  private handleEvents(id: string, after: number, response: ServerResponse) {
    const entry = this.runs.get(id)!;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    entry.log
      .filter(line => line.sequence > after)
      .forEach(line => send(response, 'log', line));
    if (!['queued', 'running'].includes(entry.run.status)) {
      send(response, 'finished', entry.run);
      response.end();
      return;
    }
    entry.watchers.add(response);
    response.on('close', () => entry.watchers.delete(response));
  }
}

function send(response: ServerResponse, event: string, data: object): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Waits until `condition` holds; the runner's own limit ends the test when it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
