import { cluster } from '../testing/FakeHealth';
import { leastKnownFirst, wordsOf } from './clusterWords';

describe('the words of a cluster', () => {
  it('says why nothing is known', () => {
    const { shown, sentence } = wordsOf(
      cluster('eu', { state: 'unreachable', message: 'It refused us.' }),
    );
    expect([shown, sentence]).toEqual(['Unknown', 'It refused us.']);
    expect(wordsOf(cluster('eu', { state: 'unreachable' })).sentence).toBe(
      'It does not answer.',
    );
  });

  it('never calls healthy what is heard in part', () => {
    const kinds = ['A', 'B', 'C', 'D', 'E', 'F'].map(name => ({
      name,
      state: 'refused' as const,
    }));
    expect(
      wordsOf(
        cluster('eu', { kinds: [...kinds, { name: 'Pod', state: 'stale' }] }),
      ),
    ).toEqual({
      shown: 'Unknown',
      word: 'Partly unknown',
      sentence: 'May not list A, B, C, D and 2 more. Hears nothing of Pod.',
    });
  });

  it('has the least known first', () => {
    const ordered = leastKnownFirst([
      cluster('b'),
      cluster('a'),
      cluster('starting', { state: 'starting' }),
      cluster('partly', { kinds: [{ name: 'Pod', state: 'refused' }] }),
      cluster('gone', { state: 'unreachable' }),
    ]);
    expect(ordered.map(each => each.name)).toEqual([
      'gone',
      'partly',
      'starting',
      'a',
      'b',
    ]);
  });
});
