import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { FakeHealth, summary } from '../testing/FakeHealth';
import { HEALTH_ORDER, orderingByHealth } from './orderingByHealth';

const entity = (name: string, type = 'service') => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default' },
  spec: { type },
});

describe('orderingByHealth', () => {
  const mock = catalogApiMock({
    entities: [
      ...['a', 'b', 'c', 'd', 'e'].map(name => entity(name)),
      entity('f', 'library'),
    ],
  });
  const byHealth = {
    filter: { 'spec.type': 'service' },
    orderFields: HEALTH_ORDER.getOrderFilters(),
    limit: 2,
  };
  const open = () => {
    const health = new FakeHealth();
    health.tell(
      summary('b'),
      summary('c', 'Unknown'),
      summary('e', 'Degraded'),
      summary('f', 'Unknown'),
    );
    return { health, catalog: orderingByHealth(mock, health) };
  };
  const names = ({ items }: { items: { metadata: { name: string } }[] }) =>
    items.map(each => each.metadata.name).join('');

  it('pages through all that match, the worst first and the unwatched last', async () => {
    const { catalog } = open();
    const first = await catalog.queryEntities(byHealth);
    expect([names(first), first.totalItems]).toEqual(['ce', 5]);
    expect(first.pageInfo.prevCursor).toBeUndefined();
    // Whole entities, and not the references that were ordered.
    expect(first.items[0].spec).toEqual({ type: 'service' });

    const follow = (cursor?: string) =>
      catalog.queryEntities({ cursor: cursor!, limit: 2 });
    const second = await follow(first.pageInfo.nextCursor);
    const third = await follow(second.pageInfo.nextCursor);
    expect([names(second), names(third)]).toEqual(['ba', 'd']);
    expect(third.pageInfo.nextCursor).toBeUndefined();
    expect(names(await follow(second.pageInfo.prevCursor))).toBe('ce');
  });

  it('stays in its order from page to page while health changes', async () => {
    const { catalog, health } = open();
    const first = await catalog.queryEntities(byHealth);
    health.tell(summary('d', 'Unknown'), summary('c'));
    const cursor = first.pageInfo.nextCursor!;
    expect(names(await catalog.queryEntities({ cursor, limit: 2 }))).toBe('ba');
    expect(names(await catalog.queryEntities(byHealth))).toBe('de');
  });

  it('goes to an offset', async () => {
    const { catalog } = open();
    expect(names(await catalog.queryEntities({ ...byHealth, offset: 2 }))).toBe(
      'ba',
    );
  });

  it('has nothing behind a cursor of before', async () => {
    const cursor = 'greenroom/health|7|2';
    expect(names(await open().catalog.queryEntities({ cursor }))).toBe('');
  });

  it('leaves every other question to the catalog, and counts without an order', async () => {
    const asked = jest.spyOn(mock, 'queryEntities');
    const { catalog } = open();
    const other = { filter: { kind: 'component' }, limit: 3 };
    expect(names(await catalog.queryEntities(other))).toBe('abc');
    expect(asked).toHaveBeenLastCalledWith(other, undefined);
    await catalog.queryEntities({ ...byHealth, limit: 0 });
    expect(asked).toHaveBeenLastCalledWith(
      { filter: byHealth.filter, limit: 0 },
      undefined,
    );
    const found = await catalog.getEntityByRef('component:default/a');
    expect(found?.metadata.name).toBe('a');
  });
});
