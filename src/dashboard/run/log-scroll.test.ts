import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_HEIGHT, lineAt, offsetOf, scrollHeight } from './log-scroll.ts';

const scrolls = fc.record({
  count: fc.integer({ min: 0, max: 50_000_000 }),
  height: fc.integer({ min: 100, max: 2_000 }),
});

test('the end of the scrollbar is the end of the log, however long it is', () => {
  fc.assert(
    fc.property(scrolls, (scroll) => {
      const bottom = lineAt(scroll, Math.max(0, scrollHeight(scroll) - scroll.height)) + scroll.height / LINE_HEIGHT;
      expect(bottom).toBeCloseTo(Math.max(scroll.count, scroll.height / LINE_HEIGHT), 3);
      expect(lineAt(scroll, 0)).toBe(0);
      expect(scrollHeight(scroll)).toBeLessThanOrEqual(8_000_000);
    }),
  );
});

test('a line that is gone to stands at the top, as far as there is log below it', () => {
  fc.assert(
    fc.property(scrolls, fc.double({ min: 0, max: 1, noNaN: true }), (scroll, part) => {
      const last = Math.max(0, scroll.count - scroll.height / LINE_HEIGHT);
      const line = part * last;
      expect(lineAt(scroll, offsetOf(scroll, line))).toBeCloseTo(line, 2);
    }),
  );
});
