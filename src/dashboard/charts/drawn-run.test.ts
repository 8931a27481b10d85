import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hueOf, withLooks } from './drawn-run.ts';

const runs = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), createdAt: fc.nat(100) }), {
  selector: ({ id }) => id,
  maxLength: 40,
});
const looks = (given: readonly { id: string; createdAt: number }[]) =>
  withLooks(given.map((run) => ({ ...run, name: run.id })));
const lookOf = ({ hue, dash }: ReturnType<typeof looks>[number]) => `${hue} ${dash.join(' ')}`;

test('up to twelve runs have twelve hues, up to thirty-six no two look alike', () => {
  fc.assert(
    fc.property(runs, (given) => {
      const drawn = looks(given);
      expect(new Set(drawn.map(({ hue }) => hue)).size).toBe(Math.min(12, given.length));
      expect(new Set(drawn.map(lookOf)).size).toBe(Math.min(36, given.length));
    }),
  );
});

test('a run alone has the hue of its id, and the order of the list does not matter', () => {
  fc.assert(
    fc.property(runs, (given) => {
      for (const run of given) expect(looks([run])[0]?.hue).toBe(hueOf(run.id));
      const backwards = new Map(looks(given.toReversed()).map((run) => [run.id, lookOf(run)]));
      for (const run of looks(given)) expect(backwards.get(run.id)).toBe(lookOf(run));
    }),
  );
});

test('showing a younger run never changes one that has the hue of its id', () => {
  fc.assert(
    fc.property(runs, fc.string({ minLength: 1 }), (given, id) => {
      const before = looks(given.filter((run) => run.id !== id).slice(0, 11));
      const after = new Map(looks([...before, { id, createdAt: 101 }]).map((run) => [run.id, run.hue]));
      const own = before.filter((run) => run.hue === hueOf(run.id));
      expect(own.map((run) => after.get(run.id))).toEqual(own.map((run) => run.hue));
    }),
  );
});
