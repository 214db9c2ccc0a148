import { runIdOf } from './runId';

const step = {
  task: 'C0FFEE00-0000-4000-8000-000000000001',
  step: 'render',
  action: 'greenroom:golden-path:render',
  input: { goldenPath: 'python-service', values: { name: 'x', team: 'y' } },
  dryRun: false,
};

describe('runIdOf', () => {
  it('is the same for every retry, whatever the order of the input', () => {
    const again = {
      ...step,
      input: { values: { team: 'y', name: 'x' }, goldenPath: 'python-service' },
    };

    expect(runIdOf(again)).toBe(runIdOf(step));
  });

  it('differs for another input, step, task, action and for a dry run', () => {
    const ids = [
      step,
      { ...step, input: {} },
      { ...step, step: 'publish' },
      { ...step, task: 'c0ffee00-0000-4000-8000-000000000002' },
      { ...step, action: 'greenroom:repository:publish' },
      { ...step, dryRun: true },
    ].map(runIdOf);

    expect(new Set(ids).size).toBe(6);
  });

  it('is an id that Greenroom takes, with room for the number of a retry', () => {
    expect(runIdOf(step)).toMatch(/^[a-z0-9-]{8,60}$/);
    expect(runIdOf({ ...step, task: 'Ü/'.repeat(99) })).toMatch(
      /^[a-z0-9-]{8,60}$/,
    );
  });
});
