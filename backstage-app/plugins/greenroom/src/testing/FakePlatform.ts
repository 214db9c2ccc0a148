import type { Owned, ServiceDescription } from '../api/description';
import type {
  Change,
  Plan,
  PlanRequest,
  Preview,
  Validation,
  Verb,
} from '../api/plan';
import type { PlatformApi } from '../api/PlatformApi';

/** A platform whose answers a test sets, and which keeps what it was asked. */
export class FakePlatform implements PlatformApi {
  readonly asked: PlanRequest[] = [];
  readonly checked: string[] = [];
  planned: () => Promise<Plan> = async () => plan([change()]);
  readonly previewed: { goldenPath: string; values: object }[] = [];
  previews: () => Promise<Preview> = async () => ({
    name: 'gift-api',
    files: ['README.md', 'service.yaml'],
    plan: plan([change({ verb: 'create' })]),
    taken: null,
  });
  described: () => Promise<ServiceDescription> = async () => description();
  validated: (document: string) => Validation = () => ({
    valid: true,
    problems: [],
    service: { name: 'order-api', environments: ['staging', 'production'] },
  });

  async plan(request: PlanRequest): Promise<Plan> {
    this.asked.push(request);
    return this.planned();
  }

  async validate(document: string): Promise<Validation> {
    this.checked.push(document);
    return this.validated(document);
  }

  async describe(): Promise<ServiceDescription> {
    return this.described();
  }

  async preview(
    goldenPath: string,
    values: Record<string, unknown>,
  ): Promise<Preview> {
    this.previewed.push({ goldenPath, values });
    return this.previews();
  }
}

export function change(changes: Partial<Change> = {}): Change {
  return {
    where: 'cluster',
    environment: 'staging',
    place: 'staging-1',
    kind: 'HorizontalPodAutoscaler',
    name: 'order-api',
    verb: 'update',
    fields: [{ path: 'spec.maxReplicas', before: 10, after: 20 }],
    impact: '',
    holdsData: false,
    needsConfirmation: false,
    blocked: null,
    ...changes,
  };
}

/** What stays as it is. */
export function kept(kind: string): Change {
  return change({ kind, verb: 'keep', fields: [] });
}

export function plan(
  changes: Change[],
  unknown: Plan['unknown'] = {},
  cost: Plan['cost'] = {},
): Plan {
  const count = (verb: Verb) =>
    changes.filter(each => each.verb === verb).length;
  return {
    service: 'order-api',
    changes,
    counts: {
      create: count('create'),
      update: count('update'),
      replace: count('replace'),
      delete: count('delete'),
      keep: count('keep'),
    },
    hasChanges: changes.some(each => each.verb !== 'keep'),
    needsConfirmation: changes.some(each => each.needsConfirmation),
    blocked: changes.flatMap(each => each.blocked ?? []),
    unknown,
    cost,
  };
}

export function owned(changes: Partial<Owned> = {}): Owned {
  return {
    kind: 'database',
    name: 'postgresql',
    where: 'aws',
    place: 'staging-order-api',
    status: 'Healthy',
    reason: '',
    details: {
      type: 'postgresql',
      size: 'small',
      instance: 'db.t4g.small',
      version: '17',
      supportedUntil: '2029-11-08',
      storageGib: 20,
    },
    ...changes,
  };
}

export function description(
  changes: Partial<ServiceDescription> = {},
): ServiceDescription {
  return {
    service: 'order-api',
    release: {
      pinned: '2026.11',
      used: '2026.11',
      newest: '2026.11',
      newer: [],
    },
    environments: [
      {
        environment: 'staging',
        host: 'order-api.staging.example.com',
        visibility: 'internal',
        owns: [owned()],
      },
    ],
    ...changes,
  };
}
