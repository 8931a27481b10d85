import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LooseValue, parseLooseJson, parseLooseObject } from '../src/core/query/loose-json.ts';
import { printLooseJson, toStrictJson } from '../src/core/query/loose-json-print.ts';
import { strictJson } from '../src/track/wire/graphql/strict-json.ts';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

type Row = { readonly [key: string]: LooseValue };
interface Told {
  readonly url: string;
  readonly entity: string;
  readonly sent: readonly Row[];
  readonly config: Row;
  readonly read: Row & { readonly scan: readonly Row[]; readonly history: readonly Row[]; readonly summary: Row };
  readonly definedSummary: Row;
  readonly long: Row;
}

describe.skipIf(isPythonSkipped())('values that the official client logs', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  describe.each(CLIENT_VERSIONS)('wandb %s', (version) => {
    let client: Client;
    let told: Told;
    beforeAll(async () => {
      client = new Client(version, server);
      told = (await client.run('values.py')) as unknown as Told;
    });
    afterAll(() => client[Symbol.dispose]());

    const restRun = (id: string) => `/projects/${told.entity}/${client.project}/runs/${id}`;

    test('come back identical through the public API: NaN, infinities, big integers, nested keys, text', () => {
      expect(told.read.scan).toEqual(told.sent);
      expect(told.read.history).toEqual(told.sent);
      expect(told.read['lastStep']).toBe(100);
    });

    test('come back by key, where an answer must be strict JSON with NaN as text', () => {
      const losses = told.sent
        .filter((row) => 'loss' in row)
        .map(({ loss, _step }) => ({ loss: loss as number, _step }));
      const strict = losses.map((row) => (Number.isNaN(row.loss) ? { ...row, loss: 'NaN' } : row));
      expect(told.read['sampled']).toEqual(strict);
      expect(told.read['scanLoss']).toEqual(strict);
    });

    test('are the same through REST', async () => {
      const answer = parseLooseObject(await server.restText(`${restRun('values')}/rows?limit=1000`));
      const rows = (answer['rows'] as readonly Row[]).map(({ _timestamp, _runtime, ...row }) => row);
      expect(rows).toEqual(parseLooseJson(strictJson(printLooseJson(told.sent))));
    });

    test('are the same through GraphQL', async () => {
      const { project } = await server.graphql<{ project: { run: { history: string[] } } }>(
        'query H($p: String, $r: String!) { project(name: $p) { run(name: $r) { history(minStep: 0, maxStep: 1000, samples: 1000) } } }',
        { p: client.project, r: 'values' },
      );
      const rows = project.run.history.map(parseLooseObject).map(({ _timestamp, _runtime, ...row }) => row);
      expect(rows).toEqual(told.sent);
    });

    test('config, summary, tags, notes, group and job type arrive', async () => {
      expect(told.read).toMatchObject({
        name: 'every kind of value',
        tags: ['baseline', 'model:eo1'],
        notes: 'first\nsecond',
        group: 'pairs',
        jobType: 'train',
        state: 'finished',
        config: told.config,
      });
      expect(told.read.summary).toMatchObject({ loss: 7.5, _step: 100, up: Infinity, best: { epoch: 7, score: 0.5 } });
      const run = await server.rest<Record<string, unknown>>(restRun('values'));
      expect(run).toMatchObject({
        displayName: 'every kind of value',
        state: 'finished',
        exitCode: 0,
        tags: ['baseline', 'model:eo1'],
        group: 'pairs',
        jobType: 'train',
        notes: 'first\nsecond',
        config: toStrictJson(told.config),
        summary: { loss: 7.5, up: 'Infinity', best: { epoch: 7, score: 0.5 } },
        rows: { history: 6 },
      });
      expect(new URL(told.url).origin).toBe(new URL(server.url).origin);
    });

    test('defined metrics rule the summary and are known to the dashboard', async () => {
      expect(told.definedSummary).toMatchObject({
        acc: { max: 19 },
        best: { min: 0, mean: 9.5, last: 17 },
        'val/loss': 1,
      });
      const { metrics } = await server.rest<{ metrics: readonly object[] }>(restRun('metrics'));
      expect(metrics).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: expect.stringMatching(/^val\/(\*|loss)$/), step: 'epoch' }),
          expect.objectContaining({ name: 'acc' }),
        ]),
      );
    });

    test('10,000 steps are all there, to the bit', async () => {
      expect(told.long).toMatchObject({ rows: 10_000, isSame: true, byKey: true, sampled: 500 });
      const { keys } = await server.rest<{ keys: { key: string; counts: object; last: number }[] }>(
        `${restRun('long')}/keys`,
      );
      const loss = keys.find(({ key }) => key === 'loss');
      expect(loss).toMatchObject({ counts: { number: 10_000 }, last: told.long['last'] });
    });
  });
});
