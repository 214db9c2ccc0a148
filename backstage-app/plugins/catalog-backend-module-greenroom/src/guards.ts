import type { RootConfigService } from '@backstage/backend-plugin-api';

/** What may be taken out of the catalog at once. */
export interface RemovalLimits {
  largestPercentage: number;
  smallestGuarded: number;
}

/** An answer that would take away so much that it is more likely a fault than somebody's wish. */
export class RefusedMutationError extends Error {
  override readonly name = 'RefusedMutationError';
}

export function readRemovalLimits(config: RootConfigService): RemovalLimits {
  const section = config.getOptionalConfig('catalog.providers.greenroom');
  return {
    largestPercentage:
      section?.getOptionalNumber('largestRemovalPercentage') ?? 50,
    smallestGuarded: section?.getOptionalNumber('smallestGuardedRemoval') ?? 20,
  };
}

/** Throws RefusedMutationError when `removed` of `known` entities are too many to go at once. */
export function guardRemoval(
  known: number,
  removed: number,
  limits: RemovalLimits,
): void {
  if (removed <= limits.smallestGuarded) {
    return;
  }
  if ((removed / known) * 100 > limits.largestPercentage) {
    throw new RefusedMutationError(
      `refused to remove ${removed} of ${known} entities at once. If that is meant, raise ` +
        `catalog.providers.greenroom.largestRemovalPercentage (now ${limits.largestPercentage}).`,
    );
  }
}

/** Throws RefusedMutationError for a snapshot without entities: a platform has at least its organisation. */
export function guardEmptySnapshot(entities: number): void {
  if (entities === 0) {
    throw new RefusedMutationError(
      'refused an empty snapshot. Check the sources at /api/live/v1/sources.',
    );
  }
}
