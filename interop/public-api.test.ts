import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

const ids = (...numbers: number[]) => numbers.map((number) => `run-${number}`);

describe.skipIf(isPythonSkipped())('wandb.Api()', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)('wandb %s finds, orders, pages, edits and deletes runs', async (version) => {
    using client = new Client(version, server);
    const told = (await client.run('api.py')) as Record<string, unknown>;
    const { viewer } = await server.graphql<{ viewer: { username: string } }>('{ viewer { username } }');
    expect(told).toMatchObject({
      all: ids(0, 1, 2, 3, 4, 5, 6, 7),
      newest: ids(7, 6, 5, 4, 3, 2, 1, 0),
      byLoss: ids(0, 5, 2, 7, 4, 1, 6, 3),
      byLr: ids(7, 6, 5, 4, 3, 2, 1, 0),
      paged: ids(0, 1, 2, 3, 4, 5, 6, 7),
      count: 8,
      tag: ids(0, 2, 4, 6),
      tags: ids(1, 3, 5, 7),
      config: ids(2),
      configValue: ids(6, 7),
      nested: ids(1, 3, 5, 7),
      summary: ids(3, 6),
      and: ids(1, 3),
      or: ids(1, 7),
      regex: ids(4, 5),
      not: ids(0, 2, 4, 6),
      ne: [],
      exists: ids(3),
      none: [],
      created: 8,
      unknownOperator: expect.stringContaining('$near'),
      missingRun: expect.stringContaining('nowhere'),
      missingProject: expect.stringContaining('no-such-project'),
      edited: {
        config: { lr: 0.001, model: { kind: 'big' }, added: [1, 2] },
        summary: { loss: 7, best: 0.5 },
        tags: ['odd', 'model:eo1', 'edited'],
        notes: 'edited',
        name: 'renamed',
        state: 'finished',
      },
      user: [viewer.username, viewer.username, viewer.username],
      projects: expect.arrayContaining([client.project]),
      metadata: true,
      lazyConfig: ids(7, 6, 5, 4, 3, 2, 1, 0).map((_, index) => 10 ** -(7 - index)),
      afterDelete: ids(1, 2, 3, 4, 5, 6, 7),
    });
  });
});
