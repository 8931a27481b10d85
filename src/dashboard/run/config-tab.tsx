import { useState } from 'react';
import type { RunDetail } from '../data/queries.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ValueTree } from './value-tree.tsx';

/** What the run was set up with, and the latest values it logged, side by side. */
export function ConfigTab({ run }: { run: RunDetail }) {
  const [find, setFind] = useState('');
  return (
    <div className="config-tab">
      <div className="toolbar">
        <input
          type="search"
          className="search-field"
          value={find}
          placeholder="Find a name or value"
          aria-label="Find a name or value"
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      <div className="two-columns">
        <ValueSection title="Config" values={run.config} find={find} />
        <ValueSection title="Summary" values={run.summary} find={find} />
      </div>
    </div>
  );
}

function ValueSection(props: { title: string; values: Readonly<Record<string, unknown>>; find: string }) {
  return (
    <section className="value-section">
      <header>
        <h2>{props.title}</h2>
        <CopyButton
          text={() => JSON.stringify(props.values, null, 2)}
          what={`${props.title.toLowerCase()} as JSON`}
          label="JSON"
        />
      </header>
      <ValueTree root={props.values} find={props.find} />
    </section>
  );
}
