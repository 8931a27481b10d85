import type { SectionHead } from './wall-rows.ts';

/** Names of the sections that begin at a place of the wall; each folds and unfolds its own. */
export function SectionHeads(props: { heads: readonly SectionHead[]; onToggle: (section: string) => void }) {
  return props.heads.map(({ section, count, folded }) => (
    <button
      key={section}
      className="section-head"
      aria-expanded={!folded}
      title={folded ? `Show the ${count} of ${section}` : `Fold ${section} away`}
      onClick={() => props.onToggle(section)}
    >
      <span className="fold-mark">{folded ? '▸' : '▾'}</span>
      {section}
      <span className="quiet">{count}</span>
    </button>
  ));
}
