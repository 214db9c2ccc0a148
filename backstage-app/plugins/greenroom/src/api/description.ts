/** Something that a service owns, and how it stands. */
export interface Owned {
  kind: 'database' | 'cache' | 'bucket' | 'queue' | 'dns' | 'certificate';
  /** What the service calls it, or the host. */
  name: string;
  where: 'aws' | 'cluster';
  place: string;
  status: 'Healthy' | 'Progressing' | 'Degraded' | 'Missing' | 'Unknown';
  /** Why it is not healthy; empty where it is. */
  reason: string;
  details: {
    type?: string;
    size?: string;
    instance?: string;
    version?: string;
    /** The last day (ISO 8601) on which that version is mended. */
    supportedUntil?: string;
    storageGib?: number;
  };
}

export interface DescribedEnvironment {
  environment: string;
  host: string | null;
  visibility: 'public' | 'internal' | 'none';
  owns: Owned[];
}

/** A release of what the platform team decided: sizes, versions, defaults. */
export interface Release {
  name: string;
  date: string;
  notes: string[];
}

/** Which release a service follows, and what it owns. */
export interface ServiceDescription {
  service: string;
  release: {
    /** Null for a service that follows the newest. */
    pinned: string | null;
    used: string;
    newest: string;
    /** After the one that is used, oldest first. */
    newer: Release[];
  };
  environments: DescribedEnvironment[];
}
