import type { Entity } from '@backstage/catalog-model';
import { summary } from '../testing/FakeHealth';
import { HealthFilter } from './HealthFilter';

const healthOf = (...summaries: ReturnType<typeof summary>[]) =>
  new Map(summaries.map(each => [each.entityRef, each]));

const entity = (name: string, kind = 'Component'): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
});

describe('HealthFilter', () => {
  const health = healthOf(
    summary('order-api', 'Degraded'),
    summary('payment-api', 'Missing'),
    summary('checkout-web'),
  );

  it('asks the catalog for the names that match', () => {
    const filter = HealthFilter.of(['Degraded', 'Missing'], health);

    expect(filter.getCatalogFilters()).toEqual({
      'metadata.name': ['order-api', 'payment-api'],
    });
    expect(filter.toQueryValue()).toEqual(['Degraded', 'Missing']);
  });

  it('leaves only the entities themselves, not others of the same name', () => {
    const filter = HealthFilter.of(['Degraded'], health);

    expect(filter.filterEntity(entity('order-api'))).toBe(true);
    expect(filter.filterEntity(entity('order-api', 'API'))).toBe(false);
    expect(filter.filterEntity(entity('checkout-web'))).toBe(false);
  });

  it('finds nothing when nothing matches', () => {
    const filter = HealthFilter.of(['Suspended'], health);

    expect(filter.getCatalogFilters()).toEqual({ 'metadata.name': ['-'] });
  });

  it('does not ask for more names than an address can hold', () => {
    const many = healthOf(
      ...Array.from({ length: 201 }, (_, index) => summary(`service-${index}`)),
    );

    expect(HealthFilter.of(['Healthy'], many).getCatalogFilters()).toEqual({});
  });
});
