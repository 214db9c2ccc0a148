import { periodsOf, shareInWords } from './periods';

describe('periods', () => {
  const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
  const transition = (day: number, status: 'Healthy' | 'Degraded') => ({
    at: at(day),
    status,
    reason: null,
    message: `is ${status}`,
  });
  const timeline = (...transitions: ReturnType<typeof transition>[]) => ({
    name: 'production',
    cluster: 'eu',
    healthy: null,
    spent: {},
    transitions,
  });

  it('fill the window from the first transition on', () => {
    const found = periodsOf(
      timeline(transition(1, 'Healthy'), transition(4, 'Degraded')),
      at(2),
      at(6),
    );
    expect(
      found.map(({ status, left, width }) => [status, left, width]),
    ).toEqual([
      ['Healthy', 0, 0.5],
      ['Degraded', 0.5, 0.5],
    ]);
  });

  it('leave open what nobody saw', () => {
    const [only] = periodsOf(timeline(transition(4, 'Healthy')), at(2), at(6));
    expect([only.left, only.width]).toEqual([0.5, 0.5]);
  });

  it('are summed up in words that round nothing up', () => {
    expect(shareInWords(null)).toBe('no data');
    expect(shareInWords(1)).toBe('100% healthy');
    expect(shareInWords(0.9999999)).toBe('99.99% healthy');
    expect(shareInWords(0)).toBe('0% healthy');
    expect(shareInWords(0.98765)).toBe('98.77% healthy');
  });
});
