import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_HEADROOM } from './wandb-log-framer.ts';
import { decodeRecord } from './wandb-record-decode.ts';
import { encodeRecord } from './wandb-record-encode.ts';
import type { Item } from './wandb-record.ts';
import { encodePath, RowEncoder } from './wandb-row-encoder.ts';

const key = fc.string({ unit: 'grapheme', maxLength: 200 });
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('x'.repeat(5000), -0, 5e-324, 1.7976931348623157e308),
);
const row = fc.array(fc.tuple(fc.array(key, { minLength: 1, maxLength: 3 }), value), { maxLength: 20 });

test('what is encoded by hand is what the protobuf library reads, and reads the same as what the library writes', () => {
  const encoder = new RowEncoder();
  fc.assert(
    fc.property(
      row,
      fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 1, max: 2 ** 40 }),
      (values, step, number) => {
        encoder.begin(number);
        const items: Item[] = values.map(([path, each]) => {
          if (typeof each === 'number') {
            encoder.number(encodePath(path), each);
            return { path, json: Object.is(each, -0) ? '-0' : String(each) };
          }
          const json = JSON.stringify(each);
          encoder.json(encodePath(path), json);
          return { path, json };
        });
        const end = encoder.end(step);
        const byHand = decodeRecord(encoder.buffer.subarray(FRAME_HEADROOM, end));
        expect(byHand).toEqual({ type: 'history', step, items });
        expect(byHand).toEqual(decodeRecord(encodeRecord({ type: 'history', step, items })));
      },
    ),
    { numRuns: 300 },
  );
});
