/**
 * How long after the navigation the charts of a run with 5 metrics × 100,000 points are drawn in Chromium, and what the
 * first view weighs. The run comes in by the file stream; the browser's cache is empty each time.
 *
 *   node bench/page.ts [rounds]     default 9; measures `dist`, so run `npm run build` first
 */
import { startBrowser } from '../interop/browser.ts';
import { DashboardPage } from '../interop/dashboard-page.ts';
import { LoggedRun } from '../interop/logged-run.ts';
import { BUILT, ServerProcess } from '../interop/server-process.ts';
import { cpuSeconds } from './process-figures.ts';
import { median, quantile } from './statistics.ts';

const METRICS = ['train/loss', 'train/acc', 'train/grad_norm', 'val/loss', 'val/acc'];
const POINTS = 100_000;
const ROWS_AT_ONCE = 10_000;

const rounds = Number(process.argv[2] ?? 9);
await using server = await ServerProcess.start([], BUILT);
const run = await LoggedRun.start(server, 'page', 'five-metrics');
for (let row = 0; row < POINTS; row += ROWS_AT_ONCE) await run.log(rowsFrom(row));
await run.finish(0);
const browser = await startBrowser();

const drawn: number[] = [];
const painted: number[] = [];
let weight = new Map<string, number>();
const before = cpuSeconds(server.pid);
// The first is thrown away: the server's caches and Chromium's own start.
for (let round = -1; round < rounds; round++) {
  await using view = await DashboardPage.open(browser, server, 'about:blank');
  const { page } = view;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const kinds = new Map<string, string>();
  weight = new Map();
  session.on('Network.responseReceived', ({ requestId, type }) => void kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    weight.set(kind, (weight.get(kind) ?? 0) + encodedDataLength);
  });
  const start = performance.now();
  await page.goto(run.path, { waitUntil: 'commit' });
  await Promise.all(METRICS.map((key) => view.drawn(key)));
  if (round < 0) continue;
  drawn.push((performance.now() - start) / 1000);
  painted.push(
    (await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")) / 1000,
  );
}
const seconds = (samples: readonly number[]) =>
  `${median(samples).toFixed(3)} s median, ${quantile(samples, 0.95).toFixed(3)} s at 95 %`;
console.log(
  `charts of ${METRICS.length} metrics × ${POINTS.toLocaleString('en-US')} points drawn: ${seconds(drawn)} (${rounds} rounds)`,
);
console.log(`first paint: ${seconds(painted)}`);
for (const [kind, bytes] of weight)
  console.log(`${kind.toLowerCase().padEnd(12)} ${(bytes / 1000).toFixed(1)} kB compressed, headers counted`);
console.log(`server CPU: ${((cpuSeconds(server.pid) - before) / (rounds + 1)).toFixed(3)} s a view`);
await browser.close();

function rowsFrom(first: number): Record<string, number>[] {
  return Array.from({ length: ROWS_AT_ONCE }, (_, index) => {
    const part = (first + index) / POINTS;
    const row: Record<string, number> = { _runtime: (first + index) / 10 };
    for (const [at, key] of METRICS.entries()) row[key] = Math.exp(-4 * part) + 0.1 * Math.random() + at;
    return row;
  });
}
