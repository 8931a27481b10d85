/** The row that line `line` of a history holds, a pure function of its number. */
export function historyRow(line: number): Readonly<Record<string, unknown>> {
  const row = { _step: line, loss: Math.sin(line), rounded: Math.round(line / 7) / 100 };
  return line % 10 === 0 ? { ...row, eval: { score: 1 / (line + 1) }, note: `n${line}` } : row;
}

/** The text of line `line` of the console. */
export function consoleText(line: number): string {
  return `line ${line}`;
}
