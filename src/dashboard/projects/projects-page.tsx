import { Link } from '@tanstack/react-router';
import { useProjects } from '../data/queries.ts';
import { Age } from '../parts/age.tsx';
import { FirstSteps } from '../parts/first-steps.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { usePageTitle } from '../parts/use-page-title.ts';
import './projects.css';

/** All projects that one may see, the latest active first. */
export function ProjectsPage() {
  usePageTitle('Projects');
  const { data, error } = useProjects();
  const projects = data?.projects.toSorted((a, b) => b.activeAt - a.activeAt);
  return (
    <main className="projects-page">
      <header className="bar">
        <h1>Projects</h1>
        {projects !== undefined && <span className="quiet">{projects.length}</span>}
      </header>
      {error !== null && data === undefined && <p className="problem">{error.message}</p>}
      {projects === undefined && error === null && <Waiting rows={8} />}
      {projects?.length === 0 && (
        <div className="page-empty">
          <h2>No projects yet</h2>
          <p className="quiet">A project appears with its first run.</p>
          <FirstSteps project="first" />
        </div>
      )}
      {projects !== undefined && projects.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th>Project</th>
              <th>Owner</th>
              <th className="number">Runs</th>
              <th className="number">Running</th>
              <th className="number">Active</th>
              <th className="wide">Description</th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <tr key={`${project.entity}/${project.name}`}>
                <td>
                  <Link
                    to="/$entity/$project"
                    params={{ entity: project.entity, project: project.name }}
                    className="strong"
                  >
                    {project.name}
                  </Link>
                </td>
                <td className="quiet">{project.entity}</td>
                <td className="number">{project.runs.toLocaleString('en-US')}</td>
                <td className="number">
                  {project.running > 0 ? (
                    <span className="running-count">{project.running}</span>
                  ) : (
                    <span className="quiet">0</span>
                  )}
                </td>
                <td className="number quiet">
                  <Age at={project.activeAt} />
                </td>
                <td className="wide quiet">{project.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}
