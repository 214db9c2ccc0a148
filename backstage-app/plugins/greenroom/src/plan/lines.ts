/** From where to where a line reaches in a text, both counted in characters; `column` moves the beginning. */
export function rangeOf(
  text: string,
  line: number,
  column: number,
): { start: number; end: number } {
  const lines = text.split('\n');
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const begin = lines
    .slice(0, index)
    .reduce((length, each) => length + each.length + 1, 0);
  const end = begin + lines[index].length;
  return { start: Math.min(begin + Math.max(column, 1) - 1, end), end };
}
