import { Link } from '@tanstack/react-router';
import { useSetSearch } from '../app/use-search.ts';
import { Icon } from '../parts/icon.tsx';
import { printTop, TOPS, type Layout } from './project-view.ts';

const LAYOUTS: readonly { layout: Layout; icon: 'table' | 'split' | 'charts'; title: string }[] = [
  { layout: 'table', icon: 'table', title: 'Table alone ([)' },
  { layout: 'split', icon: 'split', title: 'Table and charts (\\)' },
  { layout: 'charts', icon: 'charts', title: 'Charts alone (])' },
];

/** The line over a project: where one is, how many runs there are and how many charts show, and the layout. */
export function ProjectBar(props: {
  entity: string;
  project: string;
  total: number | undefined;
  drawn: number;
  top: number;
  layout: Layout;
  onLayout: (layout: Layout) => void;
}) {
  const setSearch = useSetSearch();
  return (
    <header className="bar">
      <Link to="/" className="quiet">
        {props.entity}
      </Link>
      <span className="quiet">/</span>
      <h1>{props.project}</h1>
      <span className="quiet number" data-total={props.total}>
        {props.total === undefined ? '' : `${props.drawn} of ${props.total.toLocaleString('en-US')} on charts`}
      </span>
      <span className="spring" />
      <label className="field">
        <span className="quiet">show</span>
        <select
          value={props.top}
          aria-label="How many runs charts show"
          onChange={(event) => setSearch({ top: printTop(Number(event.target.value)), hide: '', show: '' })}
        >
          {TOPS.map((top) => (
            <option key={top} value={top}>
              {top === 0 ? 'chosen only' : `first ${top}`}
            </option>
          ))}
        </select>
      </label>
      <div className="button-group" role="group" aria-label="Layout">
        {LAYOUTS.map(({ layout, icon, title }) => (
          <button
            key={layout}
            className={layout === 'split' ? 'both' : undefined}
            aria-pressed={props.layout === layout}
            title={title}
            aria-label={title}
            onClick={() => props.onLayout(layout)}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
    </header>
  );
}
