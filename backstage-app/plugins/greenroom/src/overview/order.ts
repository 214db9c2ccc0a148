import { VERDICTS, type HealthSummary, type Verdict } from '../api/types';

/** Worst first; of what is equally bad, what has been so the longest, and then by name. */
export function worstFirst(
  summaries: Iterable<HealthSummary>,
): HealthSummary[] {
  return [...summaries].sort(
    (one, other) =>
      VERDICTS.indexOf(other.status) - VERDICTS.indexOf(one.status) ||
      (one.since ?? '').localeCompare(other.since ?? '') ||
      one.entityRef.localeCompare(other.entityRef),
  );
}

/** How many there are of each verdict, the worst first; `chosen` is among them even where there is none. */
export function counted(
  summaries: Iterable<HealthSummary>,
  chosen?: Verdict,
): { verdict: Verdict; count: number }[] {
  const counts = new Map<Verdict, number>();
  for (const { status } of summaries) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...VERDICTS]
    .reverse()
    .map(verdict => ({ verdict, count: counts.get(verdict) ?? 0 }))
    .filter(({ verdict, count }) => count > 0 || verdict === chosen);
}
