import { createApiRef } from '@backstage/frontend-plugin-api';
import type { Cluster, HealthDetail, HealthSummary, Timeline } from './types';

/** What is known of the stream of health, and through it of every entity. */
export interface HealthState {
  /** `connecting` until the first answer; later `live` or `reconnecting`. */
  readonly connection: 'connecting' | 'live' | 'reconnecting';
  /** The stream has been away for so long that what it told may no longer be so. */
  readonly stale: boolean;
  /** Why the stream is away. */
  readonly trouble?: string;
  /** By entity reference. An entity whose health nobody watches is absent. */
  readonly health: ReadonlyMap<string, HealthSummary>;
}

/** Live health, as Greenroom's plugin `live` tells it. */
export interface HealthApi {
  /** Opens the stream for as long as anybody listens; all listeners share one. Gives the way to stop listening. */
  subscribe(listener: () => void): () => void;
  /** The same object until something changes. */
  getState(): HealthState;
  /** When the stream was last heard of, in milliseconds since the epoch. */
  lastSeenAt(): number | undefined;
  /** Undefined for an entity whose health nobody watches. */
  getDetail(entityRef: string): Promise<HealthDetail | undefined>;
  /** How an entity was over the last days. */
  getTimeline(entityRef: string, days: number): Promise<Timeline>;
  /** Where health comes from, and whether that answers. */
  getClusters(signal?: AbortSignal): Promise<Cluster[]>;
}

export const healthApiRef = createApiRef<HealthApi>({
  id: 'plugin.greenroom.health',
});
