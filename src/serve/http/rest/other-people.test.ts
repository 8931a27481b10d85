import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADDRESSES } from '../../api/addresses.ts';
import { ADMIN_TOKEN, ScratchServer } from '../scratch-server.double.ts';

let server: ScratchServer;
let ann: string;
let bob: string;
let cat: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  [ann, bob, cat] = [await server.addUser('ann'), await server.addUser('bob'), await server.addUser('cat')];
  await server.startRun(ann, 'secret', 'r1', { lr: { value: 1 } });
  await server.log(ann, 'ann/secret/r1', ['{"_step":0,"loss":1}']);
  const body = { name: 'team', members: ['ann', 'cat'] };
  await server.ask('/api/v1/teams', { method: 'POST', key: ADMIN_TOKEN, body });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Bodies and queries that would be fine, so that only the permission can refuse. */
const BODIES: Readonly<Record<string, unknown>> = {
  series: { series: [{ run: 'r1', key: 'loss' }] },
  editRun: { notes: 'mine now' },
};
const QUERIES: Readonly<Record<string, string>> = { metrics: '?runs=r1' };

const ABOUT_PROJECTS = Object.entries(ADDRESSES).filter(([, { path }]) => path.includes('{project}'));

test.each(ABOUT_PROJECTS)(
  '%s of somebody else’s project is as if it were not there',
  async (name, { method, path }) => {
    const address =
      path.replace('{entity}', 'ann').replace('{project}', 'secret').replace('{run}', 'r1') + (QUERIES[name] ?? '');
    const body = BODIES[name];
    const answer = await server.ask(`/api/v1${address}`, { method, key: bob, ...(body === undefined ? {} : { body }) });
    expect([answer.status, answer.json.error.code]).toEqual([404, 'not_found']);
    const missing = address.replace('secret', 'nothing');
    const other = await server.ask(`/api/v1${missing}`, { method, key: bob, ...(body === undefined ? {} : { body }) });
    expect(other.status).toBe(404);
  },
);

test('after all of that the project is as it was', async () => {
  const { json } = await server.ask('/api/v1/projects/ann/secret/runs/r1', { key: ann });
  expect(json).toMatchObject({ notes: null, stopRequestedBy: null, rows: { history: 1 } });
});

test('nobody sees other people’s projects in the list, nor writes rows there', async () => {
  expect((await server.ask('/api/v1/projects', { key: bob })).json.projects).toEqual([]);
  const { status } = await server.log(bob, 'ann/secret/r1', ['{"_step":1,"loss":2}'], 1);
  expect([403, 404]).toContain(status);
  const { json } = await server.ask('/api/v1/projects/ann/secret/runs/r1', { key: ann });
  expect(json.rows.history).toBe(1);
});

test('a team’s project is open to its members, to nobody else', async () => {
  const query = `mutation { upsertBucket(input: {name: "t1", modelName: "shared", entityName: "team"}) { bucket { id } } }`;
  const made = await server.ask('/graphql', { method: 'POST', key: ann, body: { query } });
  expect(made.status).toBe(200);
  const read = async (key: string) => (await server.ask('/api/v1/projects/team/shared/runs/t1', { key })).status;
  expect([await read(ann), await read(cat), await read(bob)]).toEqual([200, 200, 404]);
  await server.ask('/api/v1/teams', { method: 'POST', key: ADMIN_TOKEN, body: { name: 'team', members: ['ann'] } });
  expect([await read(ann), await read(cat)]).toEqual([200, 404]);
});

test('an administrator finds other people’s projects in both dialects, and has none of them in the own list', async () => {
  const body = { username: 'boss', apiKey: `local-${'b'.repeat(40)}`, admin: true };
  await server.ask('/api/v1/users', { method: 'POST', key: ADMIN_TOKEN, body });
  const key = body.apiKey;
  const { status, json } = await server.ask('/api/v1/projects/ann/secret', { key });
  expect([status, json.entity, json.runs]).toEqual([200, 'ann', 1]);
  const query = '{ models(entityName: "ann") { edges { node { name } } } }';
  const models = await server.ask('/graphql', { method: 'POST', key, body: { query } });
  expect(models.json.data.models.edges).toEqual([{ node: { name: 'secret' } }]);
  expect((await server.ask('/api/v1/projects', { key })).json.projects).toEqual([]);
});
