import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * Runs the benches one after the other and ends with one table: figure, target, reached. Exit code 1 when a
 * target was not reached. What each measures is in README.md.
 *
 *   npm run build && npm run bench [-- --only ingest,page] [--big]
 *
 * `--big` adds the series of 100 million points, whose fixture is made once (minutes, 2 GB).
 */
interface Figure {
  readonly what: string;
  /** What is taken from the bench's output: the first group is a number. */
  readonly from: RegExp;
  readonly target: number;
  readonly isAtLeast?: boolean;
  readonly unit: string;
}

interface Bench {
  readonly name: string;
  readonly args?: readonly string[];
  readonly figures: readonly Figure[];
}

/** A figure of the JSON line that holds this text. */
function field(line: string, name: string): RegExp {
  const escaped = line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\{[^\\n]*${escaped}[^\\n]*"${name}":([\\d.e+-]+)`, 'm');
}

function ingest(what: string, runs: number): Figure[] {
  const line = `"what":"${what}","runs":${runs},`;
  const name = `${what}, ${runs} runs`;
  const isMixed = what === 'mixed kinds';
  return [
    { what: `${name}: points/s`, from: field(line, 'pointsPerSecond'), target: 600_000, isAtLeast: true, unit: '' },
    {
      what: `${name}: points per CPU s`,
      from: field(line, 'pointsPerCpuSecond'),
      target: 950_000,
      isAtLeast: true,
      unit: '',
    },
    { what: `${name}: acknowledged, p95`, from: field(line, 'ackP95Ms'), target: 50, unit: 'ms' },
    { what: `${name}: memory`, from: field(line, 'residentMb'), target: 400, unit: 'MB' },
    { what: `${name}: disk, open`, from: field(line, 'bytesOpen'), target: isMixed ? 12 : 22, unit: 'B/point' },
    { what: `${name}: disk, finished`, from: field(line, 'bytesFinished'), target: isMixed ? 6 : 11, unit: 'B/point' },
  ];
}

function zoom(rows: number): Figure[] {
  const name = `${(rows / 1e6).toFixed(0)} M points`;
  // Of lines that begin alike the first counts: that of a run at rest.
  const windows = [
    [`${name}, whole`, `"rows":${rows},"share":1,"x":"step",`],
    [`${name}, a thousandth`, `"rows":${rows},"share":0.001,"x":"step",`],
    [`${name}, whole, being written`, `"rows":${rows},"share":1,"x":"step","writing":true,`],
  ] as const;
  return windows.flatMap(([what, line]) => [
    { what: `${what}: median`, from: field(line, 'medianMs'), target: 5, unit: 'ms' },
    { what: `${what}: p95`, from: field(line, 'p95Ms'), target: 15, unit: 'ms' },
    { what: `${what}: size`, from: field(line, 'bytesPerBucket'), target: 30, unit: 'B/bucket' },
  ]);
}

function benches(isBig: boolean): Bench[] {
  const rows = [1_000_000, 10_000_000, ...(isBig ? [100_000_000] : [])];
  const many = '"runs":100,"rows":10000,"asked":300,"x":"step"';
  return [
    {
      name: 'server-start',
      figures: [
        { what: 'ready, new folder', from: /^new folder ready (\d+)/m, target: 400, unit: 'ms' },
        { what: 'ready, again', from: /^again +ready (\d+)/m, target: 400, unit: 'ms' },
        { what: 'memory when idle', from: /^again .*idle (\d+)/m, target: 90, unit: 'MB' },
      ],
    },
    {
      name: 'ingest',
      figures: ['noisy 64-bit values', 'mixed kinds'].flatMap((what) => [...ingest(what, 8), ...ingest(what, 32)]),
    },
    {
      name: 'nerves',
      figures: [
        {
          what: '10 MiB each second: loop delay, p99',
          from: field('"kind":"beat"', 'loopDelayP99Ms'),
          target: 50,
          unit: 'ms',
        },
        {
          what: '10 MiB each second: loop delay, max',
          from: field('"kind":"beat"', 'loopDelayMaxMs'),
          target: 250,
          unit: 'ms',
        },
        {
          what: '32 runs × 10 MiB at once: memory',
          from: field('"kind":"flood"', 'residentMaxMb'),
          target: 400,
          unit: 'MB',
        },
      ],
    },
    {
      name: 'buckets',
      args: ['--rows', rows.join(',')],
      figures: [
        { what: '100 runs in one request: median', from: field(many, 'medianMs'), target: 60, unit: 'ms' },
        { what: '100 runs in one request: size', from: field(many, 'kB'), target: 1_000, unit: 'kB' },
        ...rows.flatMap(zoom),
      ],
    },
    {
      name: 'runs-table',
      figures: [
        { what: 'first page of 10,000 runs', from: /^warm: median ([\d.]+)/m, target: 20, unit: 'ms' },
        { what: 'while 32 runs are written', from: /^while .*: median ([\d.]+)/m, target: 20, unit: 'ms' },
      ],
    },
    {
      name: 'tracker',
      figures: [
        { what: 'log(), offline: median', from: /^offline +median ([\d.]+)/m, target: 8, unit: 'µs' },
        { what: 'log(), offline: p99', from: /^offline .*p99 ([\d.]+)/m, target: 100, unit: 'µs' },
        { what: 'log(), online: median', from: /^online +median ([\d.]+)/m, target: 8, unit: 'µs' },
        { what: 'log(), online: p99', from: /^online .*p99 ([\d.]+)/m, target: 100, unit: 'µs' },
      ],
    },
    {
      name: 'client',
      figures: [{ what: 'official client, to a sink', from: /sink: .*?([\d.]+) of medians/, target: 1.05, unit: '×' }],
    },
    {
      name: 'page',
      figures: [
        { what: 'charts of 5 × 100,000 points', from: /points drawn: ([\d.]+) s median/, target: 0.7, unit: 's' },
        { what: 'JavaScript of the first view', from: /^script +([\d.]+) kB/m, target: 250, unit: 'kB' },
      ],
    },
  ];
}

/** Runs one bench, shows what it says, and gives it back; null when it failed. */
async function outputOf({ name, args = [] }: Bench): Promise<string | null> {
  const child = spawn(process.execPath, [join(fileURLToPath(new URL('.', import.meta.url)), `${name}.ts`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return code === 0 ? out : null;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, big: { type: 'boolean', default: false } } });
const all = benches(values.big);
const wanted = values.only?.split(',') ?? all.map(({ name }) => name);
const unknown = wanted.filter((name) => !all.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const lines: string[] = [];
for (const bench of all.filter(({ name }) => wanted.includes(name))) {
  console.log(`\n${bench.name}`);
  const out = await outputOf(bench);
  for (const { what, from, target, isAtLeast = false, unit } of bench.figures) {
    const text = out === null ? undefined : from.exec(out)?.[1];
    const measured = text === undefined ? Number.NaN : Number(text);
    const isReached = isAtLeast ? measured >= target : measured <= target;
    if (!isReached) process.exitCode = 1;
    const shown = Number.isNaN(measured) ? 'not measured' : `${measured.toLocaleString('en-US')} ${unit}`;
    const wish = `${isAtLeast ? '≥' : '≤'} ${target.toLocaleString('en-US')} ${unit}`;
    lines.push(
      `${isReached ? '✓' : '✗'} ${bench.name.padEnd(13)} ${what.padEnd(44)} ${shown.padStart(16)}   ${wish}`.trimEnd(),
    );
  }
}
console.log(`\n${lines.join('\n')}`);
