import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const source = fileURLToPath(new URL('../src', import.meta.url));
const page = fileURLToPath(new URL('../dist/dashboard/index.html', import.meta.url));
/** What the dashboard is made of, below `src`. */
const ROOMS = ['dashboard', 'core', 'serve/api'];

/** Builds the dashboard unless the built one is newer than everything it is made of. */
export async function buildDashboard(): Promise<void> {
  const built = statSync(page, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = ROOMS.flatMap((room) => {
    const names = readdirSync(join(source, room), { recursive: true, encoding: 'utf8' });
    return names.map((name) => statSync(join(source, room, name)).mtimeMs);
  });
  if (Math.max(...changed) < built) return;
  await build({ configFile: join(source, 'dashboard/vite.config.ts'), logLevel: 'warn' });
}
