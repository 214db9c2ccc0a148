import type { Problem } from '@greenroom/client';

/** What would be done about one thing; `keep` changes nothing, `replace` makes a new one and removes the old one. */
export type Verb = 'create' | 'update' | 'replace' | 'delete' | 'keep';

/** One field that becomes different; null where the field is not there. */
export interface FieldChange {
  path: string;
  before: unknown;
  after: unknown;
}

/** One thing, and what would be done about it, as `platform` plans it. */
export interface Change {
  where: 'repository' | 'cluster' | 'aws';
  /** Empty for what all environments share. */
  environment: string;
  /** The name of the cluster, the stack or the repository. */
  place: string;
  kind: string;
  name: string;
  verb: Verb;
  fields: FieldChange[];
  /** What becomes unavailable and for how long; empty where nothing does. */
  impact: string;
  holdsData: boolean;
  /** Whether the name of the service must be typed before this is done. */
  needsConfirmation: boolean;
  /** Why it cannot be done, and what to do about it. */
  blocked: string | null;
}

/** About what an environment's databases and caches cost a month, by a list of prices of that date. */
export interface Cost {
  before: number;
  after: number;
  currency: string;
  date: string;
}

/** Everything that would be done for one service. */
export interface Plan {
  service: string;
  changes: Change[];
  counts: Record<Verb, number>;
  hasChanges: boolean;
  needsConfirmation: boolean;
  blocked: string[];
  /** By environment: what could not be compared, and why. */
  unknown: Record<string, string[]>;
  /** By environment; absent where it is not known. */
  cost: Record<string, Cost>;
}

/** Whose plan is asked for: a document as it stands, or that of a repository; all environments where none is named. */
export type PlanRequest = (
  | { document: string; repository?: never }
  | { document?: never; repository: string }
) & { environment?: string; version?: string };

/** What a check of a document found. */
export interface Validation {
  valid: boolean;
  problems: Problem[];
  /** There when the document is valid. */
  service?: { name: string; environments: string[] };
}

/** What a golden path becomes with the values of its form. */
export interface Preview {
  name: string;
  /** The paths of the files that the new repository begins with. */
  files: string[];
  /** Null for a golden path that makes no service. */
  plan: Plan | null;
  /** Why the name cannot be used. */
  taken: string | null;
}
