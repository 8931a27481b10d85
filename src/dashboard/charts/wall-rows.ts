import type { PanelKey, Section } from './section.ts';

/** A strip of the wall: the head of a section, or panels side by side, which fill its width however few they are. */
export type WallRow =
  | { readonly kind: 'head'; readonly section: string; readonly count: number; readonly folded: boolean }
  | { readonly kind: 'panels'; readonly panels: readonly PanelKey[] };

/** The wall from top to bottom. `find` keeps the keys that match it: a regular expression, or else plain text. */
export function wallRows(
  sections: readonly Section[],
  options: { columns: number; folded: readonly string[]; find: string },
): readonly WallRow[] {
  const matches = finder(options.find);
  const rows: WallRow[] = [];
  for (const { name, panels } of sections) {
    const found = panels.filter((panel) => matches(panel.key));
    if (found.length === 0) continue;
    const folded = options.folded.includes(name);
    rows.push({ kind: 'head', section: name, count: found.length, folded });
    if (folded) continue;
    for (let at = 0; at < found.length; at += options.columns)
      rows.push({ kind: 'panels', panels: found.slice(at, at + options.columns) });
  }
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
