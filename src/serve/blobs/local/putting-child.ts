import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { openLocalBlobs } from './local-blobs.ts';

/**
 * A program for tests to kill: puts blobs of 200 KB into the folder, four at a time, and prints a line `BLOB MD5` for each
 * that was acknowledged, or `refused CODE` and ends.
 */
const blobs = await openLocalBlobs({ folder: process.argv[2] as string });
await Promise.all([putOn(), putOn(), putOn(), putOn()]);

async function putOn(): Promise<void> {
  for (;;) {
    const content = randomBytes(200_000);
    const halves = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);
    try {
      const { blob, md5 } = await blobs.put(halves, { maxBytes: content.length });
      process.stdout.write(`${blob} ${md5}\n`);
    } catch (error) {
      process.stdout.write(`refused ${(error as { code?: string }).code}\n`);
      return;
    }
  }
}
