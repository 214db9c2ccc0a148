import type { Entity } from '@backstage/catalog-model';

/** Set by Greenroom on what has a service document: the environments that it names. */
export const ENVIRONMENTS = 'greenroom/environments';
const SOURCE_LOCATION = 'backstage.io/source-location';
/** Owner and name, which may be called anything. */
const OWNER_AND_NAME = 2;

/** The address of the repository that a service comes from; undefined for what comes from somewhere else. */
export function repositoryOf(entity: Entity): string | undefined {
  const source = entity.metadata.annotations?.[SOURCE_LOCATION];
  if (!source?.startsWith('url:')) {
    return undefined;
  }
  const { origin, pathname } = new URL(source.slice('url:'.length));
  const parts = pathname.split('/').filter(Boolean);
  // GitHub shows a folder as `owner/name/tree/branch/folder`.
  const tree = parts.indexOf('tree', OWNER_AND_NAME);
  return [origin, ...(tree < 0 ? parts : parts.slice(0, tree))].join('/');
}

/** The environments that a service of the catalog runs in. */
export function environmentsOf(entity: Entity): string[] {
  const names = entity.metadata.annotations?.[ENVIRONMENTS] ?? '';
  return names.split(',').filter(Boolean);
}
