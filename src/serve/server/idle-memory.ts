import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';

/** What it took to start is garbage by then. */
const AFTER_START_MS = 1_000;
/** Without a request for this long, nobody is kept waiting by a pause. */
const QUIET_MS = 60_000;

/** Collects what is garbage and gives the memory back to the system. Blocks for some 20 ms. */
export function giveMemoryBack(): void {
  // The only way to V8's collector for a program that was started without a flag; with `last-resort` it shrinks its heap too.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NodeJS.GCFunction;
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/**
 * Keeps an idle server small: V8 leaves garbage where it is while nothing new is made, so a server that only waits would
 * hold 7 MB of it. Memory is given back once after the start, and again whenever requests have ended for a minute.
 */
export function keepIdleSmall(app: FastifyInstance): void {
  const started = setTimeout(giveMemoryBack, AFTER_START_MS).unref();
  const quiet = setTimeout(giveMemoryBack, QUIET_MS).unref();
  app.addHook('onResponse', async () => void quiet.refresh());
  app.addHook('onClose', async () => {
    clearTimeout(started);
    clearTimeout(quiet);
  });
}
