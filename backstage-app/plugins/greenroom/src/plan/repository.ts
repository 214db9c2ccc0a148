import type { Entity } from '@backstage/catalog-model';

/** Set by Greenroom on what has a service document: the environments that it names. */
export const ENVIRONMENTS = 'greenroom/environments';
const SOURCE_LOCATION = 'backstage.io/source-location';
/** Owner and name, which may be called anything. */
const OWNER_AND_NAME = 2;

export interface ServiceRepository {
  /** `owner/name` */
  name: string;
  /** Its page. */
  url: string;
}

/** The repository that a service comes from; undefined for what comes from somewhere else. */
export function repositoryOf(entity: Entity): ServiceRepository | undefined {
  const source = entity.metadata.annotations?.[SOURCE_LOCATION];
  if (!source?.startsWith('url:')) {
    return undefined;
  }
  const { origin, pathname } = new URL(source.slice('url:'.length));
  const parts = pathname.split('/').filter(Boolean);
  // GitHub shows a folder as `owner/name/tree/branch/folder`.
  const tree = parts.indexOf('tree', OWNER_AND_NAME);
  const path = tree < 0 ? parts : parts.slice(0, tree);
  return {
    name: path.slice(-OWNER_AND_NAME).join('/'),
    url: [origin, ...path].join('/'),
  };
}

/** The environments that a service of the catalog runs in. */
export function environmentsOf(entity: Entity): string[] {
  const names = entity.metadata.annotations?.[ENVIRONMENTS] ?? '';
  return names.split(',').filter(Boolean);
}
