import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { isSkipped } from './required.ts';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CACHE = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url));
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-zygote', '--font-render-hinting=none'];

let found: string | null | undefined;

/** A Chromium that starts on this machine: one that is installed, else the one from npm, unpacked once; null if neither does. */
async function executable(): Promise<string | null> {
  if (found !== undefined) return found;
  const installed = [process.env['CHROMIUM'] ?? '', ...INSTALLED].find((path) => path !== '' && existsSync(path));
  found = [installed, await unpacked()].find((path) => path !== undefined && starts(path)) ?? null;
  return found;
}

/** The package unpacks into the folder for temporary files, which is lent to it for the moment. */
async function unpacked(): Promise<string | undefined> {
  mkdirSync(CACHE, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = CACHE;
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    return await packed.executablePath();
  } catch {
    return undefined;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

function starts(path: string): boolean {
  return spawnSync(path, ['--version', '--no-sandbox'], { timeout: 30_000 }).status === 0;
}

/** Whether tests in a browser are to be skipped on this machine. */
export async function isBrowserSkipped(): Promise<boolean> {
  const why = 'no Chromium starts: install chromium, or the libraries that the one from npm needs (libnss3, libexpat1)';
  return isSkipped('browser', (await executable()) !== null, why);
}

/** Starts Chromium without a window. The caller closes it. Guard tests with `isBrowserSkipped`. */
export async function startBrowser(): Promise<Browser> {
  const path = await executable();
  if (path === null) throw new Error('no Chromium starts on this machine');
  return chromium.launch({ executablePath: path, args: ARGS, headless: true });
}
