import { SilentStreamError } from './events';
import { explain, isPassing } from './failure';
import { ProblemError } from './problem';

const refused = Object.assign(new TypeError('fetch failed'), {
  cause: new Error('connect ECONNREFUSED 127.0.0.1:7100'),
});

describe('isPassing', () => {
  it.each([
    ['nothing listens', refused],
    ['a stream fell silent', new SilentStreamError('silent')],
    ['a source is not ready', new ProblemError('not yet', 503)],
    ['too many requests', new ProblemError('slow down', 429)],
  ])('holds when %s', (_, error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    ['the input is wrong', new ProblemError('no', 400)],
    ['the caller may not', new ProblemError('no', 403)],
    ['the code is wrong', new RangeError('no')],
    ['something odd is thrown', 'no'],
  ])('does not hold when %s', (_, error) => {
    expect(isPassing(error)).toBe(false);
  });
});

describe('explain', () => {
  it('names why Greenroom cannot be reached', () => {
    expect(explain(refused)).toBe(
      'Greenroom cannot be reached (connect ECONNREFUSED 127.0.0.1:7100).',
    );
  });

  it('gives the message of other errors', () => {
    expect(explain(new RangeError('too far'))).toBe('too far');
    expect(explain(new ProblemError('No.', 400, 'InputError', 'Do.'))).toBe(
      'No. Do.',
    );
    expect(explain('odd')).toBe('odd');
  });
});
