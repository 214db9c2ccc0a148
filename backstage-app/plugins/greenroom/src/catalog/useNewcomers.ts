import { useEffect, useRef, useState } from 'react';
import { useEntityList } from '@backstage/plugin-catalog-react';
import { useHealthState } from '../api/hooks';

/** The catalog shows an entity up to two seconds after Greenroom has told it. */
const CATALOG_DELAY_MS = 2_000;

/** Reads the list again when the stream of health knows an entity that it did not know before. */
export function useNewcomers(): void {
  const { connection, health } = useHealthState();
  const { refresh } = useEntityList();
  const known = useRef<ReadonlySet<string>>();
  const [arrivals, setArrivals] = useState(0);
  useEffect(() => {
    if (connection === 'connecting') {
      return;
    }
    const before = known.current;
    known.current = new Set(health.keys());
    if (before && [...health.keys()].some(ref => !before.has(ref))) {
      setArrivals(count => count + 1);
    }
  }, [connection, health]);
  useEffect(() => {
    if (arrivals === 0) {
      return undefined;
    }
    const timer = setTimeout(() => refresh?.(), CATALOG_DELAY_MS);
    return () => clearTimeout(timer);
  }, [arrivals, refresh]);
}
