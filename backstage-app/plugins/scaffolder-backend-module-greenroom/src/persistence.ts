import { isPassing, pause, ProblemError, retryDelay } from '@greenroom/client';

/**
 * A portal that was restarted signs with a new key, and Greenroom looks for new keys every 30 seconds at most: for
 * that long, and a little more, a refused token is no verdict.
 */
const NEW_KEY_MS = 40_000;

const isUnauthenticated = (error: unknown) =>
  error instanceof ProblemError && error.status === 401;

/** Tries `request` until it answers, fails for good, or `patienceMs` have passed. The request must be idempotent. */
export async function persistently<T>(
  request: () => Promise<T>,
  options: {
    patienceMs: number;
    signal?: AbortSignal;
    onFailure?: (error: unknown) => void;
  },
): Promise<T> {
  const start = Date.now();
  const end = start + options.patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const delay = retryDelay(attempt);
      const passing =
        isPassing(error) ||
        (isUnauthenticated(error) && Date.now() - start < NEW_KEY_MS);
      if (!passing || options.signal?.aborted || Date.now() + delay > end) {
        throw error;
      }
      options.onFailure?.(error);
      await pause(delay, options.signal);
    }
  }
}
