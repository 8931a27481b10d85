import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set-up of every test run: at its end, what this machine lacks and so was skipped, with the remedy, once each. */
export default function skipList(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-skips-'));
  const list = join(folder, 'list');
  writeFileSync(list, '');
  process.env['TRACKSIDE_SKIP_LIST'] = list;
  return () => {
    const lines = new Set(readFileSync(list, 'utf8').split('\n').filter(Boolean));
    rmSync(folder, { recursive: true });
    if (lines.size === 0) return;
    console.log('\nSkipped, because this machine lacks something:');
    for (const line of lines) console.log(`  ${line}`);
  };
}
