#!/usr/bin/env node
/*
 * The `trackside` command. Any Node from 18 runs this file; Trackside itself needs Node 24, so it is looked for: the Node
 * that runs this, the npm package `node` of the project or beside Trackside, then PATH.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist', 'cli.js');
const source = join(root, 'src', 'cli', 'main.ts');
const entry = existsSync(built) ? built : source;

if (isEnough(process.versions.node)) {
  // Compiled code is kept between starts, in the system's temporary folder.
  nodeModule.enableCompileCache?.();
  await import(pathToFileURL(entry).href);
} else {
  const node = findNode();
  if (node === null) {
    console.error(
      `trackside needs Node ${NEEDED} or later; this is Node ${process.versions.node}, and no other was found.\n` +
        `Install one from https://nodejs.org, or put one beside your project: npm install --save-dev node@${NEEDED}`,
    );
    process.exit(1);
  }
  runWith(node);
}

function isEnough(version) {
  return Number.parseInt(version, 10) >= NEEDED;
}

/** A program file of Node 24 or later, null if there is none. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const from of [process.cwd(), root]) {
    try {
      const description = createRequire(join(from, 'package.json')).resolve('node/package.json');
      const file = join(dirname(description), 'bin', name);
      if (isEnough(JSON.parse(readFileSync(description, 'utf8')).version) && existsSync(file)) return file;
    } catch {
      // That package is not there.
    }
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isNewNode) ?? null;
}

function isNewNode(file) {
  if (!existsSync(file)) return false;
  const { stdout } = spawnSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8', timeout: 10_000 });
  return isEnough(stdout ?? '');
}

/** Runs Trackside as a child that ends when this process does, and ends as the child ended. */
function runWith(node) {
  // The child watches the fourth descriptor: it closes when this process is gone, however that happened.
  const child = spawn(node, [entry, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env, TRACKSIDE_PARENT_FD: '3' },
  });
  const isInTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    // A terminal sends Ctrl-C and Ctrl-\ to both of us; passed on, the child would get it twice.
    const comesTwice = isInTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => comesTwice || child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`trackside could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
