/**
 * The addresses of every route of `/api/v1`: how to reach it, and whether it needs the administrator's token. Without the
 * schemas, so that browsers and a server that nobody asks yet need not load them. `{entity}`, `{project}`, `{run}` and
 * `{name}` are percent-encoded segments.
 */
export const ADDRESSES = {
  session: { method: 'GET', path: '/session' },
  startSession: { method: 'POST', path: '/session' },
  endSession: { method: 'DELETE', path: '/session' },
  newSessionToken: { method: 'POST', path: '/session/tokens' },
  projects: { method: 'GET', path: '/projects' },
  project: { method: 'GET', path: '/projects/{entity}/{project}' },
  deleteProject: { method: 'DELETE', path: '/projects/{entity}/{project}' },
  runs: { method: 'GET', path: '/projects/{entity}/{project}/runs' },
  columns: { method: 'GET', path: '/projects/{entity}/{project}/columns' },
  metrics: { method: 'GET', path: '/projects/{entity}/{project}/metrics' },
  series: { method: 'POST', path: '/projects/{entity}/{project}/series' },
  run: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}' },
  editRun: { method: 'PATCH', path: '/projects/{entity}/{project}/runs/{run}' },
  deleteRun: { method: 'DELETE', path: '/projects/{entity}/{project}/runs/{run}' },
  stopRun: { method: 'POST', path: '/projects/{entity}/{project}/runs/{run}/stop' },
  keys: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}/keys' },
  rows: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}/rows' },
  console: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}/console' },
  files: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}/files' },
  notices: { method: 'GET', path: '/notices' },
  putUser: { method: 'POST', path: '/users', admin: true },
  deleteUser: { method: 'DELETE', path: '/users/{name}', admin: true },
  putOrganization: { method: 'POST', path: '/orgs', admin: true },
  putOrganizationMembers: { method: 'POST', path: '/orgs/{name}/members', admin: true },
  deleteOrganization: { method: 'DELETE', path: '/orgs/{name}', admin: true },
  putTeam: { method: 'POST', path: '/teams', admin: true },
} as const;
export type RouteName = keyof typeof ADDRESSES;
