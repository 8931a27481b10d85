import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trackside-settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('settings', () => {
  it('prefers the flag, then the environment, then the project, then the user', () => {
    const home = join(root, 'home');
    const inner = join(root, 'project', 'deep', 'er');
    mkdirSync(home);
    mkdirSync(inner, { recursive: true });
    const env = { TRACKSIDE_HOME: home };
    const where = { cwd: inner, env };

    expect(readSettings(where).server).toBeNull();
    writeFileSync(join(home, 'config.yaml'), 'server: http://user\nentity: ann\n');
    expect(readSettings(where).server).toEqual({ value: 'http://user', origin: join(home, 'config.yaml') });

    const projectFile = join(root, 'project', 'trackside.yaml');
    writeFileSync(projectFile, 'server: http://project\nnotASetting: [1]\n');
    expect(readSettings(where).server).toEqual({ value: 'http://project', origin: projectFile });
    expect(readSettings(where).entity?.value).toBe('ann');

    const withVariable = { ...where, env: { ...env, WANDB_BASE_URL: 'http://variable' } };
    expect(readSettings(withVariable).server?.origin).toBe('WANDB_BASE_URL');
    expect(readSettings({ ...withVariable, flags: { server: 'http://flag' } }).server).toEqual({
      value: 'http://flag',
      origin: '--server',
    });
  });

  it('says which file is broken', () => {
    writeFileSync(join(root, 'config.yaml'), 'server: [unclosed\n');
    const where = { cwd: root, env: { TRACKSIDE_HOME: root } };
    expect(() => readSettings(where)).toThrow(join(root, 'config.yaml'));
    writeFileSync(join(root, 'config.yaml'), '- a list\n');
    expect(() => readSettings(where)).toThrow(/`name: value` lines/);
    writeFileSync(join(root, 'config.yaml'), 'server: 7878\n');
    expect(() => readSettings(where)).toThrow(/`server` must be text/);
  });
});
