import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

describe.skipIf(isPythonSkipped())('resuming runs with the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)('wandb %s resumes by must, allow, never and auto, rewinds and forks', async (version) => {
    using client = new Client(version, server);
    expect(await client.run('resume.py')).toMatchObject({
      must: { resumed: true, step: 3, y: -2, name: 'the first' },
      allow: { resumed: true, step: 6 },
      allowFresh: { resumed: false, step: 0 },
      mustMissing: expect.stringContaining('missing'),
      neverExisting: expect.stringContaining('first'),
      neverFresh: false,
      auto: { id: 'auto', resumed: true, step: 2 },
      rewound: { id: 'rewound', step: 5 },
      forked: { id: 'forked', step: 3 },
      rows: {
        first: [0, 1, 2, 3, 4, 5, 6].map((x) => (x < 3 ? { x, y: x === 0 ? 0 : -x, _step: x } : { x, _step: x })),
        fresh: [{ x: 0, _step: 0 }],
        rewound: [0, 1, 2, 3, 4, 50].map((x, step) => ({ x, _step: step })),
        forked: [{ x: 60, _step: 3 }],
        auto: [0, 1, 2].map((x) => ({ x, _step: x })),
      },
      config: { lr: 0.2, kept: 1 },
      tags: ['a'],
      state: 'finished',
      missing: [],
    });
  });
});
