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

/** A verdict, why, and since when (ISO 8601; null when nobody knows). */
export interface Judgement {
  status: Verdict;
  message: string;
  reason: string | null;
  since: string | null;
}

export interface EnvironmentSummary extends Judgement {
  name: string;
  cluster: string;
}

/** The health of one entity, as `live` streams it. */
export interface HealthSummary extends Judgement {
  entityRef: string;
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

export interface EnvironmentHealth extends EnvironmentSummary {
  version: string | null;
  ready: number;
  desired: number;
  observedAt: string | null;
  simulated: boolean;
  workloads: WorkloadHealth[];
}

/** Something to do about it: somewhere to look, or something to run. */
export interface NextStep {
  title: string;
  url?: string;
  command?: string;
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
  document: DocumentState | null;
}
