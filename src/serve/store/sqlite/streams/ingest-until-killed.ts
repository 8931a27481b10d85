import { writeSync } from 'node:fs';
import { must } from '../../../../core/base/assert.ts';
import type { RunKey } from '../../../../core/model/run.ts';
import { fileStreamBody } from '../../stream-steps.contract.ts';
import { openSqliteStore } from '../open.ts';
import { consoleText, historyRow } from './killed-data.ts';

/**
 * A process that writes to a store until it is killed; arguments: the database, the runs' keys. It tells each line count
 * that was acknowledged: `RUN HISTORY CONSOLE`.
 */
const [path, ...runs] = process.argv.slice(2);
const store = await openSqliteStore({ path: must(path) });

async function write(run: RunKey, seed: number): Promise<never> {
  const extent = await store.streams.extent(run);
  let history = extent.history.nextLine;
  let console = extent.console.nextLine;
  for (let turn = seed; ; turn++) {
    // Small and large bodies, a retry of what was sent before, and a run that rests now and then.
    const rows = [1, 40, 400, 5, 1_500][turn % 5] as number;
    const from = Math.max(0, history - (turn % 3));
    const content = Array.from({ length: rows }, (_, i) => JSON.stringify(historyRow(from + i)));
    const lines = [console, console + 1].map(consoleText);
    const body = fileStreamBody({
      'wandb-history.jsonl': { offset: from, content },
      'output.log': { offset: console, content: lines },
    });
    await store.streams.ingest(run, '', body, Date.now());
    history = from + rows;
    console += 2;
    writeSync(1, `${run} ${history} ${console}\n`);
    if (turn % 7 === 0) await store.streams.settle(run);
  }
}

await Promise.all(runs.map((run, i) => write(Number(run) as RunKey, i)));
