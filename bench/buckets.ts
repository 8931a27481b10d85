import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Parts } from '../src/serve/api/client.ts';
import { decodeSeries } from '../src/serve/api/series-format.ts';
import { BUILT, ServerProcess, SOURCE } from '../interop/server-process.ts';
import { bucketFixture, METRIC, PROJECT, SECONDS_PER_ROW, STARTED_AT } from './bucket-fixture.ts';
import { cpuSeconds, residentMb } from './process-figures.ts';
import { median, quantile } from './statistics.ts';

/**
 * Buckets of charts over HTTP, warm: one series at any zoom, finished and while it is being written, by step and by wall
 * time; and one request for 100 runs. `node bench/buckets.ts [--rows 1000000,10000000,100000000] [--buckets 1000]
 * [--source]`. The server is the built one; with `--source`, or where nothing was built, the source.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000,10000000' },
    buckets: { type: 'string', default: '1000' },
    source: { type: 'boolean', default: false },
  },
});
const BUCKETS = Number(values.buckets);
const SHARES = [1, 0.5, 0.1, 0.01, 0.001, 0.0001];
const WARM = 10;
const REPEATS = 60;

type Query = Parts<'series'>['body'];

/** Asks a server for series on one kept connection, and takes the time until the last byte is here. */
class Asker {
  readonly #server: ServerProcess;
  readonly #entity: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(server: ServerProcess, entity: string) {
    this.#server = server;
    this.#entity = entity;
  }

  close(): void {
    this.#agent.destroy();
  }

  async ask(query: Query): Promise<{ milliseconds: number; bytes: Uint8Array }> {
    const body = JSON.stringify(query);
    const from = performance.now();
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      const asked = request(
        `${this.#server.url}/api/v1/projects/${this.#entity}/${PROJECT}/series`,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.#server.apiKey}`,
            accept: 'application/vnd.trackside.series',
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const whole = Buffer.concat(chunks);
            if (response.statusCode === 200) resolve(whole);
            else reject(new Error(`${response.statusCode}: ${whole.toString()}`));
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
    return { milliseconds: performance.now() - from, bytes };
  }
}

async function measure(what: object, server: ServerProcess, asker: Asker, next: () => Query): Promise<void> {
  for (let i = 0; i < WARM; i++) await asker.ask(next());
  const times: number[] = [];
  const perBucket: number[] = [];
  const buckets: number[] = [];
  let bytes = 0;
  const before = cpuSeconds(server.pid);
  for (let i = 0; i < REPEATS; i++) {
    const answer = await asker.ask(next());
    times.push(answer.milliseconds);
    bytes = answer.bytes.length;
    const length = decodeSeries(answer.bytes).reduce((sum, series) => sum + (series?.length ?? 0), 0);
    buckets.push(length);
    perBucket.push(bytes / length);
  }
  const figures = {
    medianMs: median(times),
    p95Ms: quantile(times, 0.95),
    cpuMs: ((cpuSeconds(server.pid) - before) / REPEATS) * 1_000,
    buckets: median(buckets),
    bytesPerBucket: median(perBucket),
    kB: bytes / 1_000,
    residentMb: residentMb(server.pid),
  };
  console.log(
    JSON.stringify({
      ...what,
      ...Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Number(figure.toPrecision(3))])),
    }),
  );
}

/** A window of this share of the rows, somewhere. */
function zoom(rows: number, share: number, x: 'step' | 'wall'): () => Query {
  const width = Math.max(rows * share, Math.min(rows, BUCKETS));
  return () => {
    const first = Math.random() * (rows - width);
    const at = (row: number) => (x === 'step' ? row : STARTED_AT + row * SECONDS_PER_ROW);
    return {
      series: [{ run: 'run-0', stream: 'history', key: METRIC }],
      x: { kind: x },
      ...(share === 1 ? {} : { from: at(first), to: at(first + width) }),
      buckets: BUCKETS,
    };
  };
}

async function serve(store: string): Promise<{ server: ServerProcess; entity: string }> {
  const server = await ServerProcess.start(
    ['--store', `sqlite:${store}`],
    existsSync(BUILT) && !values.source ? BUILT : SOURCE,
  );
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  return { server, entity: viewer.entity };
}

/** Logs ten rows a body behind the last one, about twenty bodies a second, until told to stop. */
async function write(server: ServerProcess, entity: string, rows: number, stop: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };
  const extent = `query($p: String!, $e: String!) { project(name: $p, entityName: $e) { run(name: "run-0") { historyLineCount } } }`;
  const found = await server.graphql<{ project: { run: { historyLineCount: number } } }>(extent, {
    p: PROJECT,
    e: entity,
  });
  for (let offset = found.project.run.historyLineCount; !stop.aborted; offset += 10) {
    const content = Array.from({ length: 10 }, (_, i) => {
      const row = offset + i;
      const runtime = row * SECONDS_PER_ROW;
      return JSON.stringify({
        [METRIC]: Math.random(),
        _step: row,
        _timestamp: STARTED_AT + runtime,
        _runtime: runtime,
      });
    });
    const body = JSON.stringify({ files: { 'wandb-history.jsonl': { offset, content } } });
    const url = `${server.url}/files/${entity}/${PROJECT}/run-0/file_stream`;
    const response = await fetch(url, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()} (of ${rows} rows)`);
    await sleep(50);
  }
}

async function oneSeries(rows: number): Promise<void> {
  const { server: started, entity } = await serve(await bucketFixture(1, rows));
  await using server = started;
  const asker = new Asker(server, entity);
  for (const x of ['step', 'wall'] as const) {
    for (const share of SHARES) await measure({ rows, share, x }, server, asker, zoom(rows, share, x));
  }
  const stop = new AbortController();
  const writing = write(server, entity, rows, stop.signal);
  for (const share of [1, 0.1, 0.01, 0.0001]) {
    await measure({ rows, share, x: 'step', writing: true }, server, asker, zoom(rows, share, 'step'));
  }
  stop.abort();
  await writing;
  asker.close();
}

async function manyRuns(): Promise<void> {
  const { server: started, entity } = await serve(await bucketFixture(100, 10_000));
  await using server = started;
  const asker = new Asker(server, entity);
  const series = Array.from({ length: 100 }, (_, i) => ({ run: `run-${i}`, stream: 'history' as const, key: METRIC }));
  for (const buckets of [150, 300]) {
    for (const x of ['step', 'relative'] as const) {
      await measure({ runs: 100, rows: 10_000, asked: buckets, x }, server, asker, () => ({
        series,
        x: { kind: x },
        buckets,
      }));
    }
  }
  asker.close();
}

await manyRuns();
for (const rows of values.rows.split(',').map(Number)) await oneSeries(rows);
