/** A run as charts show it. */
export interface DrawnRun {
  readonly id: string;
  readonly name: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** Index of its colour, 0 to 11. */
  readonly hue: number;
  /** Pixels of line and gap; empty for a whole line. */
  readonly dash: readonly number[];
}

export const SERIES_HUES = 12;
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3]];

/** The hue that a run has by its id alone, the same for everybody, for ever. 0 to 11. */
export function hueOf(id: string): number {
  return stirred(id) % SERIES_HUES;
}

/** The CSS variable of a colour. */
export function hueColour(hue: number): string {
  return `var(--series-${hue + 1})`;
}

/**
 * Colours and dashes of runs that are shown together. Each run has the hue of its id, unless an older run of these has the same:
 * then it moves on to one that no other wants, by an order that its id gives. So twelve runs differ in hue; from the
 * thirteenth on lines are dashed. Runs that were shown `before` keep what they had, so nothing changes under people's eyes
 * when others come and go.
 */
export function withLooks(
  runs: readonly Omit<DrawnRun, 'hue' | 'dash'>[],
  before: readonly DrawnRun[] = [],
): readonly DrawnRun[] {
  const shown = new Set(runs.map(({ id }) => id));
  const kept = before.filter(({ id }) => shown.has(id));
  const looks = new Map(kept.map(({ id, hue, dash }) => [id, { hue, dash }]));
  let left = runs.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  left = left.filter((id) => !looks.has(id));
  for (let round = 0; left.length > 0; round++) {
    const dash = DASHES[round % DASHES.length] ?? [];
    const taken = new Set(round < DASHES.length ? kept.filter((run) => run.dash === dash).map(({ hue }) => hue) : []);
    const take = (id: string, hue: number | undefined) => {
      if (hue === undefined || taken.has(hue)) return false;
      taken.add(hue);
      looks.set(id, { hue, dash });
      return true;
    };
    left = left.filter((id) => !take(id, hueOf(id)));
    left = left.filter(
      (id) =>
        !take(
          id,
          otherHues(id).find((hue) => !taken.has(hue)),
        ),
    );
  }
  return runs.map((run) => ({ ...run, ...(looks.get(run.id) ?? { hue: hueOf(run.id), dash: [] }) }));
}

/** All hues from the run's own on, in steps that reach each of the twelve once. */
function otherHues(id: string): readonly number[] {
  const step = [5, 7, 11, 1][(stirred(id) >>> 8) % 4] ?? 5;
  return Array.from({ length: SERIES_HUES }, (_, at) => (hueOf(id) + at * step) % SERIES_HUES);
}

function stirred(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  // FNV leaves short ids alike in their low bits; this stirs them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}
