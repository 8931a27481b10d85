import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../core/base/assert.ts';
import type { RunPath } from '../../core/model/run.ts';
import type { Principal } from './hub.ts';
import { KEYS, openTestHub, streamBody, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeEach(async () => {
  test = await openTestHub();
});
afterEach(() => test[Symbol.asyncDispose]());

const own: RunPath = { entity: 'ann', project: 'digits', id: 'r1' };
const teams: RunPath = { entity: 'crew', project: 'digits', id: 'r1' };
const page = { filter: null, order: [], offset: 0, limit: 10 };

/** Every call of the hub on a run, as one user: what it gives, or the code of its refusal. */
async function tryAll(who: Principal, path: RunPath): Promise<Readonly<Record<string, string>>> {
  const { hub } = test;
  const run = must(await hub.runs.find(test.root, path));
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    find: () => hub.runs.find(who, path),
    findMany: () => hub.runs.findMany(who, path.entity, path.project, [path.id]),
    list: () => hub.runs.list(who, { ...page, entity: path.entity, project: path.project }),
    table: () => hub.runs.table(who, { ...page, entity: path.entity, project: path.project }, []),
    count: () => hub.runs.count(who, path.entity, path.project, null),
    columns: () => hub.runs.columns(who, path.entity, path.project),
    project: () => hub.projects.find(who, path.entity, path.project),
    projects: () => hub.projects.list(who, path.entity),
    entity: () => hub.accounts.entity(who, path.entity),
    start: () => hub.runs.start(who, path, {}),
    edit: () => hub.runs.edit(who, path, { notes: 'seen' }),
    stop: () => hub.runs.stop(who, path),
    setState: () => hub.runs.setState(who, path, 'failed'),
    rewind: () => hub.runs.rewind(who, path, 0),
    ingest: () => hub.streams.ingest(who, path, '', streamBody()),
    extent: () => hub.streams.extent(who, run),
    keys: () => hub.streams.keys(who, run, 'history'),
    rows: () => hub.streams.rows(who, run, { stream: 'history', limit: 1 }),
    console: () => hub.streams.console(who, run, { from: 0, limit: 1 }),
    series: () =>
      hub.streams.series(who, path.entity, path.project, {
        series: [{ run: path.id, stream: 'history', key: 'loss' }],
        x: { kind: 'step' },
        buckets: 10,
      }),
    files: () => hub.files.list(who, run, { limit: 10 }),
    fileCount: () => hub.files.count(who, run),
    deleteFile: () => hub.files.delete(who, run, ['none']),
  };
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      const value = await call();
      const isNothing = value === null || value === 0 || (Array.isArray(value) && value.every((each) => each === null));
      found[name] = isNothing ? 'nothing' : 'done';
    } catch (error) {
      found[name] = (error as { code?: string }).code ?? String(error);
    }
  }
  return found;
}

/** The calls that ended in another way. */
function otherThan(got: Readonly<Record<string, string>>, allowed: readonly string[]): object {
  return Object.fromEntries(Object.entries(got).filter(([, way]) => !allowed.includes(way)));
}

async function startBoth(): Promise<void> {
  for (const path of [own, teams]) {
    await test.hub.runs.start(test.ann, path, {});
    await test.hub.streams.ingest(
      test.ann,
      path,
      '',
      streamBody({ history: [{ _step: 0, loss: 1 }], summary: { loss: 1 } }),
    );
    await test.hub.files.receive(path, 'a.txt', Readable.from([Buffer.from('bytes')]), 'text/plain');
  }
}

describe('permissions', () => {
  it('let members and administrators do everything with runs, and show strangers nothing', async () => {
    await startBoth();
    for (const path of [own, teams]) {
      for (const who of [test.ann, test.root]) {
        const { deleteFile, ...others } = await tryAll(who, path);
        expect(deleteFile).toBe('nothing');
        expect(otherThan(others, ['done'])).toEqual({});
      }
      expect(otherThan(await tryAll(test.bob, path), ['nothing', 'not_found'])).toEqual({});
    }
    expect(await test.hub.projects.list(test.bob)).toEqual([]);
    expect((await test.hub.projects.list(test.ann)).map((project) => project.entity).sort()).toEqual(['ann', 'crew']);
  });

  it('let only the maker, the owner or an administrator delete for good', async () => {
    await startBoth();
    const { hub } = test;
    await hub.accounts.putTeam({ name: 'crew', organization: null, members: ['ann', 'bob'] });
    const bob = must(await hub.accounts.authenticate(KEYS.bob));
    expect((await hub.runs.find(bob, teams))?.id).toBe('r1');
    await expect(hub.runs.delete(bob, teams)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(hub.projects.delete(bob, 'crew', 'digits')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await hub.runs.delete(bob, own)).toBe(false);
    expect(await hub.projects.delete(bob, 'ann', 'digits')).toBe(false);
    expect(await hub.runs.delete(test.ann, teams)).toBe(true);
    expect(await hub.projects.delete(test.root, 'crew', 'digits')).toBe(true);
  });

  it('follow changes of teams, users and keys at once', async () => {
    await startBoth();
    const { hub } = test;
    await hub.accounts.putTeam({ name: 'crew', organization: null, members: ['bob'] });
    const ann = must(await hub.accounts.authenticate(KEYS.ann));
    expect(await hub.runs.find(ann, teams)).toBeNull();
    await expect(hub.streams.ingest(ann, teams, '', streamBody())).rejects.toMatchObject({ code: 'not_found' });

    const another = `ann-${'d'.repeat(40)}`;
    await hub.accounts.putUser({ username: 'ann', apiKey: another, admin: false });
    expect(await hub.accounts.authenticate(KEYS.ann)).toBeNull();
    expect((await hub.accounts.authenticate(another))?.user.username).toBe('ann');

    expect(await hub.accounts.deleteUser('ann')).toBe(true);
    expect(await hub.accounts.deleteUser('ann')).toBe(false);
    expect(await hub.accounts.authenticate(another)).toBeNull();
    expect(await hub.runs.find(test.root, own)).toBeNull();
  });

  it('refuse keys that no client would send, and names that no address can hold', async () => {
    const { accounts, runs } = test.hub;
    for (const apiKey of ['short', `x-${'a'.repeat(39)}`, `x-${'a'.repeat(39)}!`, '']) {
      await expect(accounts.putUser({ username: 'eve', apiKey, admin: false })).rejects.toMatchObject({
        code: 'bad_request',
      });
    }
    for (const apiKey of ['a'.repeat(40), `local-${'0'.repeat(40)}`, `user-x-${'_'.repeat(40)}`]) {
      await accounts.putUser({ username: 'eve', apiKey, admin: false });
      expect((await accounts.authenticate(apiKey))?.user.username).toBe('eve');
    }
    await expect(accounts.putUser({ username: '../x', apiKey: null, admin: false })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(runs.start(test.ann, { ...own, id: 'a/b' }, {})).rejects.toMatchObject({ code: 'bad_request' });
    await expect(runs.start(test.ann, { ...own, entity: 'nobody' }, {})).rejects.toMatchObject({ code: 'not_found' });
  });
});
