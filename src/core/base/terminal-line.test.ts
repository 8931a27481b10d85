import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalSpans, terminalText } from './terminal-line.ts';

test.for([
  ['a progress bar shows its last state', ' 10%|#    |\r 50%|##   |\r100%|#####|', '100%|#####|'],
  ['a shorter text over a longer one leaves its end', 'loading...\rdone', 'doneing...'],
  ['erasing to the end of the line', 'loading...\r\u001b[Kdone', 'done'],
  ['erasing the whole line', 'abc\u001b[2K\rx', 'x'],
  ['erasing to the cursor', 'abcd\u001b[2D\u001b[1Kx', '  xd'],
  ['backspace', 'abc\b\bX', 'aXc'],
  ['a column beyond the text is filled with blanks', 'a\u001b[5Gb', 'a   b'],
  ['cursor right and left', 'ab\u001b[2Cc\u001b[4Dd', 'ad  c'],
  ['window titles and links disappear', '\u001b]0;title\u0007x\u001b]8;;http://a\u001b\\y', 'xy'],
  ['private modes and charset choices disappear', '\u001b[?25l\u001b(Bx\u001b[?25h', 'x'],
  ['tabs and letters beyond the first plane stay', 'a\tb 😀', 'a\tb 😀'],
  ['bell and nul disappear', 'a\u0007\u0000b', 'ab'],
  ['a sequence cut off at the end disappears', 'ab\u001b[3', 'ab'],
] as const)('%s', ([, given, shown]) => {
  expect(terminalText(given)).toBe(shown);
});

test('colours become styles and end where they are reset', () => {
  const spans = terminalSpans('\u001b[1;31mbad\u001b[0m ok \u001b[38;5;208mwarm\u001b[48;2;1;2;255mdeep\u001b[39;49m.');
  expect(spans.map(({ text, style }) => [text, style.foreground, style.background, style.bold])).toEqual([
    ['bad', 1, null, true],
    [' ok ', null, null, false],
    ['warm', 208, null, false],
    ['deep', 208, '#0102ff', false],
    ['.', null, null, false],
  ]);
});

test('a sequence cannot make a line of a million blanks', () => {
  expect(terminalText('\u001b[999999999Gx').length).toBeLessThanOrEqual(10_001);
});

test('whatever bytes come, nothing throws, spans and text agree and no control character is left', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r', '\b', '\u001b[', '\u001b]', '\u001b', '\u009b', 'm', '3;', '38;2;', 'K', 'G', '\u0007', '9'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const line = pieces.join('');
      const text = terminalText(line);
      expect(
        terminalSpans(line)
          .map((span) => span.text)
          .join(''),
      ).toBe(text);
      // oxlint-disable-next-line no-control-regex -- that none of them is left is what is tested
      expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
    }),
  );
});
