/** A first retry soon, since a server that restarts is back in seconds. */
const FIRST_DELAY_MS = 500;
/** Then every ten, so that even a thousand browsers ask a server in trouble no more than 200 times a second. */
const LONGEST_DELAY_MS = 10_000;

/**
 * Milliseconds to wait before retry number `attempt` (from 0): doubling, with a half of it left to chance, so
 * that clients that lost a server together don't come back together.
 */
export function retryDelay(
  attempt: number,
  random: () => number = Math.random,
): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return delay * (0.5 + random() / 2);
}

/** Waits, and no longer than until `signal` aborts. Never throws: ask the signal afterwards. */
export async function pause(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) {
    return;
  }
  let finish = () => {};
  const waiting = new Promise<void>(resolve => {
    finish = resolve;
  });
  const timer = setTimeout(finish, milliseconds);
  signal?.addEventListener('abort', finish);
  await waiting;
  clearTimeout(timer);
  signal?.removeEventListener('abort', finish);
}
