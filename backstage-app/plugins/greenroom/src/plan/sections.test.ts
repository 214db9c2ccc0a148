import { change, kept, plan } from '../testing/FakePlatform';
import { isInStep, sectionsOf, summaryOf } from './sections';

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

  it('keeps apart what stays as it is', () => {
    const [{ changes, unchanged }] = sectionsOf(
      plan([kept('Service'), change()]),
    );

    expect(changes).toHaveLength(1);
    expect(unchanged.map(each => each.kind)).toEqual(['Service']);
  });
});

describe('summaryOf', () => {
  it('names each number, also those of which there are none', () => {
    const { counts } = plan([
      change({ verb: 'create' }),
      change({ verb: 'create' }),
      change(),
    ]);

    expect(summaryOf(counts)).toBe(
      '2 to create, 1 to change, 0 to replace, 0 to delete',
    );
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
