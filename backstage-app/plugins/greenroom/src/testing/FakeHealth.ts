import type { HealthApi, HealthState } from '../api/HealthApi';
import type {
  Cluster,
  EnvironmentSummary,
  HealthDetail,
  HealthSummary,
  Timeline,
} from '../api/types';

/** A health that a test moves by hand. */
export class FakeHealth implements HealthApi {
  detail: HealthDetail | undefined;
  timeline: Timeline = { from: '', until: '', environments: [] };
  clusters: Cluster[] = [];
  failure: unknown;
  seenAt: number | undefined;
  private readonly listeners = new Set<() => void>();
  private state: HealthState = {
    connection: 'connecting',
    stale: false,
    health: new Map(),
  };

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  getState(): HealthState {
    return this.state;
  }

  lastSeenAt(): number | undefined {
    return this.seenAt;
  }

  async getDetail(): Promise<HealthDetail | undefined> {
    if (this.failure) {
      throw this.failure;
    }
    return this.detail;
  }

  async getTimeline(): Promise<Timeline> {
    if (this.failure) {
      throw this.failure;
    }
    return this.timeline;
  }

  async getClusters(): Promise<Cluster[]> {
    if (this.failure) {
      throw this.failure;
    }
    return this.clusters;
  }

  become(state: Partial<Omit<HealthState, 'health'>>): void {
    this.change({ ...this.state, ...state });
  }

  tell(...summaries: HealthSummary[]): void {
    const health = new Map(this.state.health);
    summaries.forEach(each => health.set(each.entityRef, each));
    this.change({ connection: 'live', stale: false, health });
  }

  private change(state: HealthState): void {
    this.state = state;
    this.listeners.forEach(listener => listener());
  }
}

export function summary(
  name: string,
  status: HealthSummary['status'] = 'Healthy',
  message = '3 of 3 pods ready.',
): HealthSummary {
  return {
    entityRef: `component:default/${name}`,
    owner: 'group:default/commerce',
    system: 'system:default/commerce',
    status,
    message,
    reason: null,
    since: '2026-11-22T12:04:00Z',
    cause: null,
    observedAt: '2026-11-22T12:10:00Z',
    simulated: false,
    environments: [],
  };
}

export function environment(
  name: string,
  status: EnvironmentSummary['status'] = 'Healthy',
  on = name,
): EnvironmentSummary {
  const { message, reason, since, cause } = summary('');
  return { name, cluster: on, status, message, reason, since, cause };
}

export function cluster(name: string, changes: Partial<Cluster> = {}): Cluster {
  return {
    name,
    environment: 'production',
    environments: ['production'],
    state: 'connected',
    lastSeenAt: '2026-11-22T12:10:00Z',
    simulated: false,
    kinds: [{ name: 'Pod', state: 'fresh' }],
    ...changes,
  };
}

export function detail(changes: Partial<HealthDetail> = {}): HealthDetail {
  return {
    ...summary('order-api', 'Degraded', '2 of 3 pods crash.'),
    simulated: true,
    environments: [
      {
        name: 'production',
        cluster: 'production-1',
        status: 'Degraded',
        message: '2 of 3 pods crash: exit 1.',
        reason: 'CrashLoopBackOff',
        since: '2026-11-22T12:04:00Z',
        cause: {
          kind: 'Pod',
          namespace: 'commerce',
          name: 'order-api-7d4',
          container: 'app',
          exitCode: 1,
        },
        version: '1.4.2',
        ready: 1,
        desired: 3,
        observedAt: '2026-11-22T12:10:00Z',
        simulated: true,
        concerns: [],
        resources: [],
        events: [],
        workloads: [
          {
            kind: 'Deployment',
            namespace: 'commerce',
            name: 'order-api',
            status: 'Degraded',
            message: '2 of 3 pods crash.',
            reason: 'CrashLoopBackOff',
            since: '2026-11-22T12:04:00Z',
            cause: null,
            ready: 1,
            desired: 3,
            pods: [
              {
                name: 'order-api-7d4',
                status: 'Degraded',
                message: 'Container app crashes.',
                reason: 'CrashLoopBackOff',
                since: '2026-11-22T12:04:00Z',
                cause: null,
                containers: [
                  {
                    name: 'app',
                    ready: false,
                    restarts: 4,
                    state: 'waiting',
                    reason: 'CrashLoopBackOff',
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    next: [],
    links: [],
    document: null,
    ...changes,
  };
}
