import type { PanelKey, Section } from './section.ts';

/** The name of a section where it begins; a click on it folds and unfolds. */
export interface SectionHead {
  readonly section: string;
  readonly count: number;
  readonly folded: boolean;
}

/** One panel of a row and the sections that begin with it: its own, and folded ones that stand before it. */
export interface WallCell {
  readonly heads: readonly SectionHead[];
  readonly section: string;
  readonly panel: PanelKey;
}

/** A strip of the wall: panels side by side, which fill its width however few they are; or folded sections alone. */
export interface WallRow {
  readonly cells: readonly WallCell[];
  /** Folded sections behind the last panel. */
  readonly folded: readonly SectionHead[];
  /** Some section begins here, so the sections' names stand over the panels. */
  readonly named: boolean;
}

/**
 * The wall from top to bottom. Sections follow one another like words in a line: where one ends in the middle of a row the next
 * begins beside it, so that many small sections waste no room. `find` keeps the keys that match it: a regular expression,
 * or else plain text.
 */
export function wallRows(
  sections: readonly Section[],
  options: { columns: number; folded: readonly string[]; find: string },
): readonly WallRow[] {
  const matches = finder(options.find);
  const cells: WallCell[] = [];
  let waiting: SectionHead[] = [];
  for (const { name, panels } of sections) {
    const found = panels.filter((panel) => matches(panel.key));
    if (found.length === 0) continue;
    const folded = options.folded.includes(name);
    waiting.push({ section: name, count: found.length, folded });
    if (folded) continue;
    for (const panel of found) {
      cells.push({ heads: waiting, section: name, panel });
      waiting = [];
    }
  }
  const rows: WallRow[] = [];
  for (let at = 0; at < cells.length; at += options.columns) {
    const beside = cells.slice(at, at + options.columns);
    rows.push({ cells: beside, folded: [], named: beside.some(({ heads }) => heads.length > 0) });
  }
  if (waiting.length > 0) rows.push({ cells: [], folded: waiting, named: true });
  return rows;
}

function finder(find: string): (key: string) => boolean {
  if (find === '') return () => true;
  try {
    const pattern = new RegExp(find, 'i');
    return (key) => pattern.test(key);
  } catch {
    const plain = find.toLowerCase();
    return (key) => key.toLowerCase().includes(plain);
  }
}
