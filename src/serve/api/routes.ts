import * as schema from './schemas.ts';

/**
 * Every route of `/api/v1`: its address, what it takes and what it gives. `http` registers a handler for each of them (a
 * missing one does not compile), `/api/v1/openapi.json` is made of this table. `{entity}`, `{project}`, `{run}` and `{name}`
 * are percent-encoded segments; `{name}` may hold slashes.
 */
export const ROUTES = {
  session: { method: 'GET', path: '/session', reply: schema.session },
  startSession: { method: 'POST', path: '/session', body: schema.sessionStart, reply: schema.session },
  endSession: { method: 'DELETE', path: '/session' },
  newSessionToken: { method: 'POST', path: '/session/tokens', reply: schema.sessionToken },
  projects: { method: 'GET', path: '/projects', reply: schema.projects },
  project: { method: 'GET', path: '/projects/{entity}/{project}', reply: schema.project },
  deleteProject: { method: 'DELETE', path: '/projects/{entity}/{project}' },
  runs: {
    method: 'GET',
    path: '/projects/{entity}/{project}/runs',
    query: schema.runTableQuery,
    reply: schema.runTable,
  },
  columns: { method: 'GET', path: '/projects/{entity}/{project}/columns', reply: schema.runColumns },
  series: { method: 'POST', path: '/projects/{entity}/{project}/series', body: schema.seriesQuery },
  run: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}', reply: schema.run },
  editRun: {
    method: 'PATCH',
    path: '/projects/{entity}/{project}/runs/{run}',
    body: schema.runEdit,
    reply: schema.run,
  },
  deleteRun: { method: 'DELETE', path: '/projects/{entity}/{project}/runs/{run}' },
  stopRun: { method: 'POST', path: '/projects/{entity}/{project}/runs/{run}/stop', reply: schema.run },
  keys: {
    method: 'GET',
    path: '/projects/{entity}/{project}/runs/{run}/keys',
    query: schema.keysQuery,
    reply: schema.keys,
  },
  rows: {
    method: 'GET',
    path: '/projects/{entity}/{project}/runs/{run}/rows',
    query: schema.rowsQuery,
    reply: schema.rows,
  },
  console: {
    method: 'GET',
    path: '/projects/{entity}/{project}/runs/{run}/console',
    query: schema.consoleQuery,
    reply: schema.console,
  },
  files: { method: 'GET', path: '/projects/{entity}/{project}/runs/{run}/files', reply: schema.files },
  notices: { method: 'GET', path: '/notices', query: schema.noticesQuery },
  putUser: { method: 'POST', path: '/users', body: schema.userPut, admin: true },
  deleteUser: { method: 'DELETE', path: '/users/{name}', admin: true },
  putOrganization: { method: 'POST', path: '/orgs', body: schema.organizationPut, admin: true },
  putOrganizationMembers: {
    method: 'POST',
    path: '/orgs/{name}/members',
    body: schema.organizationMembersPut,
    admin: true,
  },
  deleteOrganization: { method: 'DELETE', path: '/orgs/{name}', admin: true },
  putTeam: { method: 'POST', path: '/teams', body: schema.teamPut, admin: true },
} as const;
export type RouteName = keyof typeof ROUTES;
