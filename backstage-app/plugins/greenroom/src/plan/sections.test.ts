import { change, kept, plan } from '../testing/FakePlatform';
import { costOf, isInStep, sectionsOf, summaryOf } from './sections';

describe('sectionsOf', () => {
  it('keeps the environments in their order, and puts last what they share', () => {
    const sections = sectionsOf(
      plan(
        [
          change({ environment: '', where: 'repository' }),
          change({ environment: 'staging' }),
          change({ environment: 'production' }),
        ],
        { preview: ['cluster preview does not answer'] },
      ),
    );

    expect(sections.map(each => each.environment)).toEqual([
      'staging',
      'production',
      'preview',
      '',
    ]);
  });

  it('puts first what cannot be done, then what takes something away', () => {
    const verbs = ['create', 'update', 'delete', 'replace'] as const;
    const [{ changes }] = sectionsOf(
      plan([
        ...verbs.map(verb => change({ verb, kind: verb })),
        change({ verb: 'create', kind: 'blocked', blocked: 'No.' }),
      ]),
    );

    expect(changes.map(each => each.kind)).toEqual([
      'blocked',
      'replace',
      'delete',
      'update',
      'create',
    ]);
  });

  it('keeps apart files that only follow, and not those that cannot be written', () => {
    const file = change({ where: 'repository', kind: 'File' });
    const [{ changes, files }] = sectionsOf(
      plan([
        file,
        { ...file, name: 'mine', blocked: 'It is somebody else’s.' },
      ]),
    );

    expect(files).toEqual([file]);
    expect(changes.map(each => each.name)).toEqual(['mine']);
  });

  it('keeps apart what stays as it is', () => {
    const [{ changes, unchanged }] = sectionsOf(
      plan([kept('Service'), change()]),
    );

    expect(changes).toHaveLength(1);
    expect(unchanged.map(each => each.kind)).toEqual(['Service']);
  });
});

describe('summaryOf', () => {
  it('names each number of what runs, also those of which there are none, then the files', () => {
    const file = change({ where: 'repository', kind: 'File' });

    expect(
      summaryOf(
        plan([
          change({ verb: 'create' }),
          change({ verb: 'create' }),
          change(),
        ]),
      ),
    ).toBe('2 to create, 1 to change, 0 to replace, 0 to delete');
    expect(summaryOf(plan([file, { ...file, name: 'other' }]))).toBe(
      '0 to create, 0 to change, 0 to replace, 0 to delete, 2 files to write',
    );
  });
});

describe('costOf', () => {
  const month = (before: number, after: number) =>
    costOf({ before, after, currency: 'USD', date: '2026-11-01' });

  it('says what a month costs, and how that changes', () => {
    expect(month(0, 61.6)).toBe('About 62 USD a month');
    expect(month(24, 62)).toBe('About 62 USD a month, 38 more than now');
    expect(month(62, 24)).toBe('About 24 USD a month, 38 less than now');
    expect(month(62, 62.2)).toBe('About 62 USD a month, as now');
  });
});

describe('isInStep', () => {
  it('takes a comparison that failed for no agreement', () => {
    expect(isInStep(plan([kept('Service')]))).toBe(true);
    expect(
      isInStep(plan([kept('Service')], { staging: ['AWS does not answer'] })),
    ).toBe(false);
    expect(isInStep(plan([change()]))).toBe(false);
  });
});
