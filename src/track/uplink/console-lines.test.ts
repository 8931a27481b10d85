import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConsoleLines } from './console-lines.ts';

function linesOf(pieces: readonly (readonly [stderr: boolean, text: string])[]): string[] {
  const console = new ConsoleLines();
  const lines: string[] = [];
  for (const [stderr, text] of pieces) for (const line of console.take(stderr, 0, text)) lines[line.number] = line.text;
  for (const line of console.unfinished()) lines[line.number] = line.text;
  return lines;
}

test('lines do not depend on how the output was cut into pieces', () => {
  const text = fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', 'é'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(30)), (whole, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((end, index) => [false, whole.slice(places[index], end)] as const);
      expect(linesOf(pieces)).toEqual(linesOf([[false, whole]]));
    }),
  );
});

test('a progress bar is one line, as it was drawn last', () => {
  expect(
    linesOf([
      [false, '10 %\r20 %'],
      [false, '\r30 %\ndone\n'],
    ]),
  ).toEqual(['30 %', 'done']);
  expect(linesOf([[false, '10 %\r20 %\r']])).toEqual(['20 %\r']);
  expect(linesOf([[false, 'line\r\nnext\r\n']])).toEqual(['line', 'next']);
});

test('the two outputs do not run into one another', () => {
  const pieces = [
    [false, 'out '],
    [true, 'err '],
    [false, 'put\n'],
    [true, 'or\n'],
    [false, 'then'],
  ] as const;
  expect(linesOf(pieces)).toEqual(['out put', 'err or', 'then']);
});

test('output without line ends fills neither memory nor one line', () => {
  const lines = linesOf(Array.from({ length: 100 }, () => [false, 'x'.repeat(10_000)] as const));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64 * 1024 + 10_000);
  expect(lines.join('')).toHaveLength(1_000_000);
});
