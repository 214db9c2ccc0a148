import { DateTime } from 'luxon';
import type { Owned } from '../api/description';
import { owned } from '../testing/FakePlatform';
import { detailsOf, endingVersions, holdingsOf } from './words';

const environment = (name: string, owns: Owned[]) => ({
  environment: name,
  host: null,
  visibility: 'internal' as const,
  owns,
});
const dns = (host: string, where: Owned['where'] = 'cluster') =>
  owned({ kind: 'dns', name: host, where, place: 'one', details: {} });

describe('holdingsOf', () => {
  it('has a line for each thing, whatever it is called in each environment', () => {
    const holdings = holdingsOf([
      environment('staging', [
        owned(),
        owned({ name: 'orders-postgresql' }),
        dns('api.staging.example.com'),
      ]),
      environment('production', [
        owned(),
        dns('api.example.com'),
        dns('api.example.com', 'aws'),
      ]),
    ]);

    expect(holdings.map(each => each.title)).toEqual([
      'Database',
      'Database orders',
      'DNS name',
    ]);
    expect([...holdings[1].places.keys()]).toEqual(['staging']);
    expect(holdings[2].places.get('production')).toHaveLength(2);
  });
});

describe('detailsOf', () => {
  it('says in a line what it is', () => {
    expect(detailsOf(owned())).toBe(
      'PostgreSQL 17, small (db.t4g.small, 20 GiB)',
    );
    expect(detailsOf(owned({ details: { type: 's3' } }))).toBe('S3');
    expect(detailsOf(dns('api.example.com'))).toBe(
      'api.example.com (cluster one)',
    );
    expect(detailsOf(dns('api.example.com', 'aws'))).toBe(
      'api.example.com (stack one)',
    );
  });
});

describe('endingVersions', () => {
  const on = (day: string) =>
    endingVersions(
      [environment('staging', [owned()]), environment('production', [owned()])],
      DateTime.fromISO(day),
    );

  it('names once what is mended no more, or not for long', () => {
    expect(on('2029-01-01')).toEqual([]);
    expect(on('2029-10-01')).toEqual([
      'PostgreSQL 17 is mended until 2029-11-08: choose a newer version by then',
    ]);
    expect(on('2030-01-01')).toEqual([
      'PostgreSQL 17 has not been mended since 2029-11-08: choose a newer version',
    ]);
  });
});
