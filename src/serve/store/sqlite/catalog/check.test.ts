import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { migrate } from '../migrate.ts';
import { catalogChecks } from './check.ts';
import { operationContext } from './operation-context.ts';
import { catalogWrites } from './operations.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A catalog with a user, a project, and a run with a file. */
function sound(): DatabaseSync {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-check-'));
  folders.push(folder);
  const db = new DatabaseSync(join(folder, 'store.sqlite'));
  migrate(db);
  const context = operationContext(db);
  catalogWrites.putUser(context, { username: 'ann', email: null, admin: true }, 1);
  const project = catalogWrites.openProject(context, 'ann', 'cats', 'ann', 1);
  const { run } = catalogWrites.openRun(context, project.key, 'abc', { user: 'ann', at: 1, displayName: 'a' }, {});
  const file = { name: 'x', sizeBytes: 1, md5: '0', mimetype: 'text/plain', updatedAt: 1, blob: 'b' };
  catalogWrites.putFile(context, run.key, file);
  return db;
}

test('a sound catalog has no findings', () => {
  const db = sound();
  expect(catalogChecks.checkCatalog({ db })).toEqual([]);
  db.close();
});

test.each([
  ['delete from project', 'error', 'run belongs to no project and cannot be reached: abc'],
  ['delete from run_text', 'error', 'run has lost its config or summary: abc'],
  ['insert into run_summary values (77, 1)', 'error', 'texts of a run that is not there hold space (run number): 77'],
  [`update run_file set run = 77`, 'error', 'file belongs to no run: x'],
  ['insert into gone values (1, 1, 99, 0)', 'error', 'run is both there and deleted (run number): 1'],
  [`insert into orphan values ('b')`, 'error', 'blob is listed for removal and still a file of a run: b'],
  [`insert into api_key values (1, 'eve', 'h', 'p', null, 1)`, 'error', 'API key belongs to no user: eve'],
  [
    `insert into team_member values ('crew', 'ann', 1)`,
    'error',
    'membership is of a user or team that is not there: ann',
  ],
  [
    `update project set entity = 'nobody'`,
    'warning',
    'project belongs to no user and no team; nobody can see it: nobody/cats',
  ],
  [`update run set finished_at = 1`, 'warning', 'run has a state that its time of ending does not agree with: abc'],
  [`update run set state = 'done', finished_at = 1`, 'error', 'run abc: there is no state done'],
  [`update run_text set config = '{'`, 'error', 'run abc: its config cannot be read'],
  [`update run_summary set summary = '[]'`, 'error', 'run abc: its summary cannot be read'],
  [`update run set tags = '{}'`, 'error', 'run abc: its tags are no list'],
])('%s is found', (damage, severity, message) => {
  const db = sound();
  db.exec(damage);
  const findings = catalogChecks.checkCatalog({ db });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.severity).toBe(severity);
  expect(findings[0]?.message).toContain(`catalog: ${message}`);
  db.close();
});
