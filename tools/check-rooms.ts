import { fileURLToPath } from 'node:url';
import { breaches } from './import-law.ts';
import { ROOMS } from './rooms.ts';

/** `npm run rooms`: exit code 1 when an import breaks the law, or when nothing was seen. */
const src = fileURLToPath(new URL('../src', import.meta.url));
const result = await breaches(src);
for (const { file, message } of result.breaches) console.error(`src/${file}: ${message}`);
if (result.seen === 0) console.error('no source file was seen');
console.log(`rooms: ${result.seen} files in ${Object.keys(ROOMS).length} rooms, ${result.breaches.length} breaches`);
process.exitCode = result.breaches.length > 0 || result.seen === 0 ? 1 : 0;
