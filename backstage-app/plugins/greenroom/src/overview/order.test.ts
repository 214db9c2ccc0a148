import { summary } from '../testing/FakeHealth';
import { counted, worstFirst } from './order';

describe('the order of services', () => {
  const old = { ...summary('old', 'Degraded'), since: '2026-01-01T00:00:00Z' };
  const recent = {
    ...summary('recent', 'Degraded'),
    since: '2026-01-02T00:00:00Z',
  };

  it('has the worst first, and of those the oldest trouble', () => {
    const given = [summary('well'), recent, summary('lost', 'Unknown'), old];
    expect(worstFirst(given).map(each => each.entityRef)).toEqual([
      'component:default/lost',
      'component:default/old',
      'component:default/recent',
      'component:default/well',
    ]);
  });

  it('counts each verdict that there is', () => {
    expect(counted([old, summary('well'), recent])).toEqual([
      { verdict: 'Degraded', count: 2 },
      { verdict: 'Healthy', count: 1 },
    ]);
  });

  it('keeps the verdict that is chosen, so that it can be given up', () => {
    expect(counted([], 'Degraded')).toEqual([
      { verdict: 'Degraded', count: 0 },
    ]);
  });
});
