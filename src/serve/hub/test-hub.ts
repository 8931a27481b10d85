import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/base/clock.ts';
import { must } from '../../core/base/assert.ts';
import { openLocalBlobs } from '../blobs/local/local-blobs.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { createHub, type HubOptions } from './create-hub.ts';
import type { Hub, Principal } from './hub.ts';

/** A hub on a real store in a folder of its own, for tests: two users, and a team of which only ann is a member. */
export interface TestHub extends AsyncDisposable {
  readonly folder: string;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly hub: Hub;
  readonly clock: TestClock;
  readonly ann: Principal;
  readonly bob: Principal;
  /** An administrator. */
  readonly root: Principal;
}

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export const KEYS = { ann: `ann-${'a'.repeat(40)}`, bob: `bob-${'b'.repeat(40)}`, root: `root-${'c'.repeat(40)}` };

export function createTestClock(): TestClock {
  let now = Date.UTC(2026, 0, 1);
  return { now: () => now, monotonic: () => now, advance: (ms) => void (now += ms) };
}

export async function openTestHub(options: HubOptions = {}): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-hub-'));
  const store = await openSqliteStore({ path: join(folder, 'store.sqlite') });
  const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
  const clock = createTestClock();
  const hub = createHub({ store, blobs, clock, options });
  await hub.accounts.putUser({ username: 'ann', apiKey: KEYS.ann, admin: false });
  await hub.accounts.putUser({ username: 'bob', apiKey: KEYS.bob, admin: false });
  await hub.accounts.putUser({ username: 'root', apiKey: KEYS.root, admin: true });
  await hub.accounts.putTeam({ name: 'crew', organization: null, members: ['ann'] });
  const who = async (apiKey: string): Promise<Principal> => must(await hub.accounts.authenticate(apiKey));
  return {
    folder,
    store,
    blobs,
    hub,
    clock,
    ann: await who(KEYS.ann),
    bob: await who(KEYS.bob),
    root: await who(KEYS.root),
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await blobs[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A file-stream body as the client sends it. */
export function streamBody(
  said: {
    /** Rows of the history, and the line of the first. */
    history?: readonly Readonly<Record<string, unknown>>[];
    offset?: number;
    summary?: Readonly<Record<string, unknown>>;
    console?: readonly string[];
  } & Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const { history, offset = 0, summary, console: lines, ...rest } = said;
  const files = {
    ...(history && { 'wandb-history.jsonl': { offset, content: history.map((row) => JSON.stringify(row)) } }),
    ...(summary && { 'wandb-summary.json': { offset: 0, content: [JSON.stringify(summary)] } }),
    ...(lines && { 'output.log': { offset: 0, content: lines } }),
  };
  return new TextEncoder().encode(JSON.stringify({ ...(Object.keys(files).length > 0 && { files }), ...rest }));
}
