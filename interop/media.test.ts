import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

describe.skipIf(isPythonSkipped())('tables, pages and code of the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)('wandb %s: their files arrive with the run, which takes no harm', async (version) => {
    using client = new Client(version, server);
    const told = (await client.run('media.py')) as Record<string, unknown> & { table: { path: string } };
    expect(told).toMatchObject({
      state: 'finished',
      losses: [1, 0.5, 0.25],
      table: { _type: 'table-file', nrows: 2, ncols: 2 },
      page: expect.stringContaining('<b>bold</b>'),
      summary: { loss: 0.25, table: { _type: 'table-file' }, page: { _type: 'html-file' } },
    });
    expect(told['files']).toContain(told.table.path);
  });
});
