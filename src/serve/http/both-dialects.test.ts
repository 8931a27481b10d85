import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, ScratchServer } from './scratch-server.double.ts';

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
});
afterAll(() => server[Symbol.asyncDispose]());

/** What the W&B dialect answers. */
async function graphql(query: string, variables: object = {}): Promise<Json> {
  const { json } = await server.ask('/graphql', { method: 'POST', key, body: { query, variables } });
  return json.data ?? json;
}

/** What our REST answers. */
async function rest(method: string, path: string, body?: unknown): Promise<Json> {
  const asked = body === undefined ? { method, key } : { method, key, body };
  const answer = await server.ask(`/api/v1/projects/ann/p${path}`, asked);
  return answer.text === '' ? answer.status : answer.json;
}

const RUN = `query R($n: String!) { project(name: "p", entityName: "ann") { run(name: $n) {
  id displayName notes tags group jobType state config summaryMetrics historyLineCount stopped } } }`;

async function run(name: string): Promise<Json> {
  return (await graphql(RUN, { n: name })).project.run;
}

test('a run that one dialect edits, the other reads, field for field', async () => {
  await server.startRun(key, 'p', 'edited', { lr: { value: 0.1 }, deep: { value: { a: [1, null] } } });
  const fields = { displayName: 'Eins', notes: 'zwei', tags: ['a', 'b:c'], group: 'g', jobType: 'j' };
  await rest('PATCH', '/runs/edited', fields);
  expect(await run('edited')).toMatchObject(fields);

  const { id } = await run('edited');
  await graphql(
    `
      mutation M($i: UpsertBucketInput!) {
        upsertBucket(input: $i) {
          bucket {
            id
          }
        }
      }
    `,
    { i: { id, displayName: 'Two', notes: 'deux', tags: [], groupName: 'h' } },
  );
  const read = await rest('GET', '/runs/edited');
  expect(read).toMatchObject({ displayName: 'Two', notes: 'deux', tags: [], group: 'h', jobType: 'j' });
  expect(read.config).toEqual({ lr: 0.1, deep: { a: [1, null] } });
});

test('a run is asked to stop in either dialect, and both know', async () => {
  for (const [name, stop] of [
    ['stop-1', () => rest('POST', '/runs/stop-1/stop')],
    ['stop-2', async () => graphql(`mutation { stopRun(input: {id: "${(await run('stop-2')).id}"}) { success } }`)],
  ] as const) {
    await server.startRun(key, 'p', name);
    await stop();
    expect((await run(name)).stopped).toBe(true);
    expect((await rest('GET', `/runs/${name}`)).stopRequestedBy).toBe('ann');
  }
});

test('rows, summary and state read the same', async () => {
  await server.startRun(key, 'p', 'logged');
  const lines = ['{"_step":0,"loss":1.5,"nested":{"x":1}}', '{"_step":1,"loss":NaN,"text":"ä"}'];
  await server.log(key, 'ann/p/logged', lines, 0, {
    files: {
      'wandb-history.jsonl': { offset: 0, content: lines },
      'wandb-summary.json': { offset: 0, content: ['{"loss":0.5,"_step":1}'] },
    },
    complete: true,
    exitcode: 1,
  });
  const history = await graphql(`
    {
      project(name: "p", entityName: "ann") {
        run(name: "logged") {
          history(samples: 10)
          state
          summaryMetrics
        }
      }
    }
  `);
  const { history: theirs, state, summaryMetrics } = history.project.run;
  const { rows } = await rest('GET', '/runs/logged/rows');
  expect(theirs.map((row: string) => JSON.parse(row.replace('NaN', '"NaN"')))).toEqual(rows);
  const ours = await rest('GET', '/runs/logged');
  expect([ours.state, ours.exitCode]).toEqual([state, 1]);
  expect(ours.stateReason).toMatch(/exit code 1/);
  expect(ours.summary).toEqual(JSON.parse(summaryMetrics));
});

test('lists have the same runs in the same order, whichever grammar filters them', async () => {
  for (const [name, lr] of [
    ['f-1', 0.3],
    ['f-2', 0.1],
    ['f-3', 0.2],
  ] as const)
    await server.startRun(key, 'filters', name, { lr: { value: lr } });
  const theirs = await graphql(`
    {
      project(name: "filters", entityName: "ann") {
        runs(filters: "{\\"config.lr.value\\": {\\"$gt\\": 0.15}}", order: "-config.lr.value") {
          edges {
            node {
              name
            }
          }
        }
      }
    }
  `);
  const names = theirs.project.runs.edges.map(({ node }: Json) => node.name);
  const ours = await server.ask('/api/v1/projects/ann/filters/runs?filter=config.lr%3E0.15&order=-config.lr', { key });
  expect(names).toEqual(['f-1', 'f-3']);
  expect(ours.json.runs.map(({ id }: Json) => id)).toEqual(names);
});

test('what one dialect deletes is gone in the other', async () => {
  for (const name of ['gone-1', 'gone-2']) await server.startRun(key, 'p', name);
  expect(await rest('DELETE', '/runs/gone-1')).toBe(204);
  expect(await run('gone-1')).toBeNull();
  await graphql(`mutation { deleteRun(input: {id: "${(await run('gone-2')).id}"}) { clientMutationId } }`);
  expect((await rest('GET', '/runs/gone-2')).error.code).toBe('not_found');
});
