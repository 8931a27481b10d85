import fc from 'fast-check';
import { expect, it } from 'vitest';
import { must } from '../../core/base/assert.ts';
import { ByteGate } from './byte-gate.ts';

it('never holds more than its bound, lets one large body in alone, and keeps the order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      async (sizes, picks) => {
        const gate = new ByteGate(100);
        const inside: { readonly bytes: number; readonly leave: () => void }[] = [];
        const entered: number[] = [];
        const all = sizes.map(async (bytes, index) => {
          const room = await gate.enter(bytes);
          entered.push(index);
          inside.push({ bytes, leave: () => room[Symbol.dispose]() });
        });
        for (let left = 0; left < sizes.length; left++) {
          for (let turn = 0; turn < 3; turn++) await Promise.resolve();
          const held = inside.reduce((sum, each) => sum + each.bytes, 0);
          expect(held).toBe(gate.inside);
          const large = inside.filter((each) => each.bytes > 0);
          expect(held <= 100 || large.length === 1).toBe(true);
          const [chosen] = inside.splice(must(picks.next().value as number | undefined) % inside.length, 1);
          must(chosen).leave();
        }
        await Promise.all(all);
        expect(entered).toEqual(sizes.map((_, index) => index));
        expect([gate.inside, gate.waiting]).toEqual([0, 0]);
      },
    ),
  );
});
