import { summary } from '../testing/FakeHealth';
import { judgementNow } from './staleness';

describe('judgementNow', () => {
  it('leaves what was just heard as it is', () => {
    const heard = summary('order-api');

    expect(judgementNow(heard, false)).toBe(heard);
  });

  it('never calls healthy what was heard too long ago', () => {
    expect(judgementNow(summary('order-api'), true)).toMatchObject({
      status: 'Unknown',
      message:
        'Was Healthy when Greenroom was last heard of. 3 of 3 pods ready.',
    });
  });
});
