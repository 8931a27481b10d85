import { must } from '../src/core/base/assert.ts';
import { trainingBodies, noisyKinds } from './data.ts';
import { Poster } from './http-load.ts';

/**
 * The load of `nerves.ts`, a process of its own. `beat`: eight runs post small bodies without pause between answer and next
 * but 20 ms, while another posts a body of 10 MiB each second, half numbers and half text, as the client sends what has
 * gathered. `flood`: every run posts bodies of 10 MiB, one after the other, all at once. Tells latencies in ms by kind.
 */
export interface NervesLoad {
  readonly kind: 'beat' | 'flood';
  readonly url: string;
  readonly apiKey: string;
  /** Addresses of runs, `entity/project/run`; with `beat` the last posts the large bodies. */
  readonly runs: readonly string[];
  readonly seconds: number;
  readonly largeEach: number;
}

const LARGE_BYTES = 10 * 2 ** 20;
const load = JSON.parse(must(process.argv[2])) as NervesLoad;
const authorization = `Basic ${Buffer.from(`api:${load.apiKey}`).toString('base64')}`;
const smallMs: number[] = [];
const largeMs: number[] = [];

/** Lines that go after the offset: `content":[…]}}}`, with how many they are. */
function contentOf(lines: readonly string[]): { bytes: Buffer; rows: number } {
  return { bytes: Buffer.from(`,"content":${JSON.stringify(lines)}}}}`), rows: lines.length };
}

function largeContent(): { bytes: Buffer; rows: number } {
  const lines: string[] = [];
  for (let size = 0, i = 0; size < LARGE_BYTES; i++) {
    const text = `step ${i}: a sample that the model wrote, "quoted" and with some digits ${Math.random()} `.repeat(2);
    const numbers = Array.from({ length: 8 }, (_, k) => `"train/metric_${k}":${Math.random()}`).join(',');
    const line = `{${numbers},"sample":${JSON.stringify(text)},"_step":${i},"_timestamp":1.79e+09,"_runtime":${i / 10}}`;
    size += line.length + 40;
    lines.push(line);
  }
  return contentOf(lines);
}

const small = contentOf(
  (
    JSON.parse(must(trainingBodies({ rows: 100, rowsPerBody: 100, keys: 10, kinds: noisyKinds })[0])) as {
      files: Record<string, { content: string[] }>;
    }
  ).files['wandb-history.jsonl']?.content ?? [],
);
const large = largeContent();
const until = { at: 0 };

async function client(
  run: string,
  content: { bytes: Buffer; rows: number },
  pauseMs: number,
  times: number[],
  most: number,
) {
  const poster = await Poster.open(new URL(load.url), `/files/${run}/file_stream`, authorization);
  for (let n = 0; n < most && performance.now() < until.at; n++) {
    const head = Buffer.from(`{"files":{"wandb-history.jsonl":{"offset":${n * content.rows}`);
    const from = performance.now();
    const status = await poster.post(Buffer.concat([head, content.bytes]));
    if (status !== 200) throw new Error(`${run}: the server answered ${status}`);
    times.push(performance.now() - from);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, pauseMs - (pauseMs > 500 ? performance.now() - from : 0))),
    );
  }
  poster.close();
}

process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
until.at = performance.now() + load.seconds * 1_000;
await Promise.all(
  load.runs.map((run, index) =>
    load.kind === 'flood' || index === load.runs.length - 1
      ? client(run, large, load.kind === 'flood' ? 0 : 1_000, largeMs, load.largeEach)
      : client(run, small, 20, smallMs, Infinity),
  ),
);
process.send?.({ smallMs, largeMs, largeBytes: large.bytes.length }, () => process.disconnect());
