import { useCallback, useEffect, useState } from 'react';

/** What has been answered so far to one question. */
export interface Answer<T> {
  value?: T;
  /** Why there is no newer value. */
  error?: unknown;
  asking: boolean;
  /** When `value` was given (ISO 8601). */
  at?: string;
}

/**
 * Asks once, and again whenever `ask` is another function or `again` is called; undefined asks nothing. What was
 * answered to `ask` stays until it is answered anew; the answer to another question is forgotten at once.
 */
export function useAnswer<T>(
  ask: ((signal: AbortSignal) => Promise<T>) | undefined,
): Answer<T> & { again: () => void } {
  const [round, setRound] = useState(0);
  const [known, setKnown] = useState<Answer<T> & { to?: unknown }>({
    asking: false,
  });
  useEffect(() => {
    if (!ask) {
      return undefined;
    }
    const stopping = new AbortController();
    const take = (answer: (before: Answer<T>) => Answer<T>) =>
      !stopping.signal.aborted &&
      setKnown(before => ({
        ...answer(before.to === ask ? before : { asking: false }),
        to: ask,
      }));
    take(before => ({ ...before, asking: true }));
    ask(stopping.signal).then(
      value =>
        take(() => ({ value, asking: false, at: new Date().toISOString() })),
      error => take(before => ({ ...before, error, asking: false })),
    );
    return () => stopping.abort();
  }, [ask, round]);
  const again = useCallback(() => setRound(count => count + 1), []);
  // The effect comes after the first rendering with another question, which must not show the answer to the last.
  const { to, ...answer } = known;
  return { ...(ask && to === ask ? answer : { asking: !!ask }), again };
}
