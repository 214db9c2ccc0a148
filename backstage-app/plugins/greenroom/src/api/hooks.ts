import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { explain } from '@greenroom/client';
import { healthApiRef, type HealthState } from './HealthApi';
import type { Cluster, HealthDetail, HealthSummary } from './types';
import { useAnswer, type Answer } from './useAnswer';

/** Of what no service tells, such as a kind that may not be listed, nobody waits for longer; each answer is small. */
const CLUSTERS_RENEWAL_MS = 30_000;

/** The state of the shared stream; renders again at each change of it. */
export function useHealthState(): HealthState {
  const api = useApi(healthApiRef);
  const subscribe = useCallback(
    (listener: () => void) => api.subscribe(listener),
    [api],
  );
  return useSyncExternalStore(subscribe, () => api.getState());
}

/** The health of one entity; renders again only when that or the connection changes. */
export function useHealth(entityRef: string): {
  connection: HealthState['connection'];
  stale: boolean;
  summary: HealthSummary | undefined;
} {
  const api = useApi(healthApiRef);
  const subscribe = useCallback(
    (listener: () => void) => api.subscribe(listener),
    [api],
  );
  return {
    connection: useSyncExternalStore(
      subscribe,
      () => api.getState().connection,
    ),
    stale: useSyncExternalStore(subscribe, () => api.getState().stale),
    summary: useSyncExternalStore(subscribe, () =>
      api.getState().health.get(entityRef),
    ),
  };
}

/**
 * All that is known of an entity's health, asked for again whenever the stream says that something changed. What
 * was known stays until the new answer is there; `detail` is null for an entity whose health nobody watches.
 */
export function useHealthDetail(entityRef: string): {
  detail: HealthDetail | null | undefined;
  error: string | undefined;
} {
  const api = useApi(healthApiRef);
  const { summary, connection } = useHealth(entityRef);
  const [known, setKnown] = useState<{
    detail?: HealthDetail | null;
    error?: string;
  }>({});
  useEffect(() => {
    let current = true;
    api.getDetail(entityRef).then(
      detail => current && setKnown({ detail: detail ?? null }),
      error =>
        current &&
        setKnown(({ detail }) => ({ detail, error: explain(error) })),
    );
    return () => {
      current = false;
    };
  }, [api, entityRef, summary, connection]);
  return { detail: known.detail, error: known.error };
}

/** The clusters, asked for again when services of other clusters than before become unknown, and now and then. */
export function useClusters(): Answer<Cluster[]> {
  const api = useApi(healthApiRef);
  const { health } = useHealthState();
  const unknown = useMemo(() => clustersUnknown(health), [health]);
  const ask = useCallback(
    (signal: AbortSignal) => api.getClusters(signal),
    [api],
  );
  const { again, ...answer } = useAnswer(ask);
  const askedOf = useRef(unknown);
  useEffect(() => {
    if (askedOf.current !== unknown) {
      askedOf.current = unknown;
      again();
    }
    const timer = setInterval(again, CLUSTERS_RENEWAL_MS);
    return () => clearInterval(timer);
  }, [again, unknown]);
  return answer;
}

function clustersUnknown(health: HealthState['health']): string {
  const found = [...health.values()]
    .flatMap(each => each.environments)
    .filter(each => each.status === 'Unknown')
    .map(each => each.cluster);
  return [...new Set(found)].sort().join();
}

/** The time in milliseconds, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
