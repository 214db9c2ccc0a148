import type { Problem } from '@greenroom/client';

/** Worse from top to bottom. */
export const VERDICTS = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The object that a verdict comes from, down to the container and how that ended. */
export interface Cause {
  kind: string;
  namespace: string;
  name: string;
  container: string | null;
  exitCode: number | null;
}

/** A verdict, why, and since when (ISO 8601; null when nobody knows); `cause` is null for the judged object itself. */
export interface Judgement {
  status: Verdict;
  message: string;
  reason: string | null;
  since: string | null;
  cause: Cause | null;
}

export interface EnvironmentSummary extends Judgement {
  name: string;
  cluster: string;
}

/** The health of one entity, as `live` streams it. */
export interface HealthSummary extends Judgement {
  entityRef: string;
  /** Whose it is, and what it is part of, as references of entities; null where the entity names none. */
  owner: string | null;
  system: string | null;
  observedAt: string | null;
  simulated: boolean;
  environments: EnvironmentSummary[];
}

export interface ContainerHealth {
  name: string;
  ready: boolean;
  restarts: number;
  state: string;
  reason: string | null;
}

export interface PodHealth extends Judgement {
  name: string;
  containers: ContainerHealth[];
}

export interface WorkloadHealth extends Judgement {
  kind: string;
  namespace: string;
  name: string;
  ready: number;
  desired: number;
  pods: PodHealth[];
}

/** What stands beside the workloads: an autoscaler, a volume, a route, a custom resource. */
export interface ResourceHealth extends Judgement {
  kind: string;
  apiVersion: string;
  namespace: string;
  name: string;
}

/** A warning about an object of a service, `count` times, the last time `at` (ISO 8601). */
export interface ClusterEvent {
  at: string | null;
  reason: string;
  message: string;
  count: number;
  kind: string;
  namespace: string;
  name: string;
}

export interface EnvironmentHealth extends EnvironmentSummary {
  version: string | null;
  ready: number;
  desired: number;
  observedAt: string | null;
  simulated: boolean;
  /** What is not wrong yet, and someone should know. */
  concerns: string[];
  workloads: WorkloadHealth[];
  resources: ResourceHealth[];
  /** Of the last hour, the latest first. */
  events: ClusterEvent[];
}

/** Something to do about it: somewhere to look, or something to run. */
export interface NextStep {
  title: string;
  url?: string;
  command?: string;
}

/** A page about the service; `environment` is the one that it is about, null where it is about all of them. */
export interface ServiceLink {
  title: string;
  url: string;
  environment: string | null;
}

/** The document that the entity comes from; `stale` while it is wrong and the entity as it last was. */
export interface DocumentState {
  location: string;
  readAt: string | null;
  stale: boolean;
  problems: Problem[];
}

/** All that is known of an entity's health. */
export interface HealthDetail extends HealthSummary {
  environments: EnvironmentHealth[];
  next: NextStep[];
  links: ServiceLink[];
  document: DocumentState | null;
}

/** How the watch of one kind of object fares; `message` says why nothing is heard. */
export interface WatchedKind {
  name: string;
  state: 'fresh' | 'starting' | 'stale' | 'refused';
  message?: string;
}

/** A cluster that health comes from; `message` says why it cannot be reached. */
export interface Cluster {
  name: string;
  /** That of all namespaces for which the settings name no other. */
  environment: string;
  /** All that run there, that one first. */
  environments: string[];
  state: 'starting' | 'connected' | 'unreachable';
  message?: string;
  /** Its last answer to anything (ISO 8601); absent while it has never answered. */
  lastSeenAt?: string;
  simulated: boolean;
  kinds: WatchedKind[];
}

/** From `at` (ISO 8601) on it was so. */
export interface Transition {
  at: string;
  status: Verdict;
  reason: string | null;
  message: string;
}

/** How a service was in one environment on one cluster. */
export interface EnvironmentTimeline {
  name: string;
  cluster: string;
  /** The share of the known time in which it was healthy; null where nothing is known. */
  healthy: number | null;
  /** Seconds in each status. */
  spent: Partial<Record<Verdict, number>>;
  /** Oldest first; the first may lie before `from`. */
  transitions: Transition[];
}

export interface Timeline {
  from: string;
  until: string;
  environments: EnvironmentTimeline[];
}
