import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { licences } from './licences.ts';
import { precompress } from './precompress.ts';

/**
 * Builds `dist/`: the command line with the server (`cli.js`), the tracker (`tracker.js`, for Node 20 and later, with its
 * types), the demo's programs, the threads they start, the store's migrations, and the dashboard. Dependencies are bundled:
 * a server then starts sooner and in less memory than from their hundreds of files. `--if-changed`
 * builds only when a source is newer than the last build, as `npm ci` and `npm start` do; `--clean` starts from nothing, as
 * `npm pack` does.
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

/**
 * Of what Fastify requires, what is only for servers of another kind: HTTP/2 and TLS, which cost an idle server 4 MB, its
 * own validators, and requests without a socket.
 */
const NOT_SERVED = new Set([
  'node:http2',
  'node:https',
  'light-my-request',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
]);

/** Puts nothing in the place of `NOT_SERVED`. */
function withoutUnserved(): Plugin {
  const nothing = '\0nothing';
  const fastify = join('node_modules', 'fastify', '/');
  return {
    name: 'without-unserved',
    resolveId: (name, importer) => (NOT_SERVED.has(name) && importer?.includes(fastify) ? nothing : null),
    load: (id) => (id === nothing ? 'export {};' : null),
  };
}

async function bundle(): Promise<void> {
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
    cwd: root,
    platform: 'node',
    external: (id) => id === 'trackside' || (id.startsWith('node:') && !NOT_SERVED.has(id)),
    plugins: [neighbours(), withoutUnserved(), licences()],
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

/** Holds when the build that made `dist` began, in milliseconds of the Unix epoch. */
const stamp = join(dist, 'built');

/** When the last whole build began; null when there is none. */
function lastBuild(): number | null {
  return existsSync(stamp) ? Number(readFileSync(stamp, 'utf8')) : null;
}

/** Whether no source has changed since that build began. */
function isFresh(builtAt: number): boolean {
  const sources = ['src', 'tools', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return [...sources, 'package.json'].every((path) => statSync(join(root, path)).mtimeMs <= builtAt);
}

/**
 * Removes what builds before the last one have left. What the last one wrote stays: a server that was started from it loads
 * parts of it when they are first asked for.
 */
function removeOlderThan(builtAt: number): void {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Vite empties its own folder.
    if (entry.isFile() && !path.startsWith(join(dist, 'dashboard')) && statSync(path).mtimeMs < builtAt) rmSync(path);
  }
}

const before = lastBuild();
if (!(process.argv.includes('--if-changed') && before !== null && isFresh(before))) {
  const startedAt = Date.now();
  if (before === null || process.argv.includes('--clean')) rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await bundle();
  types();
  run('vite/bin/vite.js', 'build', '--config', 'src/dashboard/vite.config.ts');
  precompress(join(dist, 'dashboard'));
  removeOlderThan(before ?? startedAt);
  writeFileSync(stamp, String(startedAt));
}
