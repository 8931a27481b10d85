/** A run as charts show it. */
export interface DrawnRun {
  readonly id: string;
  readonly name: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly createdAt: number;
}

export const SERIES_HUES = 12;
/** Line dashes in pixels: whole lines first, for runs that share a hue. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3]];

/** A run's look comes from its id alone, so it is the same on every page, for everybody, for ever. */
export function lookOf(id: string): { readonly hue: number; readonly dash: readonly number[] } {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  // FNV leaves short ids alike in their low bits; this stirs them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = (hash ^ (hash >>> 12)) >>> 0;
  return { hue: hash % SERIES_HUES, dash: DASHES[Math.floor(hash / SERIES_HUES) % DASHES.length] ?? [] };
}

/** The CSS variable of a run's colour. */
export function runColour(id: string): string {
  return `var(--series-${lookOf(id).hue + 1})`;
}
