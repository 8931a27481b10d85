/**
 * What `log()` costs the training thread: 10 scalars a call, 10,000 calls back to back, in a process of its own per repetition.
 * `offline`: the run's log only. `online`: the uploading thread sends at the same time, to a sink in another process. `paced`: offline with
 * a millisecond of work between calls, as in training. Beside it the bytes of the log per point.
 * `node bench/tracker.ts [--repeat 5]`
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { init } from '../src/track/tracker/index.ts';
import { TestSink } from '../src/track/uplink/test-sink.ts';
import { metric } from './data.ts';
import { median, quantile } from './statistics.ts';

const CALLS = 10_000;
const KEYS = 10;
const SELF = fileURLToPath(import.meta.url);

interface Figures {
  readonly medianUs: number;
  readonly p99Us: number;
  readonly maxMs: number;
  readonly cpuUs: number;
  readonly bytesPerPoint: number;
}

const { values, positionals } = parseArgs({
  options: { repeat: { type: 'string', default: '5' } },
  allowPositionals: true,
});
if (positionals[0] === 'sink') await serveSink();
else if (positionals[0] === 'measure') console.log(JSON.stringify(await measure(positionals[1] ?? '', positionals[2])));
else await compare(Number(values.repeat));

async function compare(repeat: number): Promise<void> {
  const sink = spawn(process.execPath, [SELF, 'sink'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(sink.stdout, 'data')) as [Buffer];
  for (const mode of ['offline', 'online', 'paced']) {
    const all = Array.from({ length: repeat }, () => {
      const out = execFileSync(process.execPath, [SELF, 'measure', mode, url.toString().trim()], { encoding: 'utf8' });
      return JSON.parse(out) as Figures;
    });
    const of = (name: keyof Figures): string => median(all.map((figures) => figures[name])).toFixed(1);
    console.log(
      `${mode.padEnd(8)} median ${of('medianUs')} µs  p99 ${of('p99Us')} µs  max ${of('maxMs')} ms  ` +
        `CPU of the process ${of('cpuUs')} µs/call  log ${of('bytesPerPoint')} bytes/point`,
    );
  }
  sink.kill();
}

async function measure(mode: string, url: string | undefined): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
  const server = { server: url ?? '', apiKey: 'bench'.padEnd(40, '0') };
  const run = init({
    project: 'bench',
    mode: mode === 'online' ? 'online' : 'offline',
    dir,
    settings: { silent: true, ...server },
  });
  const columns = Array.from({ length: KEYS }, (_, key) => metric('noisy64', CALLS, key + 1));
  const us: number[] = [];
  const before = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) {
    const row: Record<string, number> = {};
    columns.forEach((column, key) => (row[`metric_${key}`] = column[call] ?? 0));
    const from = performance.now();
    run.log(row);
    us.push((performance.now() - from) * 1000);
    if (mode === 'paced') work();
  }
  const cpu = process.cpuUsage(before);
  const bytes = statSync(join(run.folder ?? '', `run-${run.id}.wandb`)).size;
  await run.finish();
  rmSync(dir, { recursive: true });
  return {
    medianUs: median(us),
    p99Us: quantile(us, 0.99),
    maxMs: Math.max(...us) / 1000,
    cpuUs: (cpu.user + cpu.system) / CALLS,
    bytesPerPoint: bytes / (CALLS * KEYS),
  };
}

/** A millisecond of arithmetic. */
function work(): number {
  const until = performance.now() + 1;
  let sum = 0;
  while (performance.now() < until) for (let i = 0; i < 100; i++) sum += Math.sqrt(i);
  return sum;
}

async function serveSink(): Promise<void> {
  const sink = await new TestSink().start();
  console.log(sink.url);
}
