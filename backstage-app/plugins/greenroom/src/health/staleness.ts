import type { Judgement } from '../api/types';

/**
 * The judgement to show: what was heard too long ago is unknown, whatever it was, and says what it was.
 */
export function judgementNow<T extends Judgement>(
  judgement: T,
  stale: boolean,
): T {
  if (!stale) {
    return judgement;
  }
  return {
    ...judgement,
    status: 'Unknown',
    message: `Was ${judgement.status} when Greenroom was last heard of. ${judgement.message}`,
  };
}
