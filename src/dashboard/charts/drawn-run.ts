/** A run as charts show it. */
export interface DrawnRun {
  readonly id: string;
  readonly name: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** Pixels of line and gap; empty for a whole line. */
  readonly dash: readonly number[];
}

export const SERIES_HUES = 12;
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3]];

/** A run's hue comes from its id alone, so it is the same on every page, for everybody, for ever. 0 to 11. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  // FNV leaves short ids alike in their low bits; this stirs them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = (hash ^ (hash >>> 12)) >>> 0;
  return hash % SERIES_HUES;
}

/** The CSS variable of a run's colour. */
export function runColour(id: string): string {
  return `var(--series-${hueOf(id) + 1})`;
}

/** The runs with dashes where several of them have one hue: the first by id is whole. */
export function withDashes(runs: readonly Omit<DrawnRun, 'dash'>[]): readonly DrawnRun[] {
  const seen = new Map<number, number>();
  const dashes = new Map<string, readonly number[]>();
  for (const { id } of runs.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const before = seen.get(hueOf(id)) ?? 0;
    seen.set(hueOf(id), before + 1);
    dashes.set(id, DASHES[before % DASHES.length] ?? []);
  }
  return runs.map((run) => ({ ...run, dash: dashes.get(run.id) ?? [] }));
}
