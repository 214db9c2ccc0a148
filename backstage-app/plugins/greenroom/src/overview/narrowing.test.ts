import { environment, summary } from '../testing/FakeHealth';
import { matching, narrowedQuery, narrowingOf, within } from './narrowing';

describe('the narrowing of a list', () => {
  const read = (query: string) => narrowingOf(new URLSearchParams(query));

  it('is read from an address, and written into it beside what else is there', () => {
    const narrowing = read(
      'owner=Commerce&environment=staging&verdict=degraded',
    );
    expect(narrowing).toMatchObject({
      owner: 'group:default/commerce',
      environment: 'staging',
      verdict: 'Degraded',
    });
    const query = narrowedQuery(
      new URLSearchParams('tab=1&text=old'),
      narrowing,
    );
    expect(query.toString()).toBe(
      'tab=1&owner=commerce&environment=staging&verdict=Degraded',
    );
    expect(narrowingOf(query)).toEqual(narrowing);
  });

  it.each(['group:shop/web', 'user:default/jo', 'group:default/web'])(
    'leads back to the owner %s',
    owner => {
      const query = narrowedQuery(new URLSearchParams(), { owner });
      expect(narrowingOf(query).owner).toBe(owner);
    },
  );

  it('passes over what means nothing', () => {
    const nothing = read('owner=:web&verdict=Sick&environment=&text=');
    expect(Object.values(nothing).filter(Boolean)).toEqual([]);
  });

  it('judges a service as it is in the environment, by the worst of its clusters', () => {
    const service = {
      ...summary('order-api', 'Missing'),
      environments: [
        environment('staging', 'Healthy', 'one'),
        environment('staging', 'Missing', 'two'),
        environment('production', 'Healthy', 'three'),
      ],
    };
    const statuses = (where: string) =>
      within([service], { environment: where }).map(each => each.status);
    expect(statuses('staging')).toEqual(['Missing']);
    expect(statuses('production')).toEqual(['Healthy']);
    expect(statuses('preview')).toEqual([]);
  });

  it('keeps what has the verdict and the text', () => {
    const all = [summary('broken', 'Degraded', 'It CRASHES.'), summary('well')];
    const names = (narrowing: Parameters<typeof matching>[1]) =>
      matching(all, narrowing).map(each => each.entityRef);
    expect(names({ verdict: 'Healthy' })).toEqual(['component:default/well']);
    expect(names({ text: ' crashes' })).toEqual(['component:default/broken']);
    expect(names({})).toHaveLength(2);
  });
});
