import { ADDRESSES, type RouteName } from './addresses.ts';
import * as schema from './schemas.ts';

/**
 * Every route of `/api/v1`: its address, what it takes and what it gives. `http` registers a handler for each of them (a
 * missing one does not compile), `/api/v1/openapi.json` is made of this table.
 */
export const ROUTES = {
  session: { ...ADDRESSES.session, reply: schema.session },
  startSession: { ...ADDRESSES.startSession, body: schema.sessionStart, reply: schema.session },
  endSession: ADDRESSES.endSession,
  newSessionToken: { ...ADDRESSES.newSessionToken, reply: schema.sessionToken },
  projects: { ...ADDRESSES.projects, reply: schema.projects },
  project: { ...ADDRESSES.project, reply: schema.project },
  deleteProject: ADDRESSES.deleteProject,
  runs: { ...ADDRESSES.runs, query: schema.runTableQuery, reply: schema.runTable },
  columns: { ...ADDRESSES.columns, reply: schema.runColumns },
  metrics: { ...ADDRESSES.metrics, query: schema.metricsQuery, reply: schema.metrics },
  series: { ...ADDRESSES.series, body: schema.seriesQuery },
  run: { ...ADDRESSES.run, reply: schema.run },
  editRun: { ...ADDRESSES.editRun, body: schema.runEdit, reply: schema.run },
  deleteRun: ADDRESSES.deleteRun,
  stopRun: { ...ADDRESSES.stopRun, reply: schema.run },
  keys: { ...ADDRESSES.keys, query: schema.keysQuery, reply: schema.keys },
  rows: { ...ADDRESSES.rows, query: schema.rowsQuery, reply: schema.rows },
  console: { ...ADDRESSES.console, query: schema.consoleQuery, reply: schema.console },
  files: { ...ADDRESSES.files, reply: schema.files },
  notices: { ...ADDRESSES.notices, query: schema.noticesQuery },
  putUser: { ...ADDRESSES.putUser, body: schema.userPut },
  deleteUser: ADDRESSES.deleteUser,
  putOrganization: { ...ADDRESSES.putOrganization, body: schema.organizationPut },
  putOrganizationMembers: { ...ADDRESSES.putOrganizationMembers, body: schema.organizationMembersPut },
  deleteOrganization: ADDRESSES.deleteOrganization,
  putTeam: { ...ADDRESSES.putTeam, body: schema.teamPut },
} as const satisfies Record<RouteName, object>;

export type { RouteName };
