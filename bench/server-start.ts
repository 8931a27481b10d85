/**
 * How soon a server is ready, and how much memory it takes when nothing happens: the built command, on a new folder and again
 * on the same one.
 *
 *   npm run build && node bench/server-start.ts [rounds]     default 7
 *
 * Ready: from the start of the process until `GET /ready` is answered. CPU: of all its threads until then. Idle: 3 s later.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSeconds, residentMb } from './process-figures.ts';
import { median } from './statistics.ts';

/** What users start; it keeps compiled code between starts. */
const COMMAND = fileURLToPath(new URL('../bin/trackside.js', import.meta.url));

interface Start {
  readonly readyMs: number;
  readonly cpuMs: number;
  readonly idleMb: number;
}

async function start(home: string): Promise<Start> {
  const begun = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, TRACKSIDE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = child.pid ?? 0;
  try {
    let said = '';
    while (!said.endsWith('}\n')) said += String((await once(child.stdout, 'data'))[0]);
    const { url } = JSON.parse(said) as { url: string };
    const { status } = await fetch(`${url}/ready`);
    if (status !== 200) throw new Error(`/ready answered ${status}`);
    const readyMs = performance.now() - begun;
    const cpuMs = cpuSeconds(pid) * 1_000;
    await sleep(3_000);
    return { readyMs, cpuMs, idleMb: residentMb(pid) };
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

const rounds = Number(process.argv[2] ?? 7);
const starts = { 'new folder': [] as Start[], again: [] as Start[] };
for (let round = 0; round < rounds; round++) {
  const home = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
  try {
    starts['new folder'].push(await start(home));
    starts.again.push(await start(home));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
for (const [name, runs] of Object.entries(starts)) {
  const of = (pick: (run: Start) => number): string => median(runs.map(pick)).toFixed(0);
  const figures = `ready ${of((run) => run.readyMs)} ms  CPU ${of((run) => run.cpuMs)} ms  idle ${of((run) => run.idleMb)} MB`;
  process.stdout.write(`${name.padEnd(10)} ${figures}  (median of ${runs.length})\n`);
}
