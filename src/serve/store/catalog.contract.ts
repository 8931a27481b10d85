import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProjectKey, RunKey } from '../../core/model/run.ts';
import { looseJson, madeBy } from './catalog-example.ts';
import type { Store } from './store.ts';

const HASH = 'a'.repeat(64);

/**
 * What every store must do with accounts, projects, runs and files. `open` opens the store in a folder, and opens it again
 * after it was closed.
 */
export function catalogContract(open: (folder: string) => Promise<Store>): void {
  describe('catalog', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackside-catalog-'));
    let store: Store;
    let project: ProjectKey;
    let made = 0;

    beforeAll(async () => {
      store = await open(folder);
      for (const username of ['ann', 'bob']) await store.accounts.putUser({ username, email: null, admin: false });
    });
    beforeEach(async () => {
      project = (await store.projects.open('ann', `project${made++}`, 'ann')).key;
    });
    afterAll(async () => {
      expect(await store.check()).toEqual([]);
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    async function openRun(id: string): Promise<RunKey> {
      return (await store.runs.open(project, id, madeBy('ann', 1_000), {})).run.key;
    }

    async function restart(): Promise<void> {
      await store[Symbol.asyncDispose]();
      store = await open(folder);
    }

    describe('accounts', () => {
      test('a user is made, changed, found by key, and listed', async () => {
        const eve = await store.accounts.putUser({ username: 'eve', email: 'eve@example.org', admin: true });
        expect(eve).toMatchObject({ username: 'eve', email: 'eve@example.org', admin: true, entities: ['eve'] });
        await store.accounts.putUser({ username: 'eve', email: null, admin: false });
        const key = await store.accounts.putKey({
          username: 'eve',
          hash: HASH,
          prefix: 'local-12',
          description: 'laptop',
        });
        const again = await store.accounts.putKey({ username: 'eve', hash: HASH, prefix: 'other', description: null });
        expect(again).toEqual(key);
        await restart();
        expect(await store.accounts.userByKeyHash(HASH)).toEqual({ ...eve, email: null, admin: false });
        expect(await store.accounts.keys('eve')).toEqual([key]);
        expect((await store.accounts.users()).map(({ username }) => username)).toEqual(['ann', 'bob', 'eve']);
        const theft = store.accounts.putKey({ username: 'bob', hash: HASH, prefix: 'x', description: null });
        await expect(theft).rejects.toMatchObject({ code: 'conflict' });
        expect(await store.accounts.deleteKey(key.id)).toBe(true);
        expect(await store.accounts.deleteKey(key.id)).toBe(false);
        expect(await store.accounts.userByKeyHash(HASH)).toBeNull();
        expect(await store.accounts.deleteUser('eve')).toBe(true);
      });

      test('who is deleted takes keys, memberships and projects along', async () => {
        await store.accounts.putUser({ username: 'tmp', email: null, admin: false });
        await store.accounts.putKey({ username: 'tmp', hash: HASH, prefix: 'x', description: null });
        await store.accounts.putTeam({
          name: 'crew',
          organization: null,
          members: [
            { username: 'tmp', admin: true },
            { username: 'bob', admin: false },
          ],
        });
        await store.projects.open('tmp', 'mine', 'tmp');
        expect((await store.accounts.user('tmp'))?.entities).toEqual(['tmp', 'crew']);
        expect(await store.accounts.deleteUser('tmp')).toBe(true);
        expect(await store.accounts.deleteUser('tmp')).toBe(false);
        expect(await store.accounts.user('tmp')).toBeNull();
        expect(await store.accounts.userByKeyHash(HASH)).toBeNull();
        expect(await store.projects.find('tmp', 'mine')).toBeNull();
        expect((await store.accounts.entity('crew'))?.members).toEqual([{ username: 'bob', admin: false }]);
        expect(await store.accounts.deleteTeam('crew')).toBe(true);
      });

      test('teams and users share one space of names', async () => {
        const { putTeam, putUser } = store.accounts;
        await putTeam({ name: 'team', organization: null, members: [] });
        await expect(putUser({ username: 'team', email: null, admin: false })).rejects.toMatchObject({
          code: 'conflict',
        });
        const taken = putTeam({ name: 'ann', organization: null, members: [] });
        await expect(taken).rejects.toMatchObject({ code: 'conflict' });
        const stranger = putTeam({
          name: 'team2',
          organization: null,
          members: [{ username: 'nobody', admin: false }],
        });
        await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
        expect(await store.accounts.entity('team2')).toBeNull();
        expect(await store.accounts.entity('ann')).toEqual({
          name: 'ann',
          kind: 'user',
          members: [{ username: 'ann', admin: true }],
        });
      });

      test('an organization goes with its teams and what they own', async () => {
        const { accounts } = store;
        const anyone = accounts.putOrganizationMembers('lab', [{ username: 'bob', role: 'member' }]);
        await expect(anyone).rejects.toMatchObject({ code: 'not_found' });
        await accounts.putOrganization({ name: 'lab', owner: 'ann' });
        await accounts.putOrganization({ name: 'lab', owner: 'ann' });
        await accounts.putOrganizationMembers('lab', [{ username: 'bob', role: 'viewer' }]);
        await accounts.putTeam({ name: 'vision', organization: 'lab', members: [{ username: 'ann', admin: true }] });
        await store.projects.open('vision', 'cats', 'ann');
        expect(await accounts.deleteOrganization('lab')).toBe(true);
        expect(await accounts.deleteOrganization('lab')).toBe(false);
        expect(await accounts.entity('vision')).toBeNull();
        expect(await store.projects.find('vision', 'cats')).toBeNull();
      });
    });

    describe('projects', () => {
      test('is made once, found, described, listed by activity', async () => {
        const cats = await store.projects.open('bob', 'cats', 'bob');
        expect(await store.projects.open('bob', 'cats', 'ann')).toEqual(cats);
        const dogs = await store.projects.open('bob', 'dogs', 'bob');
        const { run } = await store.runs.open(cats.key, 'r', madeBy('bob', dogs.createdAt + 5_000), {});
        await store.runs.changeState(run.key, { to: 'running', reason: null, at: dogs.createdAt + 5_000 });
        await store.projects.edit(cats.key, { description: 'of Ulthar' });
        await restart();
        expect(await store.projects.list(['bob', 'nobody'])).toEqual([
          { ...cats, description: 'of Ulthar', runs: 1, running: 1, activeAt: dogs.createdAt + 5_000 },
          { ...dogs, runs: 0, running: 0, activeAt: dogs.createdAt },
        ]);
        await expect(store.projects.open('nobody', 'x', 'ann')).rejects.toMatchObject({ code: 'not_found' });
      });

      test('that is deleted frees its name at once and its runs are gone', async () => {
        const before = await store.projects.open('ann', 'short', 'ann');
        const { run } = await store.runs.open(before.key, 'r', madeBy('ann', 1), {});
        expect(await store.projects.delete(before.key)).toBe(true);
        expect(await store.projects.delete(before.key)).toBe(false);
        expect(await store.runs.get(run.key)).toBeNull();
        expect(await store.runs.find(before.key, 'r')).toBeNull();
        await expect(store.runs.edit(run.key, { notes: 'x' })).rejects.toMatchObject({ code: 'not_found' });
        const late = store.runs.open(before.key, 'r2', madeBy('ann', 1), {});
        await expect(late).rejects.toMatchObject({ code: 'not_found' });
        await expect(store.projects.edit(before.key, {})).rejects.toMatchObject({ code: 'not_found' });
        const after = await store.projects.open('ann', 'short', 'ann');
        expect(after.key).not.toBe(before.key);
        expect(await store.runs.count(after.key, null)).toBe(0);
      });
    });

    describe('runs', () => {
      test('is made pending, patched, and found again with every field', async () => {
        const patch = {
          displayName: 'swift-heron-12',
          config: looseJson('{"lr":{"value":NaN},"big":{"value":9007199254740993}}'),
          summary: looseJson('{"loss":-Infinity}'),
          tags: ['a', 'model:eo1', 'ünï"cödé'],
          notes: 'n',
          group: 'g',
          jobType: 'j',
          sweep: 's',
          host: 'h',
          program: 'p.py',
          commit: 'c',
          repo: 'r',
        };
        const { run, inserted } = await store.runs.open(project, 'abc', madeBy('ann', 7), patch);
        expect(inserted).toBe(true);
        expect(run).toMatchObject({
          ...patch,
          id: 'abc',
          entity: 'ann',
          user: 'ann',
          state: 'pending',
          exitCode: null,
        });
        expect(run).toMatchObject({ createdAt: 7, heartbeatAt: 7, finishedAt: null, stopRequestedBy: null });
        await restart();
        expect(await store.runs.get(run.key)).toEqual(run);
        expect(await store.runs.find(project, 'abc')).toEqual(run);
        expect(await store.runs.findMany(project, ['abc', 'other'])).toEqual([run]);
      });

      test('opened again it stays the same run; an absent key leaves a value, null clears it', async () => {
        const key = await openRun('again');
        await store.runs.edit(key, { notes: 'kept', group: 'g', tags: ['t'] });
        const { run, inserted } = await store.runs.open(project, 'again', madeBy('bob', 99), { group: null });
        expect(inserted).toBe(false);
        expect(run).toMatchObject({ key, user: 'ann', createdAt: 1_000, notes: 'kept', group: null, tags: ['t'] });
        expect((await store.runs.edit(key, { tags: [], notes: null })).rev).toBeGreaterThan(run.rev);
        expect(await store.runs.get(key)).toMatchObject({ tags: [], notes: null });
      });

      test('a config that cannot be read is refused', async () => {
        const key = await openRun('bad');
        for (const text of ['{', '[]', '{"a":nan}']) {
          const edit = store.runs.edit(key, { config: looseJson(text) });
          await expect(edit).rejects.toMatchObject({ code: 'bad_request' });
        }
        expect((await store.runs.get(key))?.config).toBe('{}');
      });

      test('states change when they may, with reason, exit code and time', async () => {
        const key = await openRun('states');
        const { changeState } = store.runs;
        expect(await changeState(key, { to: 'running', reason: null, at: 2_000 })).toMatchObject({
          state: 'running',
          finishedAt: null,
        });
        const failed = await changeState(key, { to: 'failed', reason: 'exit code 3', exitCode: 3, at: 3_000 });
        expect(failed).toMatchObject({ state: 'failed', stateReason: 'exit code 3', exitCode: 3, finishedAt: 3_000 });
        const unchanged = await changeState(key, { to: 'crashed', from: ['running'], reason: 'silent', at: 4_000 });
        expect(unchanged).toEqual(failed);
        const revived = await changeState(key, {
          to: 'running',
          from: ['failed'],
          reason: null,
          exitCode: null,
          at: 5_000,
        });
        expect(revived).toMatchObject({ state: 'running', stateReason: null, exitCode: null, finishedAt: null });
      });

      test('a stop is asked for once and taken back', async () => {
        const key = await openRun('stop');
        const asked = await store.runs.requestStop(key, 'bob');
        expect(asked.stopRequestedBy).toBe('bob');
        expect((await store.runs.requestStop(key, 'bob')).rev).toBe(asked.rev);
        expect((await store.runs.requestStop(key, null)).stopRequestedBy).toBeNull();
      });

      test('of silent runs only those crash that should be heard of', async () => {
        const keys = await Promise.all(['quiet', 'loud', 'waiting', 'done'].map(openRun));
        const [quiet, loud, , done] = keys as [RunKey, RunKey, RunKey, RunKey];
        await store.runs.changeState(quiet, { to: 'running', reason: null, at: 1_000 });
        await store.runs.changeState(loud, { to: 'running', reason: null, at: 9_000 });
        await store.runs.changeState(done, { to: 'finished', reason: 'exit code 0', at: 1_500 });
        const crashed = await store.runs.crashSilent(5_000, 'no heartbeat', 10_000);
        expect(crashed.map(({ key }) => key)).toEqual([quiet]);
        expect(crashed[0]).toMatchObject({ state: 'crashed', stateReason: 'no heartbeat', finishedAt: 10_000 });
        expect(await store.runs.crashSilent(5_000, 'no heartbeat', 11_000)).toEqual([]);
      });

      test('that was deleted is gone, frees its id, and its number is not given again', async () => {
        const key = await openRun('gone');
        await store.files.put(key, aFile('x.txt', 'blob-of-gone'));
        expect(await store.runs.delete(key)).toBe(true);
        expect(await store.runs.delete(key)).toBe(false);
        expect(await store.runs.get(key)).toBeNull();
        await expect(store.runs.changeState(key, { to: 'running', reason: null, at: 1 })).rejects.toMatchObject({
          code: 'not_found',
        });
        await restart();
        const again = await openRun('gone');
        expect(again).toBeGreaterThan(key);
        expect(await store.files.list(again, { limit: 10 })).toEqual([]);
        await expect.poll(() => store.files.orphans(10)).toContain('blob-of-gone');
        await store.files.forgetOrphans(['blob-of-gone']);
        expect(await store.files.orphans(10)).not.toContain('blob-of-gone');
      });
    });

    describe('files', () => {
      test('are listed by name, replaced, counted and deleted', async () => {
        const run = await openRun('files');
        const names = ['b.txt', 'media/images/1.png', 'a.txt', 'media/2_x.png'];
        for (const name of names)
          expect(await store.files.put(run, aFile(name, `blob ${name}`))).toEqual({ replaced: null });
        const list = async (page: object) =>
          (await store.files.list(run, { limit: 10, ...page })).map(({ name }) => name);
        expect(await list({})).toEqual(names.toSorted());
        expect(await list({ limit: 2 })).toEqual(['a.txt', 'b.txt']);
        expect(await list({ after: 'b.txt' })).toEqual(['media/2_x.png', 'media/images/1.png']);
        expect(await list({ like: 'media/%' })).toEqual(['media/2_x.png', 'media/images/1.png']);
        expect(await list({ names: ['a.txt', 'none'] })).toEqual(['a.txt']);
        expect(await store.files.count(run)).toBe(4);
        expect(await store.files.get(run, 'a.txt')).toEqual(aFile('a.txt', 'blob a.txt'));
        expect(await store.files.put(run, aFile('a.txt', 'newer'))).toEqual({ replaced: 'blob a.txt' });
        expect(await store.files.put(run, aFile('a.txt', 'newer'))).toEqual({ replaced: null });
        expect(await store.files.delete(run, ['a.txt', 'b.txt', 'none'])).toEqual(
          expect.arrayContaining(['newer', 'blob b.txt']),
        );
        expect(await store.files.get(run, 'a.txt')).toBeNull();
        const orphans = await store.files.orphans(10);
        expect(orphans).toEqual(expect.arrayContaining(['blob a.txt', 'newer', 'blob b.txt']));
        await store.files.forgetOrphans(orphans);
      });

      test('a blob that two names have stays until the second goes', async () => {
        const run = await openRun('shared');
        await store.files.put(run, aFile('one', 'shared blob'));
        await store.files.put(run, aFile('two', 'shared blob'));
        expect(await store.files.delete(run, ['one'])).toEqual([]);
        expect(await store.files.delete(run, ['two'])).toEqual(['shared blob']);
        await store.files.put(run, aFile('three', 'shared blob'));
        expect(await store.files.orphans(10)).not.toContain('shared blob');
      });

      test('of a run that is gone are refused', async () => {
        const run = await openRun('brief');
        await store.runs.delete(run);
        await expect(store.files.put(run, aFile('x', 'y'))).rejects.toMatchObject({ code: 'not_found' });
      });
    });

    test('deleted projects give their space back', async () => {
      const text = looseJson(JSON.stringify({ text: { value: 'x'.repeat(20_000) } }));
      const runs = Array.from({ length: 120 }, (_, i) =>
        store.runs.open(project, `fat${i}`, madeBy('ann', i), { config: text }),
      );
      await Promise.all(runs);
      const { total } = await store.size();
      expect(total).toBeGreaterThan(120 * 20_000);
      await store.projects.delete(project);
      await expect
        .poll(async () => (await store.size()).catalog, { timeout: 20_000 })
        .toBeLessThan(total - 120 * 20_000);
      await expect.poll(async () => (await store.size()).total, { timeout: 20_000 }).toBeLessThan(total - 100 * 20_000);
    });
  });
}

function aFile(name: string, blob: string) {
  return { name, sizeBytes: 3, md5: '900150983cd24fb0d6963f7d28e17f72', mimetype: 'text/plain', updatedAt: 5, blob };
}
