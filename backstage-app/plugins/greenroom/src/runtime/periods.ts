import type { EnvironmentTimeline, Verdict } from '../api/types';

/** A stretch of time in one status; `left` and `width` are shares of the window. */
export interface Period {
  status: Verdict;
  message: string;
  from: string;
  left: number;
  width: number;
}

/** What stood when, within the window from `from` until `until`. Before the first transition nothing is known. */
export function periodsOf(
  { transitions }: EnvironmentTimeline,
  from: string,
  until: string,
): Period[] {
  const start = Date.parse(from);
  const end = Date.parse(until);
  const length = Math.max(1, end - start);
  return transitions
    .map((each, index) => {
      const next = transitions[index + 1];
      const began = Math.max(start, Date.parse(each.at));
      const ended = Math.min(end, next ? Date.parse(next.at) : end);
      return {
        status: each.status,
        message: each.message,
        from: each.at,
        left: (began - start) / length,
        width: (ended - began) / length,
      };
    })
    .filter(each => each.width > 0);
}

/** Such as `99.3% healthy`; what is not known is no number. */
export function shareInWords(healthy: number | null): string {
  if (healthy === null) {
    return 'no data';
  }
  const percent = healthy < 1 ? Math.min(healthy * 100, 99.99) : 100;
  return `${Number(percent.toPrecision(4))}% healthy`;
}
