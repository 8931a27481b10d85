import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

const OWN = ['deep/er/notes.md', 'empty.txt', 'model.bin', 'sp ace & 100% ümlaut#.txt'];
const ALWAYS = ['config.yaml', 'output.log', 'requirements.txt', 'wandb-metadata.json', 'wandb-summary.json'];

describe.skipIf(isPythonSkipped())('files of runs of the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)('wandb %s: files arrive, are listed, and come back the same', async (version) => {
    using client = new Client(version, server);
    const told = (await client.run('files.py')) as Record<string, unknown>;
    expect(told).toMatchObject({
      names: expect.arrayContaining([...OWN, ...ALWAYS]),
      pattern: ['empty.txt', 'requirements.txt', 'sp ace & 100% ümlaut#.txt'],
      byName: ['model.bin'],
      sizes: { 'model.bin': 1_280_000, 'empty.txt': 0 },
      same: Object.fromEntries(OWN.map((name) => [name, true])),
      output: expect.stringContaining('something for output.log'),
      configYaml: expect.stringContaining('value: 1'),
      uploaded: 'later.txt',
      again: 'and again',
      state: 'finished',
      left: [],
    });

    const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
    const { files } = await server.rest<{ files: { name: string; md5: string; url: string; sizeBytes: number }[] }>(
      `/projects/${viewer.entity}/${client.project}/runs/files/files`,
    );
    const model = files.find(({ name }) => name === 'model.bin');
    expect(model?.sizeBytes).toBe(1_280_000);
    const bytes = new Uint8Array(await (await fetch(new URL(model?.url ?? '', server.url))).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(told['sha']);
    expect(createHash('md5').update(bytes).digest('hex')).toBe(model?.md5);
  });
});
