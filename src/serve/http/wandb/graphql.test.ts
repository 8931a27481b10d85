import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ScratchServer } from '../scratch-server.double.ts';

let server: ScratchServer;
let ann: string;
let bob: string;
beforeAll(async () => {
  server = await ScratchServer.start();
  ann = await server.addUser('ann');
  bob = await server.addUser('bob');
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = (query: string, variables: object | null = null, key = ann): Promise<Answer> =>
  server.ask('/graphql', { method: 'POST', key, body: { query, variables } });

const UPSERT = `mutation U($input: UpsertBucketInput!) {
  upsertBucket(input: $input) { inserted bucket { id name displayName state tags notes config summaryMetrics historyLineCount
    project { id name entity { id name } } } } }`;
const upsert = async (input: object) => {
  const { json } = await ask(UPSERT, { input });
  return json.data.upsertBucket as { inserted: boolean; bucket: Record<string, unknown> };
};

describe('documents', () => {
  test('a selection that a known type does not have is null and counted, with all that hangs below it', async () => {
    const { status, json } = await ask(
      `
      query Q($type: FutureEnum) {
        viewer { username novelty(of: $type) { ...Deep } renamed: other }
        another { ...Deep }
      }
      fragment Deep on FutureType { id ...Deeper }
      fragment Deeper on OtherFutureType { id }`
        .replace('($type: FutureEnum)', '')
        .replace('(of: $type)', '(of: 3)'),
    );
    expect({ status, json }).toEqual({
      status: 200,
      json: { data: { viewer: { username: 'ann', novelty: null, renamed: null }, another: null } },
    });
    const metrics = await server.ask('/metrics', { key: ann });
    expect(metrics.text).toMatch(/User\.novelty"\} 1/);
  });

  test.each([
    ['a type', 'query Q($x: NoSuchInput) { viewer { id } }', /NoSuchInput/],
    ['a type of a fragment', '{ viewer { ...F } } fragment F on NoSuchType { id }', /NoSuchType/],
    ['an argument', '{ project(name: "p", colour: "red") { id } }', /colour/],
    ['an input field', 'mutation { stopRun(input: {id: "x", softly: true}) { success } }', /softly/],
    ['a mutation', 'mutation { makeCoffee { id } }', /makeCoffee/],
    ['a variable that was not declared', 'query Q { project(name: $p) { id } }', /\$p/],
    ['anything but GraphQL', 'SELECT 1', /Syntax Error/],
    ['an endless document', `{ ${'viewer { id } '.repeat(10_000)} }`, /tokens/],
  ])('%s that nobody knows is an error', async (_what, query, message) => {
    const { status, json } = await ask(query);
    expect(status).toBe(400);
    expect(json.errors[0].message).toMatch(message);
    expect(json.data).toBeNull();
  });

  test('a wrong variable, a body that is not JSON and a body without a query are errors', async () => {
    const wrong = await ask(UPSERT, { input: { name: 3, tags: 'x', config: {} } });
    expect([wrong.status, wrong.json.errors.length]).toEqual([400, 1]);
    for (const body of ['{"query":', '[]', '"x"', 'null', '{"query":3}']) {
      const { status, json } = await server.ask('/graphql', { method: 'POST', key: ann, body });
      expect(status).toBe(400);
      expect(json.errors[0].message).not.toBe('');
    }
  });

  test('without a key, or with a wrong one, the answer is 401 in the words that clients read', async () => {
    for (const question of [{ body: { query: '{ viewer { id } }' } }, { key: `local-${'9'.repeat(40)}` }]) {
      const { status, json } = await server.ask('/graphql', { method: 'POST', ...question });
      expect(status).toBe(401);
      expect(json.errors[0].message).not.toBe('');
    }
  });

  test('a bare text is taken for a list of one, as GraphQL says', async () => {
    await upsert({ name: 'bare' });
    const { json } = await ask(
      '{ project(name: "uncategorized") { run(name: "bare") { sampledHistory(specs: "{}") } } }',
    );
    expect(json.data.project.run.sampledHistory).toEqual([[]]);
  });
});

describe('upsertBucket', () => {
  test('makes the run and its project, invents a name, and leaves alone what is null', async () => {
    const made = await upsert({
      name: 'r1',
      modelName: 'made',
      config: '{"lr":{"value":NaN}}',
      tags: ['a'],
      notes: 'n',
    });
    expect(made).toMatchObject({
      inserted: true,
      bucket: {
        name: 'r1',
        displayName: expect.stringMatching(/\w/),
        state: 'running',
        config: '{"lr":{"value":NaN}}',
        historyLineCount: 0,
        project: { name: 'made', entity: { name: 'ann' } },
      },
    });
    const again = await upsert({ name: 'r1', modelName: 'made', config: null, tags: null, displayName: 'mine' });
    expect(again).toMatchObject({
      inserted: false,
      bucket: { displayName: 'mine', tags: ['a'], notes: 'n', config: '{"lr":{"value":NaN}}' },
    });
    const untagged = await upsert({ name: 'r1', modelName: 'made', tags: [], config: '{}' });
    expect(untagged.bucket).toMatchObject({ tags: [], config: '{}', displayName: 'mine' });
  });

  test('by name, with or without the storage id, starts the run again and tells where its rows go on', async () => {
    const { bucket } = await upsert({ name: 'again', modelName: 'made' });
    await server.log(ann, 'ann/made/again', ['{"x":1,"_step":0}'], 0, { complete: true, exitcode: 1 });
    const resumed = await upsert({ id: bucket['id'], name: 'again' });
    expect(resumed).toMatchObject({
      inserted: false,
      bucket: { state: 'running', historyLineCount: 1, project: { name: 'made' } },
    });
  });

  test('by storage id edits without starting the run again', async () => {
    const { bucket } = await upsert({ name: 'r2', modelName: 'made' });
    await server.log(ann, 'ann/made/r2', ['{"x":1,"_step":0}'], 0, { complete: true, exitcode: 0 });
    const edited = await upsert({ id: bucket['id'], notes: 'edited', summaryMetrics: '{"best":Infinity}' });
    expect(edited).toMatchObject({
      inserted: false,
      bucket: { state: 'finished', notes: 'edited', summaryMetrics: '{"best":Infinity}', historyLineCount: 1 },
    });
    expect((await upsert({ name: 'r2', modelName: 'made' })).bucket['state']).toBe('running');
  });

  test.each([
    [{ name: 'r3', config: '{"a":' }, 400, /config/],
    [{ name: 'r3', config: '[]' }, 400, /config/],
    [{ name: 'r3', summaryMetrics: '7' }, 400, /summaryMetrics/],
    [{ name: 'a/b' }, 400, /a\/b|run id/i],
    [{ name: 'r3', modelName: 'x'.repeat(200) }, 400, /project/i],
    [{ name: 'r3', state: 'dreaming' }, 400, /dreaming/],
    [{ name: 'r3', entityName: 'bob' }, 404, /bob/],
    [{ id: 'bm9uc2Vuc2U=' }, 404, /run/],
    [{}, 400, /name/],
  ])('refuses %j', async (input, expected, message) => {
    const { status, json } = await ask(UPSERT, { input });
    expect(status).toBe(expected);
    expect(json.errors[0].message).toMatch(message);
    expect(json.data.upsertBucket).toBeNull();
  });
});

describe('reading', () => {
  const RESUME = `query R($p: String, $n: String!) { model(name: $p) { bucket(name: $n, missingOk: true) {
    historyLineCount eventsLineCount logLineCount historyTail eventsTail config summaryMetrics wandbConfig(keys: ["t"]) } } }`;

  test('what a client needs to resume: next lines, tails as lists of lines, its own part of the config', async () => {
    const config = '{"lr":{"value":1},"_wandb":{"value":{"t":{"1":[2]},"e":{}}}}';
    await upsert({ name: 'resumable', modelName: 'read', config });
    await server.log(ann, 'ann/read/resumable', ['{"x":0.5,"_step":300}', '{"x":NaN,"_step":301}']);
    const { json } = await ask(RESUME, { p: 'read', n: 'resumable' });
    const { bucket } = json.data.model;
    expect(bucket).toMatchObject({
      historyLineCount: 2,
      eventsLineCount: 0,
      logLineCount: 0,
      eventsTail: '[]',
      config,
    });
    expect(JSON.parse(bucket.wandbConfig)).toEqual({ t: { '1': [2] } });
    const [tail, ...more] = JSON.parse(bucket.historyTail) as string[];
    expect(more).toEqual([]);
    expect(tail).toMatch(/"_step":\s*301[,}]/); // an integer literal, or the client starts at 0
    expect(tail).toContain('NaN');
  });

  test('a run or a project that is not there is null, not an error', async () => {
    expect((await ask(RESUME, { p: 'read', n: 'nobody' })).json).toEqual({ data: { model: { bucket: null } } });
    expect((await ask(RESUME, { p: 'nothing', n: 'nobody' })).json).toEqual({ data: { model: null } });
  });

  test('rows keep their digits where JSON is strict', async () => {
    await upsert({ name: 'digits', modelName: 'read' });
    await server.log(ann, 'ann/read/digits', ['{"x":12345678901234567890,"y":-Infinity,"z":"NaN","_step":0}']);
    const { text } = await ask('{ project(name: "read") { run(name: "digits") { sampledHistory(specs: ["{}"]) } } }');
    expect(text).toContain('12345678901234567890');
    const [row] = JSON.parse(text).data.project.run.sampledHistory[0] as Record<string, unknown>[];
    expect(row).toMatchObject({ y: '-Infinity', z: 'NaN' });
  });

  test('a page of a scan holds every row of its steps: several of one step, and more than 10,000', async () => {
    await upsert({ name: 'scanned', modelName: 'read' });
    const lines = Array.from({ length: 24_000 }, (_, row) => `{"x":${row},"_step":${row % 12_000}}`);
    await server.log(ann, 'ann/read/scanned', lines);
    const scan = async (minStep: number, maxStep: number, samples = maxStep - minStep) => {
      const spec = { keys: ['x'], minStep, maxStep: maxStep - 1, samples };
      const { json } = await ask(
        `query S($from: Int64, $to: Int64, $n: Int, $specs: [JSONString!]!) { project(name: "read") { run(name: "scanned") {
          history(minStep: $from, maxStep: $to, samples: $n) sampledHistory(specs: $specs) } } }`,
        { from: minStep, to: maxStep, n: samples, specs: [JSON.stringify(spec)] },
      );
      const { history, sampledHistory } = json.data.project.run;
      return [history.map((row: string) => JSON.parse(row).x), sampledHistory[0].map((row: { x: number }) => row.x)];
    };
    const every = Array.from({ length: 24_000 }, (_, row) => row);
    expect(await scan(0, 12_000)).toEqual([every, every]);
    expect(await scan(11_000, 20_000)).toEqual(Array(2).fill(every.filter((row) => row % 12_000 >= 11_000)));
    expect(await scan(0, 12_000, 2)).toEqual([
      [0, 1],
      [0, 23_999],
    ]);
  });

  test("other people's projects, runs and entities are not there", async () => {
    await upsert({ name: 'secret', modelName: 'private' });
    const query =
      '{ project(name: "private", entityName: "ann") { runs { edges { node { name } } } } entity(name: "ann") { id } }';
    expect((await ask(query, null, bob)).json.data).toEqual({ project: null, entity: null });
    const id = Buffer.from('Run:v1:secret:private:ann').toString('base64');
    expect((await ask(`mutation { stopRun(input: {id: "${id}"}) { success } }`, null, bob)).status).toBe(404);
    const deleted = await ask(`mutation { deleteRun(input: {id: "${id}"}) { success } }`, null, bob);
    expect(deleted.status).toBe(404);
    const { json } = await ask('{ project(name: "private") { run(name: "secret") { state stopped } } }');
    expect(json.data.project.run).toEqual({ state: 'running', stopped: false });
    const files = `mutation { createRunFiles(input: {entityName: "ann", projectName: "private", runName: "secret", files: ["x"]}) { runID } }`;
    expect((await ask(files, null, bob)).status).toBe(404);
  });
});

test('files are uploaded to the address that createRunFiles gives, and no other', async () => {
  await upsert({ name: 'with-files', modelName: 'files' });
  const { json } =
    await ask(`mutation { createRunFiles(input: {projectName: "files", runName: "with-files", files: ["a/ü #1.txt"]}) {
    runID uploadHeaders files { name uploadUrl } } }`);
  const { runID, uploadHeaders, files } = json.data.createRunFiles;
  expect([runID, uploadHeaders, files[0].name]).toEqual(['with-files', [], 'a/ü #1.txt']);
  const { pathname, search } = new URL(files[0].uploadUrl);
  expect((await server.ask(pathname + search, { method: 'PUT', body: 'hello' })).status).toBe(200);
  expect((await server.ask(pathname + search.replace('max=', 'max=9'), { method: 'PUT', body: 'x' })).status).toBe(403);

  const found =
    await ask(`{ project(name: "files") { run(name: "with-files") { fileCount files(pattern: "a/%") { totalCount
    edges { node { name sizeBytes md5 directUrl } } } } } }`);
  const { fileCount, files: listed } = found.json.data.project.run;
  expect([fileCount, listed.totalCount]).toEqual([1, 1]);
  expect(listed.edges[0].node).toMatchObject({ name: 'a/ü #1.txt', sizeBytes: 5, md5: 'XUFAKrxLKna5cZ2REBfFkg==' });
  const direct = new URL(listed.edges[0].node.directUrl);
  expect((await server.ask(direct.pathname + direct.search)).text).toBe('hello');
});

test('a rewound run says how many lines it kept', async () => {
  await upsert({ name: 'rewound', modelName: 'files' });
  await server.log(
    ann,
    'ann/files/rewound',
    [0, 1, 2, 3].map((step) => `{"x":${step},"_step":${step}}`),
  );
  const { json } =
    await ask(`mutation { rewindRun(input: {projectName: "files", runName: "rewound", metricName: "_step",
    metricValue: 1}) { rewoundRun { name historyLineCount historyTail } } }`);
  expect(json.data.rewindRun.rewoundRun).toMatchObject({ name: 'rewound', historyLineCount: 2 });
  const other = await ask(`mutation { rewindRun(input: {projectName: "files", runName: "rewound", metricName: "loss",
    metricValue: 1}) { rewoundRun { name } } }`);
  expect(other.status).toBe(400);
});
