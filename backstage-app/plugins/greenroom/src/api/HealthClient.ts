import { parseEntityRef } from '@backstage/catalog-model';
import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import {
  explain,
  pause,
  ProblemError,
  readEvents,
  retryDelay,
  type ServerSentEvent,
} from '@greenroom/client';
import type { HealthApi, HealthState } from './HealthApi';
import type { Cluster, HealthDetail, HealthSummary, Timeline } from './types';

/** Nobody listens for a moment while one page makes room for another: the stream is kept that long. */
const GRACE_MS = 3_000;
/** Three lost pings. What was healthy that long ago may have failed since, so it is shown as unknown. */
const STALE_AFTER_MS = 30_000;

const INITIAL: HealthState = {
  connection: 'connecting',
  stale: false,
  health: new Map(),
};

function pathOf(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return [kind, namespace, name].map(encodeURIComponent).join('/');
}

/** Holds one stream of health for the whole tab. */
export class HealthClient implements HealthApi {
  private readonly listeners = new Set<() => void>();
  private state = INITIAL;
  private seenAt?: number;
  private stopping?: AbortController;
  private closing?: ReturnType<typeof setTimeout>;
  private ageing?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly discovery: DiscoveryApi,
    private readonly fetchApi: FetchApi,
  ) {}

  getState(): HealthState {
    return this.state;
  }

  lastSeenAt(): number | undefined {
    return this.seenAt;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    clearTimeout(this.closing);
    if (!this.stopping) {
      this.stopping = new AbortController();
      void this.follow(this.stopping.signal);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        clearTimeout(this.closing);
        this.closing = setTimeout(() => this.close(), GRACE_MS);
      }
    };
  }

  async getTimeline(entityRef: string, days: number): Promise<Timeline> {
    const response = await this.get(
      `/v1/health/${pathOf(entityRef)}/timeline?days=${days}`,
    );
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    return (await response.json()) as Timeline;
  }

  async getDetail(entityRef: string): Promise<HealthDetail | undefined> {
    const response = await this.get(`/v1/health/${pathOf(entityRef)}`);
    if (response.status === 404) {
      return undefined;
    }
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    return (await response.json()) as HealthDetail;
  }

  async getClusters(signal?: AbortSignal): Promise<Cluster[]> {
    const response = await this.get('/v1/clusters', signal);
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    return ((await response.json()) as { items: Cluster[] }).items;
  }

  private close(): void {
    this.stopping?.abort();
    this.stopping = undefined;
    clearTimeout(this.ageing);
    // What was known is old by the time that somebody asks again.
    this.state = INITIAL;
    this.seenAt = undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let trouble: string | undefined;
      try {
        const response = await this.get('/v1/health/stream', signal);
        if (!response.ok) {
          throw await ProblemError.fromResponse(response);
        }
        for await (const event of readEvents(response.body!)) {
          failures = 0;
          this.take(event);
        }
      } catch (error) {
        trouble = explain(error);
      }
      if (signal.aborted) {
        return;
      }
      this.lose(trouble);
      await pause(retryDelay(failures), signal);
      failures += 1;
    }
  }

  private take(event: ServerSentEvent): void {
    this.seenAt = Date.now();
    if (event.event === 'snapshot') {
      const { items } = JSON.parse(event.data) as {
        items: Record<string, HealthSummary>;
      };
      this.become({ health: new Map(Object.entries(items)) });
    } else if (event.event === 'health') {
      const summary = JSON.parse(event.data) as
        | HealthSummary
        | { entityRef: string; status: null };
      const health = new Map(this.state.health);
      if (summary.status === null) {
        health.delete(summary.entityRef);
      } else {
        health.set(summary.entityRef, summary);
      }
      this.become({ health });
    }
  }

  private become(known: { health: ReadonlyMap<string, HealthSummary> }): void {
    clearTimeout(this.ageing);
    this.ageing = undefined;
    this.change({ ...known, connection: 'live', stale: false });
  }

  private lose(trouble: string | undefined): void {
    const { connection, stale, health } = this.state;
    this.ageing ??= setTimeout(
      () => this.change({ ...this.state, stale: true }),
      STALE_AFTER_MS,
    );
    this.change({
      // A stream that never was is still being connected to, and says why that takes so long.
      connection: connection === 'connecting' ? connection : 'reconnecting',
      stale,
      trouble,
      health,
    });
  }

  private change(state: HealthState): void {
    this.state = state;
    this.listeners.forEach(listener => listener());
  }

  private async get(path: string, signal?: AbortSignal): Promise<Response> {
    const base = await this.discovery.getBaseUrl('live');
    return this.fetchApi.fetch(base + path, { signal });
  }
}
