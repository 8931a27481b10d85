const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['?', 'these keys'],
      ['t', 'dark or light'],
      ['/', 'filter or search'],
      ['g p', 'all projects'],
      ['Esc', 'leave a field, close a panel'],
    ],
  ],
  [
    'Runs',
    [
      ['j  k', 'next, previous run'],
      ['x', 'show or hide on charts'],
      ['s', 'only this run, or the others again'],
      ['⇧ click', 'on circles: all rows between'],
      ['o', 'open the run'],
      ['[', 'table alone'],
      [']', 'charts alone'],
      ['\\', 'both'],
    ],
  ],
  [
    'Run',
    [
      ['1 … 6', 'tabs'],
      ['f', 'follow the log'],
      ['u', 'back to the project'],
    ],
  ],
  [
    'Charts',
    [
      ['drag', 'zoom; double-click for all'],
      ['←  →', 'previous, next metric when one is shown alone'],
    ],
  ],
];

/** The keys of all pages, beside the page. */
export function KeysPanel({ onClose }: { onClose: () => void }) {
  return (
    <aside className="side-panel" aria-label="Keys">
      <header>
        <h2>Keys</h2>
        <button className="icon-button" onClick={onClose} aria-label="Close">
          ×
        </button>
      </header>
      {KEYS.map(([title, rows]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl className="keys">
            {rows.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </aside>
  );
}
