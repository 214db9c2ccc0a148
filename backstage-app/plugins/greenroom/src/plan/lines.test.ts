import { rangeOf } from './lines';

const TEXT = 'kind: Service\nspec:\n  language: python\n';

describe('rangeOf', () => {
  const selected = (line: number, column: number) => {
    const { start, end } = rangeOf(TEXT, line, column);
    return TEXT.slice(start, end);
  };

  it('reaches from the column to the end of the line', () => {
    expect(selected(1, 1)).toBe('kind: Service');
    expect(selected(3, 13)).toBe('python');
  });

  it('stays within the text, wherever it is sent', () => {
    expect(selected(2, 99)).toBe('');
    expect(selected(99, 1)).toBe('');
    expect(selected(0, 0)).toBe('kind: Service');
    expect(rangeOf('', 3, 3)).toEqual({ start: 0, end: 0 });
  });
});
