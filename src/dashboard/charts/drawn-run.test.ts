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

test('who was shown before keeps its look, whoever comes and goes, and still no two look alike', () => {
  fc.assert(
    fc.property(runs, fc.nat(40), fc.nat(40), (given, from, to) => {
      const named = given.slice(0, 36).map((run) => ({ ...run, name: run.id }));
      const before = withLooks(named.slice(Math.min(from, to)));
      const after = withLooks(named, before);
      const lookAfter = new Map(after.map((run) => [run.id, lookOf(run)]));
      expect(before.map(({ id }) => lookAfter.get(id))).toEqual(before.map(lookOf));
      expect(new Set(after.map(lookOf)).size).toBe(named.length);
    }),
  );
});
