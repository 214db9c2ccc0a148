import { mockServices } from '@backstage/backend-test-utils';
import {
  guardEmptySnapshot,
  guardRemoval,
  readRemovalLimits,
  RefusedMutationError,
} from './guards';

const limits = { largestPercentage: 50, smallestGuarded: 20 };

describe('guardRemoval', () => {
  it('lets up to half of the entities go', () => {
    expect(() => guardRemoval(100, 50, limits)).not.toThrow();
  });

  it('refuses more than half at once, and says how to allow it', () => {
    expect(() => guardRemoval(100, 51, limits)).toThrow(
      /refused to remove 51 of 100 .*largestRemovalPercentage \(now 50\)/,
    );
  });

  it('leaves small catalogs alone', () => {
    expect(() => guardRemoval(20, 20, limits)).not.toThrow();
  });
});

describe('guardEmptySnapshot', () => {
  it('refuses a snapshot without entities', () => {
    expect(() => guardEmptySnapshot(0)).toThrow(RefusedMutationError);
    expect(() => guardEmptySnapshot(1)).not.toThrow();
  });
});

describe('readRemovalLimits', () => {
  it('has defaults', () => {
    expect(readRemovalLimits(mockServices.rootConfig())).toEqual(limits);
  });

  it('takes what is configured', () => {
    const config = mockServices.rootConfig({
      data: {
        catalog: {
          providers: {
            greenroom: {
              largestRemovalPercentage: 10,
              smallestGuardedRemoval: 0,
            },
          },
        },
      },
    });

    expect(readRemovalLimits(config)).toEqual({
      largestPercentage: 10,
      smallestGuarded: 0,
    });
  });
});
