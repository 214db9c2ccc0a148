import type { Change, Cost, Plan, Verb } from '../api/plan';

/** What happens in one environment, or to what all environments share. */
export interface Section {
  /** Empty for what all environments share. */
  environment: string;
  /** The gravest first; nothing that stays as it is, and no files that only follow. */
  changes: Change[];
  /** Files of the repository that are written or removed: they say the same as what they are made of. */
  files: Change[];
  unchanged: Change[];
  /** What could not be compared, and why. */
  unknown: string[];
  cost?: Cost;
}

const GRAVEST_FIRST: readonly Verb[] = [
  'replace',
  'delete',
  'update',
  'create',
];

/** A plan by environment, in the order in which it names them; what they share comes last. */
export function sectionsOf({ changes, unknown, cost }: Plan): Section[] {
  const environments = new Set([
    ...changes.map(each => each.environment),
    ...Object.keys(unknown),
  ]);
  const shared = environments.delete('') ? [''] : [];
  return [...environments, ...shared].map(environment => {
    const here = changes.filter(each => each.environment === environment);
    const changing = here.filter(each => each.verb !== 'keep').sort(byGravity);
    return {
      environment,
      changes: changing.filter(each => !isMereFile(each)),
      files: changing.filter(isMereFile),
      unchanged: here.filter(each => each.verb === 'keep'),
      unknown: unknown[environment] ?? [],
      cost: cost[environment],
    };
  });
}

function isMereFile({ where, blocked }: Change): boolean {
  return where === 'repository' && !blocked;
}

function byGravity(one: Change, other: Change): number {
  const blocked = Number(!!other.blocked) - Number(!!one.blocked);
  return (
    blocked ||
    GRAVEST_FIRST.indexOf(one.verb) - GRAVEST_FIRST.indexOf(other.verb)
  );
}

/** “3 to create, 1 to change, 0 to replace, 0 to delete, 12 files to write”: of what runs, then the files. */
export function summaryOf({ changes }: Plan): string {
  const running = changes.filter(each => each.where !== 'repository');
  const count = (verb: Verb) =>
    running.filter(each => each.verb === verb).length;
  const files = changes.filter(
    each => each.where === 'repository' && each.verb !== 'keep',
  ).length;
  return [
    `${count('create')} to create`,
    `${count('update')} to change`,
    `${count('replace')} to replace`,
    `${count('delete')} to delete`,
    ...(files > 0
      ? [`${files} ${files === 1 ? 'file' : 'files'} to write`]
      : []),
  ].join(', ');
}

/** The plan without the files of the repository, for where they are listed otherwise. */
export function withoutFiles(plan: Plan): Plan {
  return {
    ...plan,
    changes: plan.changes.filter(
      each => each.where !== 'repository' || each.blocked,
    ),
  };
}

/** Whether nothing at all is left unsaid: a comparison that failed is no agreement. */
export function isInStep(plan: Plan): boolean {
  return !plan.hasChanges && Object.values(plan.unknown).flat().length === 0;
}

/** What an environment costs a month, in a sentence. */
export function costOf({ before, after, currency }: Cost): string {
  const more = Math.round(after - before);
  const month = `About ${Math.round(after)} ${currency} a month`;
  if (more === 0) {
    return `${month}, as now`;
  }
  if (Math.round(before) === 0) {
    return month;
  }
  return `${month}, ${Math.abs(more)} ${more > 0 ? 'more' : 'less'} than now`;
}

/** What the places are. */
export const PLACES = {
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
