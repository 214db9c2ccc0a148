import type { JsonObject } from '@backstage/types';
import { ProblemError, readEvents } from '@greenroom/client';

/** What `platform` says about one of its run actions. */
export interface ActionDescription {
  id: string;
  title?: string;
  description?: string;
  examples?: { description: string; example: string }[];
  schema: { input: JsonObject; output: JsonObject };
  supportsDryRun: boolean;
  /** Whether a run gets the workspace, and whether it gives one back. */
  workspace: 'none' | 'read' | 'write';
}

/** What a run is asked to do. Sent again under the same id, it attaches to the run that there is. */
export interface RunRequest {
  action: string;
  input: JsonObject;
  workspace: string | null;
  dryRun: boolean;
  user: string | null;
}

/** A run, as far as the portal looks at it. */
export interface Run {
  id: string;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  outputs: JsonObject | null;
  /** The digest of the workspace that the run gives back. */
  workspace: string | null;
  error: { name: string; message: string; remedy?: string | null } | null;
}

/** One line of a run's log. */
export interface LogLine {
  sequence: number;
  level: 'info' | 'warn' | 'error';
  message: string;
}

/** Gives a token for `platform`; asked before each request, since tokens end. */
export type TokenSource = () => Promise<string>;

/** Greenroom answers these at once. Without an answer by then there won't be one. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Greenroom's plugin `platform`, at `base` (…/api/platform). */
export class PlatformClient {
  constructor(
    private readonly base: string,
    private readonly token: TokenSource,
  ) {}

  async actions(): Promise<ActionDescription[]> {
    const response = await this.request('GET', '/v1/actions');
    const body = (await response.json()) as { actions: ActionDescription[] };
    return body.actions;
  }

  /** `digest` is the lower-case SHA-256 of the archive (tar, gzip), in hexadecimal. */
  async putWorkspace(digest: string, archive: Buffer): Promise<void> {
    await this.request('PUT', `/v1/workspaces/${digest}`, {
      contentType: 'application/gzip',
      body: archive,
    });
  }

  async getWorkspace(digest: string): Promise<Buffer> {
    const response = await this.request('GET', `/v1/workspaces/${digest}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Starts the run, or attaches to it where there is one of that id: then `created` is false. */
  async putRun(
    id: string,
    request: RunRequest,
  ): Promise<{ run: Run; created: boolean }> {
    const response = await this.request('PUT', `/v1/runs/${id}`, {
      contentType: 'application/json',
      body: JSON.stringify(request),
    });
    return {
      run: (await response.json()) as Run,
      created: response.status === 201,
    };
  }

  async cancelRun(id: string): Promise<void> {
    await this.request('POST', `/v1/runs/${id}/cancel`);
  }

  /** Gives the log after line `after` as it comes, and the finished run as its last item. */
  async *events(
    id: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<LogLine | Run> {
    const response = await this.request(
      'GET',
      `/v1/runs/${id}/events?after=${after}`,
      { signal },
    );
    for await (const event of readEvents(response.body!)) {
      if (event.event === 'log') {
        yield JSON.parse(event.data) as LogLine;
      } else if (event.event === 'finished') {
        yield JSON.parse(event.data) as Run;
      }
    }
  }

  private async request(
    method: string,
    path: string,
    options: {
      contentType?: string;
      body?: string | Buffer;
      signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        authorization: `Bearer ${await this.token()}`,
        ...(options.contentType && { 'content-type': options.contentType }),
      },
      body: options.body,
      signal: options.signal ?? AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    return response;
  }
}
