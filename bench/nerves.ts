import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BUILT, ServerProcess } from '../interop/server-process.ts';
import type { NervesLoad } from './nerves-load.ts';
import { residentMb } from './process-figures.ts';
import { median, quantile } from './statistics.ts';

/**
 * How the built server bears large bodies: the delay of its event loop since its start, what the others wait meanwhile, and
 * its memory. `beat`: a body of 10 MiB each second, beside eight runs with small ones and a dashboard that draws them.
 * `flood`: 32 runs post bodies of 10 MiB at once.
 *
 *   npm run build && node bench/nerves.ts [seconds]     default 20
 */
const seconds = Number(process.argv[2] ?? 20);

async function measure(kind: 'beat' | 'flood', runCount: number): Promise<void> {
  await using server = await ServerProcess.start([], BUILT);
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  const names = Array.from({ length: runCount }, (_, index) => `run-${index}`);
  for (const name of names) {
    await server.graphql('mutation($n: String!) { upsertBucket(input: {name: $n, modelName: "bench"}) { inserted } }', {
      n: name,
    });
  }
  const runs = names.map((name) => `${viewer.entity}/bench/${name}`);
  const { url, apiKey } = server;
  const load: NervesLoad = {
    kind,
    url,
    apiKey,
    runs,
    seconds: kind === 'beat' ? seconds : 600,
    largeEach: kind === 'beat' ? 10_000 : 2,
  };
  const child = fork(fileURLToPath(new URL('./nerves-load.ts', import.meta.url)), [JSON.stringify(load)]);
  await new Promise((resolve) => child.once('message', resolve));
  const begun = await metrics(server);

  let residentMax = 0;
  const watch = setInterval(() => (residentMax = Math.max(residentMax, residentMb(server.pid))), 50);
  const stop = new AbortController();
  const looking = look(server, names, stop.signal);
  const told = new Promise<{ smallMs: number[]; largeMs: number[]; largeBytes: number }>((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void);
    child.once('exit', () => reject(new Error('the load ended early')));
  });
  child.send('go');
  const { smallMs, largeMs, largeBytes } = await told;
  clearInterval(watch);
  stop.abort();
  const { seriesMs, notices } = await looking;
  const ended = await metrics(server);
  const delay = (quantileOf: string, text: string) =>
    Number(new RegExp(`event_loop_delay_seconds\\{quantile="${quantileOf}"\\} (\\S+)`).exec(text)?.[1]) * 1_000;
  await sleep(1_000);
  const figures = {
    largeMiB: largeBytes / 2 ** 20,
    loopDelayP99Ms: delay('0.99', ended),
    loopDelayMaxMs: delay('1', ended),
    loopDelayMaxBeforeMs: delay('1', begun),
    ...spread('small', smallMs),
    ...spread('large', largeMs),
    ...spread('series', seriesMs),
    notices,
    residentMaxMb: residentMax,
    residentAfterMb: residentMb(server.pid),
  };
  const rounded = Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]);
  console.log(JSON.stringify({ kind, runs: runCount, ...Object.fromEntries(rounded) }));
}

function spread(name: string, times: readonly number[]): Record<string, number> {
  if (times.length === 0) return {};
  return { [`${name}N`]: times.length, [`${name}P50Ms`]: median(times), [`${name}P95Ms`]: quantile(times, 0.95) };
}

/** A dashboard: it hears notices, and asks for four charts of every run, twice a second. */
async function look(
  server: ServerProcess,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ seriesMs: number[]; notices: number }> {
  const headers = { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' };
  let notices = 0;
  const listening = (async () => {
    const { body } = await fetch(`${server.url}/api/v1/notices`, { headers, signal });
    for await (const chunk of body ?? []) notices += Buffer.from(chunk).toString().split('\n\n').length - 1;
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  const series = names.flatMap((run) => [0, 1, 2, 3].map((key) => ({ run, key: `train/metric_${key}` })));
  const seriesMs: number[] = [];
  while (!signal.aborted) {
    const from = performance.now();
    const body = JSON.stringify({ series, buckets: 300 });
    const reply = await fetch(`${server.url}/api/v1/projects/${viewer.entity}/bench/series`, {
      method: 'POST',
      headers,
      body,
    });
    if (!reply.ok) throw new Error(`series: ${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
    seriesMs.push(performance.now() - from);
    await sleep(500);
  }
  await listening;
  return { seriesMs, notices };
}

async function metrics(server: ServerProcess): Promise<string> {
  const reply = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.apiKey}` } });
  if (!reply.ok) throw new Error(`/metrics answered ${reply.status}`);
  return reply.text();
}

await measure('beat', 9);
await measure('flood', 32);
