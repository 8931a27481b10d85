import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { precompress } from './precompress.ts';
import { rolldown, type Plugin } from 'rolldown';

/**
 * Builds `dist/`: the command line with the server (`cli.js`), the tracker (`tracker.js`, for Node 20 and later, with its
 * types), the demo's programs, the threads they start, the store's migrations, and the dashboard. What `package.json` calls dependencies is not
 * bundled.  Run by `npm run build`, and so by `npm ci` in a
 * clone. With `--if-changed` only when a source is newer than the last build.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const entries = {
  cli: 'src/cli/main.ts',
  tracker: 'src/track/tracker/index.ts',
  'demo-matmul': 'examples/matmul/main.ts',
  'demo-cartpole': 'examples/cartpole/main.ts',
};

/**
 * `new URL('./thread.ts', import.meta.url)` names a program that a thread or process runs: it becomes an entry of its own.
 * `new URL('./folder/', import.meta.url)` names data: the folder is copied. All chunks lie flat in `dist`, so the
 * addresses stay right wherever the code that holds them ends up.
 */
function neighbours(): Plugin {
  const address = /new URL\(\s*'(\.\/[\w./-]+)',\s*import\.meta\.url/g;
  return {
    name: 'neighbours',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return null;
      return code.replaceAll(address, (text, name: string) => {
        const target = resolve(id, '..', name);
        if (target.endsWith('.ts')) {
          const fileName = `${basename(dirname(target))}-${basename(target, '.ts')}.js`;
          this.emitFile({ type: 'chunk', id: target, fileName });
          return text.replace(name, `./${fileName}`);
        }
        if (name.endsWith('/') && existsSync(target)) cpSync(target, join(dist, basename(target)), { recursive: true });
        return text;
      });
    },
  };
}

async function bundle(): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const outside = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
    cwd: root,
    platform: 'node',
    external: [/^node:/, 'trackside', ...outside],
    plugins: [neighbours()],
  });
  await build.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
}

function run(program: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function types(): void {
  run('typescript/bin/tsc', '-p', 'tools/tsconfig.types.json');
  const folder = join(dist, 'types');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll(/(from '[^']+|import\("[^"]+)\.ts(['"])/g, '$1.js$2'));
  }
}

/** Whether `dist` was built after every source was last changed. */
function isFresh(): boolean {
  const stamp = join(dist, 'built');
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  const changedAfter = (path: string) => statSync(join(root, path)).mtimeMs > builtAt;
  const sources = ['src', 'tools', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return ![...sources, 'package.json'].some(changedAfter);
}

if (!(process.argv.includes('--if-changed') && isFresh())) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await bundle();
  types();
  run('vite/bin/vite.js', 'build', '--config', 'src/dashboard/vite.config.ts');
  precompress(join(dist, 'dashboard'));
  writeFileSync(join(dist, 'built'), '');
}
