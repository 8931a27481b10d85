import { readFileSync } from 'node:fs';
import { must } from '../src/core/base/assert.ts';
import { Poster } from './http-load.ts';

/**
 * The load of `ingest.ts`, a process of its own: `runs` clients, each posting the same bodies one after the other, each
 * waiting for its answer. Told by the parent as JSON in the first argument; tells the latencies as JSON on its output.
 */
interface Load {
  readonly url: string;
  readonly apiKey: string;
  readonly entity: string;
  readonly project: string;
  readonly runs: readonly string[];
  /** Bodies, each on a line of its own. */
  readonly bodies: string;
}

const load = JSON.parse(must(process.argv[2])) as Load;
const url = new URL(load.url);
const bodies = readFileSync(load.bodies, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => Buffer.from(line));
const authorization = `Basic ${Buffer.from(`api:${load.apiKey}`).toString('base64')}`;
const acknowledged: number[] = [];

async function client(run: string): Promise<void> {
  const poster = await Poster.open(url, `/files/${load.entity}/${load.project}/${run}/file_stream`, authorization);
  for (const body of bodies) {
    const from = performance.now();
    const status = await poster.post(body);
    if (status !== 200) throw new Error(`run ${run}: the server answered ${status}`);
    acknowledged.push(performance.now() - from);
  }
  poster.close();
}

process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
const from = performance.now();
await Promise.all(load.runs.map(client));
// Disconnected at once, what was sent could be lost.
process.send?.({ seconds: (performance.now() - from) / 1_000, acknowledged }, () => process.disconnect());
