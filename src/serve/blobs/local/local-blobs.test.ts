import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { blobsContract } from '../blobs.contract.ts';
import { openLocalBlobs } from './local-blobs.ts';

const CHILD = fileURLToPath(new URL('./putting-child.ts', import.meta.url));
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-blobs-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('local blobs', () => {
  blobsContract(() => openLocalBlobs({ folder: join(newFolder(), 'a folder', 'blobs') }));

  test('what is refused leaves nothing behind', async () => {
    const folder = newFolder();
    await using blobs = await openLocalBlobs({ folder });
    await expect(blobs.put(Readable.from(['much']), { maxBytes: 3 })).rejects.toThrow('more than 3 bytes');
    await expect(blobs.put(Readable.from(['much']), { maxBytes: 9, md5: '00' })).rejects.toThrow('MD5');
    expect(filesBelow(folder)).toEqual([]);
  });

  test('killed again and again, what was acknowledged is whole and nothing else is left', async () => {
    const folder = newFolder();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'exit');
      let lines = 0;
      for await (const line of createInterface(child.stdout)) {
        const [blob, md5] = line.split(' ') as [string, string];
        acknowledged.set(blob, md5);
        if (++lines === 1 + round * 3) child.kill('SIGKILL');
      }
      await ended;
    }
    await using blobs = await openLocalBlobs({ folder });
    for (const [blob, md5] of acknowledged) {
      const content = await buffer(await blobs.open(blob));
      expect(createHash('md5').update(content).digest('hex')).toBe(md5);
    }
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    // At most the four that were under way at a kill are there without having been acknowledged, and they are whole.
    const files = filesBelow(folder);
    expect(files.length).toBeLessThanOrEqual(acknowledged.size + 8 * 4);
    for (const file of files) expect(await blobs.size(file.slice(-32))).toBe(200_000);
  });

  test('a full disk is a passing trouble', async ({ skip }) => {
    // A disk of 1 MB in a name space of its own: not every machine lets a user make one.
    const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$1" "$2" "$0"';
    const disk = newFolder();
    const done = spawnSync('unshare', ['-rm', 'sh', '-c', mount, disk, process.execPath, CHILD], { encoding: 'utf8' });
    skip(done.status !== 0, 'this machine does not let a test mount a small disk (unshare -rm)');
    const lines = done.stdout.trim().split('\n');
    expect(lines.filter((line) => line === 'refused unavailable')).toHaveLength(4);
    expect(lines.length).toBeGreaterThan(4);
  });
});

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
