import { DateTime } from 'luxon';
import type { DescribedEnvironment, Owned } from '../api/description';

/** Days in which a service is moved to a newer version without haste. */
const SOON_DAYS = 180;

const KINDS: Record<Owned['kind'], string> = {
  database: 'Database',
  cache: 'Cache',
  bucket: 'Bucket',
  queue: 'Queue',
  dns: 'DNS name',
  certificate: 'Certificate',
};
const PRODUCTS: Record<string, string> = {
  postgresql: 'PostgreSQL',
  redis: 'Redis',
  s3: 'S3',
  sqs: 'SQS',
};

/** One thing in all its environments. */
export interface Holding {
  title: string;
  /** By environment; a name at AWS and in a cluster are two. */
  places: Map<string, Owned[]>;
}

/** What a service owns, a line for each thing; hosts differ by environment and are the same thing. */
export function holdingsOf(environments: DescribedEnvironment[]): Holding[] {
  const holdings = new Map<string, Holding>();
  for (const { environment, owns } of environments) {
    for (const owned of owns) {
      const title = titleOf(owned);
      const holding = holdings.get(title) ?? { title, places: new Map() };
      const here = holding.places.get(environment) ?? [];
      holding.places.set(environment, [...here, owned]);
      holdings.set(title, holding);
    }
  }
  return [...holdings.values()];
}

function titleOf({ kind, name, details: { type } }: Owned): string {
  // A name of its own stands before the type: `orders-sqs`.
  const own = type && name !== type ? ` ${name.replace(`-${type}`, '')}` : '';
  return KINDS[kind] + own;
}

/** What it is, in a line: “PostgreSQL 17, small (db.t4g.small, 20 GiB)”, or its host. */
export function detailsOf({ name, details, place, where }: Owned): string {
  const { type, size, instance, version, storageGib } = details;
  if (!type) {
    return `${name} (${
      where === 'aws' ? `stack ${place}` : `cluster ${place}`
    })`;
  }
  const more = [instance, storageGib && `${storageGib} GiB`].filter(Boolean);
  return [
    [PRODUCTS[type] ?? type, version].filter(Boolean).join(' '),
    [size, more.length > 0 && `(${more.join(', ')})`].filter(Boolean).join(' '),
  ]
    .filter(Boolean)
    .join(', ');
}

/** Each version of something owned that is mended no more, or not for long, in a sentence. */
export function endingVersions(
  environments: DescribedEnvironment[],
  now: DateTime,
): string[] {
  const sentences = environments.flatMap(({ owns }) =>
    owns.flatMap(({ details: { type = '', version, supportedUntil } }) => {
      if (!supportedUntil) {
        return [];
      }
      const days = DateTime.fromISO(supportedUntil).diff(now).as('days');
      if (days > SOON_DAYS) {
        return [];
      }
      const what = `${PRODUCTS[type] ?? type} ${version}`;
      return [
        days < 0
          ? `${what} has not been mended since ${supportedUntil}: choose a newer version`
          : `${what} is mended until ${supportedUntil}: choose a newer version by then`,
      ];
    }),
  );
  return [...new Set(sentences)];
}
