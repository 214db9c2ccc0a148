import { isPassing, pause, retryDelay } from '@greenroom/client';

/** Tries `request` until it answers, fails for good, or `patienceMs` have passed. The request must be idempotent. */
export async function persistently<T>(
  request: () => Promise<T>,
  options: {
    patienceMs: number;
    signal?: AbortSignal;
    onFailure?: (error: unknown) => void;
  },
): Promise<T> {
  const end = Date.now() + options.patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const delay = retryDelay(attempt);
      if (
        !isPassing(error) ||
        options.signal?.aborted ||
        Date.now() + delay > end
      ) {
        throw error;
      }
      options.onFailure?.(error);
      await pause(delay, options.signal);
    }
  }
}
