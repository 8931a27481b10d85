/**
 * A W&B server that stores nothing: it answers what the official client needs to carry a run from `init` to `finish`, and
 * forgets. The recordings are taken with it, and `bench/client.ts` compares our server with it.
 *
 *   node interop/sink.ts [--record FOLDER]
 *
 * prints its address on the first line. With `--record` it writes the body of the n-th file-stream request of run R to
 * `FOLDER/R-n.json`, byte for byte.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

const FILE_STREAM = /^\/files\/[^/]+\/[^/]+\/([^/]+)\/file_stream$/;

/** Starts a sink on a free port of 127.0.0.1; `onFileStream` gets every file-stream body. */
export async function startSink(
  onFileStream: (run: string, body: Buffer) => void = () => {},
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    answer(request, response, onFileStream).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  return { url: `http://127.0.0.1:${address.port}`, server };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onFileStream: (run: string, body: Buffer) => void,
): Promise<void> {
  const body = await buffer(request);
  const run = FILE_STREAM.exec(request.url ?? '')?.[1];
  response.setHeader('content-type', 'application/json');
  if (run !== undefined) onFileStream(decodeURIComponent(run), body);
  if (request.url === '/graphql') {
    const base = `http://${request.headers.host ?? '127.0.0.1'}`;
    const { variables } = JSON.parse(body.toString()) as { variables?: Variables | null };
    response.end(JSON.stringify({ data: everything(base, variables ?? {}) }));
  } else if (request.url?.startsWith('/sdk/otel/') === true) {
    response.writeHead(404).end();
  } else {
    response.end('{}');
  }
}

interface Variables {
  readonly name?: string | null;
  readonly files?: readonly string[];
}

/** The answer to every operation at once: a client reads only the members that it asked for. */
function everything(base: string, variables: Variables): object {
  const entity = { id: 'ann', name: 'ann', organization: null };
  const name = variables.name ?? 'run';
  return {
    viewer: {
      id: 'ann',
      entity: 'ann',
      username: 'ann',
      email: null,
      flags: '{}',
      teams: { edges: [{ node: { name: 'ann' } }] },
    },
    serverInfo: { features: [{ name: 'STRUCTURED_CONSOLE_LOGS', isEnabled: true }] },
    entity,
    model: { id: 'project', name: 'project', entity, bucket: null },
    upsertBucket: {
      bucket: {
        id: name,
        name,
        displayName: name,
        description: null,
        config: null,
        sweepName: null,
        project: { id: 'project', name: 'project', entity },
        historyLineCount: 0,
      },
      inserted: true,
    },
    createRunFiles: {
      runID: name,
      uploadHeaders: [],
      files: (variables.files ?? []).map((file) => ({ name: file, uploadUrl: `${base}/upload` })),
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { record: { type: 'string' } } });
  const requests = new Map<string, number>();
  const folder = values.record;
  const { url } = await startSink((run, body) => {
    if (folder === undefined) return;
    const number = requests.get(run) ?? 0;
    requests.set(run, number + 1);
    writeFileSync(join(folder, `${run}-${number}.json`), body);
  });
  process.stdout.write(`${url}\n`);
}
