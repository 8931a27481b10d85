import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type CSSProperties } from 'react';
import type { DrawnRun } from '../charts/drawn-run.ts';
import type { RunWindows } from './run-windows.ts';
import { RunLine } from './run-line.tsx';
import type { DrawnChange } from './use-drawn-change.ts';
import { nextOrder, type TableColumn } from './table-column.ts';
import './runs.css';

const ROW = 28;
const NAME_WIDTH = 224;

export interface RunsTableProps {
  readonly entity: string;
  readonly project: string;
  readonly windows: RunWindows;
  readonly columns: readonly TableColumn[];
  readonly order: string;
  /** The runs that charts show, by id. */
  readonly drawn: ReadonlyMap<string, DrawnRun>;
  /** The row that the keys act on; −1: none. */
  readonly focused: number;
  readonly onOrder: (order: string) => void;
  readonly onEye: (row: number, change: DrawnChange) => void;
  readonly onTag: (tag: string) => void;
  /** Which rows are on screen: their windows are then loaded. */
  readonly onVisible: (first: number, last: number) => void;
}

/** Any number of runs; only the rows on screen exist. */
export function RunsTable(props: RunsTableProps) {
  const { windows, columns, focused, onVisible } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const total = windows.total ?? 0;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    scrollPaddingStart: ROW,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onVisible(first, last), [first, last, onVisible]);
  useEffect(() => {
    if (focused >= 0) virtual.scrollToIndex(focused, { align: 'auto' });
  }, [focused, virtual]);

  const widths = `${NAME_WIDTH}px ${columns.map(({ width }) => `${width}px`).join(' ')}`;
  const width = columns.reduce((sum, column) => sum + column.width, NAME_WIDTH);
  const style: CSSProperties & Record<'--columns', string> = { '--columns': widths, minWidth: width };
  return (
    <div className="runs-table" ref={scroller} role="table" aria-rowcount={total} tabIndex={-1}>
      <div style={style} role="rowgroup">
        <div className="table-head" role="row">
          <HeadCell {...props} column={NAME} fixed />
          {columns.map((column) => (
            <HeadCell key={column.field} {...props} column={column} />
          ))}
        </div>
        <div className="table-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const run = windows.row(item.index);
            return (
              <div key={item.key} className="table-place" style={{ transform: `translateY(${item.start}px)` }}>
                {run === undefined ? (
                  <div className="run-line waiting-line" />
                ) : (
                  <RunLine
                    entity={props.entity}
                    project={props.project}
                    run={run}
                    columns={columns}
                    row={item.index}
                    drawn={props.drawn.get(run.id)}
                    alone={props.drawn.size === 1 && props.drawn.has(run.id)}
                    focused={item.index === focused}
                    onEye={props.onEye}
                    onTag={props.onTag}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const NAME: TableColumn = { field: 'name', prefix: '', title: 'name', width: NAME_WIDTH, numeric: false, value: -1 };

function HeadCell(props: { column: TableColumn; order: string; onOrder: (order: string) => void; fixed?: boolean }) {
  const { column, order } = props;
  const sorted = order === column.field ? 'ascending' : order === `-${column.field}` ? 'descending' : 'none';
  return (
    <div
      className={`${props.fixed === true ? 'fixed ' : ''}${column.numeric ? 'cell number' : 'cell'}`}
      role="columnheader"
      aria-sort={sorted}
    >
      <button
        className="head-button"
        title={`Sort by ${column.field}`}
        onClick={() => props.onOrder(nextOrder(order, column))}
      >
        <span className="head-title">
          <span className="panel-prefix">{column.prefix}</span>
          {column.title}
        </span>
        <span className="sort-mark">{sorted === 'ascending' ? '↑' : sorted === 'descending' ? '↓' : ''}</span>
      </button>
    </div>
  );
}
