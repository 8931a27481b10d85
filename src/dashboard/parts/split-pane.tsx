import { useState, type PointerEvent, type ReactNode } from 'react';

const REMEMBERED = 'trackside.split';
const LEFT_DEFAULT = 0.36;
const LEFT_MIN = 0.15;
const LEFT_MAX = 0.8;

/** Two panes with a divider that is dragged or moved with the arrow keys; or one of them alone. */
export function SplitPane(props: { layout: 'split' | 'table' | 'charts'; left: ReactNode; right: ReactNode }) {
  const [left, setLeft] = useState(read);
  const move = (part: number) => {
    const bounded = Math.min(LEFT_MAX, Math.max(LEFT_MIN, part));
    setLeft(bounded);
    write(bounded);
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (box !== undefined) move((event.clientX - box.left) / box.width);
  };
  return (
    <div className="panes" data-layout={props.layout}>
      {props.layout !== 'charts' && (
        <div className="pane left" style={props.layout === 'split' ? { width: `${left * 100}%` } : undefined}>
          {props.left}
        </div>
      )}
      {props.layout === 'split' && (
        <div
          className="divider"
          role="separator"
          aria-orientation="vertical"
          aria-label="Width of the table"
          aria-valuenow={Math.round(left * 100)}
          tabIndex={0}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft') move(left - 0.02);
            if (event.key === 'ArrowRight') move(left + 0.02);
          }}
          onDoubleClick={() => move(LEFT_DEFAULT)}
        />
      )}
      {props.layout !== 'table' && <div className="pane right">{props.right}</div>}
    </div>
  );
}

function read(): number {
  try {
    const part = Number(localStorage.getItem(REMEMBERED));
    return part >= LEFT_MIN && part <= LEFT_MAX ? part : LEFT_DEFAULT;
  } catch {
    return LEFT_DEFAULT;
  }
}

function write(part: number): void {
  try {
    localStorage.setItem(REMEMBERED, String(part));
  } catch {
    // Storage may be forbidden: the width then lasts as long as the page.
  }
}
