import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useProjects } from '../data/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from './keyboard.ts';
import { LiveMark } from './live-mark.tsx';
import { toggleTheme, useTheme } from './theme.ts';
import { useNavigate } from '@tanstack/react-router';

const REMEMBERED = 'trackside.rail';
const PROJECTS_SHOWN = 12;

/** The thin bar at the left: where one can go, and whether what is shown is alive. On a phone it lies at the top. */
export function Rail({ onKeys }: { onKeys: () => void }) {
  const [wide, setWide] = useState(() => read() === 'wide');
  const theme = useTheme();
  const navigate = useNavigate();
  const here = useParams({ strict: false });
  const projects = useProjects().data?.projects ?? [];
  useKeys({ 'g p': () => void navigate({ to: '/' }) });
  const toggle = () => {
    setWide(!wide);
    write(wide ? 'thin' : 'wide');
  };
  return (
    <nav className={wide ? 'rail wide' : 'rail'} aria-label="Trackside">
      <Link to="/" className="rail-item rail-mark" title="Trackside">
        <Icon name="mark" />
        <span className="rail-label">Trackside</span>
      </Link>
      <Link to="/" className="rail-item" activeOptions={{ exact: true, includeSearch: false }} title="Projects (g p)">
        <Icon name="projects" />
        <span className="rail-label">Projects</span>
      </Link>
      <div className="rail-projects">
        {projects.slice(0, PROJECTS_SHOWN).map((project) => (
          <Link
            key={`${project.entity}/${project.name}`}
            to="/$entity/$project"
            params={{ entity: project.entity, project: project.name }}
            className={
              here.project === project.name && here.entity === project.entity ? 'rail-item active' : 'rail-item'
            }
            title={`${project.entity}/${project.name}`}
          >
            <span className="rail-letters">{project.name.slice(0, 2)}</span>
            <span className="rail-label">{project.name}</span>
            {project.running > 0 && <span className="rail-running" title={`${project.running} running`} />}
          </Link>
        ))}
      </div>
      <div className="rail-foot">
        <LiveMark />
        <button className="rail-item" onClick={onKeys} title="Keys (?)">
          <Icon name="keys" />
          <span className="rail-label">Keys</span>
        </button>
        <button className="rail-item" onClick={toggleTheme} title="Dark or light (t)" aria-label={`Theme: ${theme}`}>
          <Icon name={theme === 'dark' ? 'moon' : 'sun'} />
          <span className="rail-label">{theme === 'dark' ? 'Dark' : 'Light'}</span>
        </button>
        <button className="rail-item rail-widen" onClick={toggle} title={wide ? 'Icons only' : 'Show names'}>
          <Icon name={wide ? 'narrow' : 'widen'} />
          <span className="rail-label">Icons only</span>
        </button>
      </div>
    </nav>
  );
}

function read(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function write(width: string): void {
  try {
    localStorage.setItem(REMEMBERED, width);
  } catch {
    // Storage may be forbidden: the width then lasts as long as the page.
  }
}
