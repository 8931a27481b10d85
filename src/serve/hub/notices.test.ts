import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunPath } from '../../core/model/run.ts';
import type { Notice } from './hub.ts';
import { openTestHub, streamBody, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeEach(async () => {
  test = await openTestHub();
});
afterEach(() => test[Symbol.asyncDispose]());

const path: RunPath = { entity: 'ann', project: 'digits', id: 'r1' };
const rowAt = (step: number) => streamBody({ history: [{ _step: step, loss: 1 }], offset: step });

it('tell what changed to those who may know, and to nobody else', async () => {
  const { hub, ann, bob } = test;
  const heard: Record<string, Notice[]> = { all: [], project: [], other: [], bob: [] };
  const listen = (name: string) => (notices: readonly Notice[]) => heard[name]?.push(...notices);
  using all = hub.notices.subscribe(ann, null, listen('all'));
  using project = hub.notices.subscribe(ann, { entity: 'ann', project: 'digits' }, listen('project'));
  using other = hub.notices.subscribe(ann, { entity: 'ann', project: 'else' }, listen('other'));
  using stranger = hub.notices.subscribe(bob, null, listen('bob'));
  expect([all, project, other, stranger]).toHaveLength(4);
  expect(hub.figures().subscribers).toBe(4);

  await hub.runs.start(ann, path, {});
  await hub.streams.ingest(ann, path, '', rowAt(0));
  await hub.streams.ingest(ann, path, '', streamBody({ console: ['hello'], uploaded: ['a.txt'] }));
  await hub.runs.delete(ann, path);

  const kinds = (name: string) => new Set(heard[name]?.flatMap((notice) => notice.changed));
  await vi.waitFor(() => expect(kinds('all')).toEqual(new Set(['run', 'history', 'console', 'files', 'gone'])));
  await vi.waitFor(() => expect(kinds('project')).toEqual(kinds('all')));
  expect(heard['all']?.every((notice) => notice.run === 'r1' && notice.entity === 'ann')).toBe(true);
  const revs = heard['all']?.map((notice) => notice.rev) ?? [];
  expect(revs).toEqual(revs.toSorted((a, b) => a - b));
  expect([heard['other'], heard['bob']]).toEqual([[], []]);
});

it('merge what happens within a moment', async () => {
  const { hub, ann } = test;
  await hub.runs.start(ann, path, {});
  const told: (readonly Notice[])[] = [];
  using subscription = hub.notices.subscribe(ann, null, (notices) => told.push(notices));
  expect(subscription).toBeDefined();
  const bodies = 200;
  await Promise.all(Array.from({ length: bodies }, (_, step) => hub.streams.ingest(ann, path, '', rowAt(step))));
  const { run } = await hub.runs.start(ann, path, {});
  await vi.waitFor(() => expect(told.at(-1)?.at(-1)?.rev).toBe(run.rev));
  expect(told.length).toBeLessThan(bodies / 4);
  expect(told.every((notices) => notices.length === 1)).toBe(true);
});

it('end with the subscription, and with the right to see', async () => {
  const { hub, ann } = test;
  const at = { entity: 'crew', project: 'p', id: 'r1' };
  await hub.runs.start(ann, at, {});
  const heard: Notice[] = [];
  const subscription = hub.notices.subscribe(ann, null, (notices) => heard.push(...notices));
  await hub.runs.edit(ann, at, { notes: '1' });
  expect(heard).toHaveLength(1);
  await hub.accounts.putTeam({ name: 'crew', organization: null, members: [] });
  await hub.runs.edit(test.root, at, { notes: '2' });
  await hub.runs.start(ann, path, {});
  await vi.waitFor(() => expect(heard.at(-1)?.entity).toBe('ann'));
  expect(heard.filter((notice) => notice.entity === 'crew')).toHaveLength(1);
  subscription[Symbol.dispose]();
  await hub.runs.edit(ann, path, { notes: '3' });
  expect(hub.figures().subscribers).toBe(0);
  expect(heard.at(-1)?.entity).toBe('ann');
});
