import type { Change, Plan, Verb } from '../api/plan';

/** What happens in one environment, or to what all environments share. */
export interface Section {
  /** Empty for what all environments share. */
  environment: string;
  /** The gravest first; nothing that stays as it is. */
  changes: Change[];
  unchanged: Change[];
  /** What could not be compared, and why. */
  unknown: string[];
}

const GRAVEST_FIRST: readonly Verb[] = [
  'replace',
  'delete',
  'update',
  'create',
];

/** A plan by environment, in the order in which it names them; what they share comes last. */
export function sectionsOf({ changes, unknown }: Plan): Section[] {
  const environments = new Set([
    ...changes.map(each => each.environment),
    ...Object.keys(unknown),
  ]);
  const shared = environments.delete('') ? [''] : [];
  return [...environments, ...shared].map(environment => {
    const here = changes.filter(each => each.environment === environment);
    return {
      environment,
      changes: here.filter(each => each.verb !== 'keep').sort(byGravity),
      unchanged: here.filter(each => each.verb === 'keep'),
      unknown: unknown[environment] ?? [],
    };
  });
}

function byGravity(one: Change, other: Change): number {
  const blocked = Number(!!other.blocked) - Number(!!one.blocked);
  return (
    blocked ||
    GRAVEST_FIRST.indexOf(one.verb) - GRAVEST_FIRST.indexOf(other.verb)
  );
}

/** “3 to create, 1 to change, 0 to replace, 0 to delete” */
export function summaryOf(counts: Plan['counts']): string {
  return [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.replace} to replace`,
    `${counts.delete} to delete`,
  ].join(', ');
}

/** Whether nothing at all is left unsaid: a comparison that failed is no agreement. */
export function isInStep(plan: Plan): boolean {
  return !plan.hasChanges && reasonsOf(plan).length === 0;
}

/** Everything that could not be compared, with where. */
export function reasonsOf({ unknown }: Plan): string[] {
  return Object.values(unknown).flat();
}

const PLACES = {
  cluster: 'Cluster',
  aws: 'AWS stack',
  repository: 'Repository',
};

/** Where something is, for people. */
export function placeOf({ where, place }: Change): string {
  return `${PLACES[where]} ${place}`;
}

/** What tells a change from every other of its plan. */
export function keyOf(change: Change): string {
  const { where, environment, place, kind, name } = change;
  return [where, environment, place, kind, name].join('|');
}
