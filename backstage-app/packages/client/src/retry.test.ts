import { pause, retryDelay } from './retry';

describe('retryDelay', () => {
  it('doubles from half a second to ten seconds', () => {
    const delays = [0, 1, 2, 10].map(attempt => retryDelay(attempt, () => 1));

    expect(delays).toEqual([500, 1000, 2000, 10_000]);
  });

  it('leaves a half to chance', () => {
    expect(retryDelay(0, () => 0)).toBe(250);
  });
});

describe('pause', () => {
  it('ends when the signal aborts', async () => {
    const controller = new AbortController();
    const paused = pause(60_000, controller.signal);

    controller.abort();

    await expect(paused).resolves.toBeUndefined();
  });

  it('does not begin when the signal has aborted', async () => {
    await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
