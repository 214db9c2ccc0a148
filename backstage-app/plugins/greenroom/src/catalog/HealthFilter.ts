import {
  parseEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { EntityFilter } from '@backstage/plugin-catalog-react';
import type { HealthSummary, Verdict } from '../api/types';

/** The catalog takes its filter in the address, which may have some 16,000 characters: about 60 for each name. */
const MOST_NAMES = 200;
/** No entity can have this name, so nothing is found by it. */
const NOBODY = '-';

/**
 * Leaves the entities with one of `verdicts`. The catalog knows nothing of health, so it is asked for their names.
 * Of too many names it can't be asked; then each page shows those of its entities that match.
 */
export class HealthFilter implements EntityFilter {
  private constructor(
    readonly verdicts: readonly Verdict[],
    readonly entityRefs: ReadonlySet<string>,
  ) {}

  static of(
    verdicts: readonly Verdict[],
    health: ReadonlyMap<string, HealthSummary>,
  ): HealthFilter {
    const refs = [...health.values()]
      .filter(each => verdicts.includes(each.status))
      .map(each => each.entityRef)
      .sort();
    return new HealthFilter(verdicts, new Set(refs));
  }

  getCatalogFilters(): Record<string, string[]> {
    const names = new Set(
      [...this.entityRefs].map(ref => parseEntityRef(ref).name),
    );
    if (names.size > MOST_NAMES) {
      return {};
    }
    return { 'metadata.name': names.size > 0 ? [...names] : [NOBODY] };
  }

  filterEntity(entity: Entity): boolean {
    return this.entityRefs.has(stringifyEntityRef(entity));
  }

  toQueryValue(): string[] {
    return [...this.verdicts];
  }
}
