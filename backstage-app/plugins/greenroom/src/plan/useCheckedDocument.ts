import { useCallback, useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { platformApiRef } from '../api/PlatformApi';
import type { Validation } from '../api/plan';
import { useAnswer } from '../api/useAnswer';

/** Milliseconds without a key: nobody reads about errors while they type. */
const PAUSE_MS = 500;

/** What is wrong with a document, looked at again whenever its author pauses. */
export function useCheckedDocument(document: string): Validation | undefined {
  const platform = useApi(platformApiRef);
  const [settled, setSettled] = useState(document);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(document), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [document]);
  const ask = useCallback(
    (signal: AbortSignal) => platform.validate(settled, signal),
    [platform, settled],
  );
  const { value } = useAnswer(settled.trim() ? ask : undefined);
  const [last, setLast] = useState<Validation>();
  useEffect(() => {
    if (value) {
      setLast(value);
    }
  }, [value]);
  // What was found a moment ago stays until there is news, so that nothing blinks while somebody types.
  return document.trim() ? value ?? last : undefined;
}
