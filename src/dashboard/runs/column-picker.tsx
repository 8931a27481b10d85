import { useState } from 'react';
import type { ColumnInfo } from '../data/queries.ts';
import { plural } from '../words/number.ts';
import { OWN_FIELDS, pickable } from './table-column.ts';

const LISTED_MAX = 300;

/** Which columns the table has: those of every run, of config and of summary, found by typing. */
export function ColumnPicker(props: {
  infos: readonly ColumnInfo[];
  chosen: readonly string[];
  /** Null: back to what the content suggests. */
  onChange: (fields: readonly string[] | null) => void;
  onClose: () => void;
}) {
  const { chosen, onChange } = props;
  const [find, setFind] = useState('');
  const all = [
    ...OWN_FIELDS.map((field) => ({ field, note: '' })),
    ...pickable(props.infos).map(({ column, runs }) => ({ field: column, note: plural(runs, 'run') })),
  ];
  const found = all.filter(({ field }) => field.toLowerCase().includes(find.toLowerCase()));
  const inOrder = [
    ...chosen.flatMap((field) => found.filter((column) => column.field === field)),
    ...found.filter(({ field }) => !chosen.includes(field)),
  ];
  return (
    <aside className="side-panel" aria-label="Columns">
      <header>
        <h2>Columns</h2>
        <button onClick={() => onChange(null)}>As suggested</button>
        <button className="icon-button" onClick={props.onClose} aria-label="Close">
          ×
        </button>
      </header>
      <input
        autoFocus
        type="search"
        value={find}
        placeholder="Find a column"
        aria-label="Find a column"
        onChange={(event) => setFind(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.onClose();
        }}
      />
      <ul className="picker">
        {inOrder.slice(0, LISTED_MAX).map(({ field, note }) => (
          <li key={field}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(field)}
                onChange={() =>
                  onChange(chosen.includes(field) ? chosen.filter((other) => other !== field) : [...chosen, field])
                }
              />
              <span className="picker-name">{field}</span>
              <span className="quiet">{note}</span>
            </label>
          </li>
        ))}
      </ul>
      {inOrder.length > LISTED_MAX && <p className="quiet">{inOrder.length - LISTED_MAX} more: type to find them.</p>}
    </aside>
  );
}
