/**
 * How much of a training program's time our server costs: the official client logs 10,000 steps of 10 scalars back to back,
 * against Trackside, against a sink that answers and stores nothing, and offline, in turn.
 *
 *   node bench/client.ts [rounds]     default 9; needs the environments of interop/install-python.sh
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '../interop/client-process.ts';
import { BUILT, ServerProcess } from '../interop/server-process.ts';
import { cpuSeconds } from './process-figures.ts';
import { median } from './statistics.ts';

const WAYS = ['trackside', 'sink', 'offline'] as const;
const PARTS = ['init', 'log', 'finish', 'total'] as const;
type Times = Readonly<Record<(typeof PARTS)[number], number>>;

const rounds = Number(process.argv[2] ?? 9);
await using server = await ServerProcess.start([], existsSync(BUILT) ? BUILT : undefined);
using sink = await startSink();
const times: Record<(typeof WAYS)[number], Times[]> = { trackside: [], sink: [], offline: [] };

// The first of each is thrown away: caches of the machine and of the client's Python.
for (let round = -1; round < rounds; round++) {
  // Whoever comes first in a round must not have it easier in the end.
  for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
    using client = new Client('0.31.0', way === 'trackside' ? server : { url: sink.url, apiKey: server.apiKey });
    const mode = way === 'offline' ? 'offline' : 'online';
    const told = (await client.run('steps.py', [`round-${round + 1}`, mode])) as unknown as Times;
    if (round >= 0) times[way].push(told);
  }
}

for (const way of WAYS) {
  const parts = PARTS.map((part) => `${part} ${median(times[way].map((time) => time[part])).toFixed(3)} s`);
  process.stdout.write(`${way.padEnd(10)} ${parts.join('  ')}\n`);
}
const ratios = times.trackside.map((time, round) => time.total / (times.sink[round]?.total ?? NaN));
const totals = (way: (typeof WAYS)[number]) => median(times[way].map(({ total }) => total));
// On a busy machine the fastest of each say most: what others took is least in them.
const fastest = (way: (typeof WAYS)[number]) => Math.min(...times[way].map(({ total }) => total));
process.stdout.write(`trackside / sink: ${(fastest('trackside') / fastest('sink')).toFixed(3)} of the fastest, `);
process.stdout.write(`${(totals('trackside') / totals('sink')).toFixed(3)} of medians, `);
process.stdout.write(`${median(ratios).toFixed(3)} median of ${rounds} rounds\n`);
process.stdout.write(`sink / offline: ${(totals('sink') / totals('offline')).toFixed(3)}\n`);
process.stdout.write(`server CPU: ${(cpuSeconds(server.pid) / (rounds + 1)).toFixed(3)} s a run\n`);

async function startSink(): Promise<{ url: string } & Disposable> {
  const program = fileURLToPath(new URL('../interop/sink.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: line.toString().trim(), [Symbol.dispose]: () => void child.kill() };
}
