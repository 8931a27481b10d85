import { useMemo } from 'react';
import { CopyButton } from '../parts/copy-button.tsx';
import { treeLines } from './tree.ts';

const LINES_MAX = 2_000;

/** Nested values, one a line, searched by `find`. Each can be copied. */
export function ValueTree({ root, find }: { root: Readonly<Record<string, unknown>>; find: string }) {
  const lines = useMemo(() => treeLines(root, find), [root, find]);
  if (lines.length === 0)
    return <p className="quiet tree-nothing">{find === '' ? 'Nothing here.' : `Nothing matches “${find}”.`}</p>;
  return (
    <div className="tree" role="tree">
      {lines.slice(0, LINES_MAX).map((line) => (
        <div key={line.path} className="tree-line" role="treeitem" aria-level={line.depth + 1}>
          <span
            className={line.value === null ? 'tree-name strong' : 'tree-name'}
            style={{ paddingLeft: line.depth * 16 }}
          >
            {line.name}
          </span>
          {line.value !== null && (
            <>
              <span className={`tree-value ${line.kind}`}>{line.value}</span>
              <CopyButton text={line.value} what={line.path} />
            </>
          )}
        </div>
      ))}
      {lines.length > LINES_MAX && <p className="quiet">{lines.length - LINES_MAX} more: search to find them.</p>}
    </div>
  );
}
