import { looseJson, madeBy } from '../../catalog-example.ts';
import { openSqliteStore } from '../open.ts';

/**
 * A program for tests to kill: `writing-child.ts STORE ROUND` makes runs `ROUND-0`, `ROUND-1`, … with a file each and deletes
 * every third, four at a time. It prints `opened ID`, `deleting ID` before it asks and `deleted ID` when it was told so.
 */
const [path, round] = process.argv.slice(2) as [string, string];
const store = await openSqliteStore({ path });
await store.accounts.putUser({ username: 'ann', email: null, admin: true });
const project = await store.projects.open('ann', 'killed', 'ann');
let made = 0;
await Promise.all([writeOn(), writeOn(), writeOn(), writeOn()]);

async function writeOn(): Promise<never> {
  for (;;) {
    const id = `${round}-${made++}`;
    const summary = looseJson(`{"id":"${id}","text":"${'x'.repeat(5_000)}"}`);
    const { run } = await store.runs.open(project.key, id, madeBy('ann', made), { summary });
    const file = { name: 'x', sizeBytes: 1, md5: '0', mimetype: 'text/plain', updatedAt: 1, blob: `blob ${id}` };
    await store.files.put(run.key, file);
    process.stdout.write(`opened ${id}\n`);
    if (made % 3 > 0) continue;
    process.stdout.write(`deleting ${id}\n`);
    await store.runs.delete(run.key);
    process.stdout.write(`deleted ${id}\n`);
  }
}
