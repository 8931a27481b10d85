import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFile, openLocalKey, readLocalKey } from './credentials.ts';
import { netrcFile, readNetrcKey, writeNetrcKey } from './netrc.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'trackside-credentials-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the local key', () => {
  it('is made once, for its owner alone', () => {
    expect(readLocalKey(home)).toBeNull();
    const key = openLocalKey(home);
    expect(key).toMatch(/^local-[0-9a-f]{40}$/);
    expect(openLocalKey(home)).toBe(key);
    expect(readLocalKey(home)).toBe(key);
    expect(modeOf(credentialsFile(home))).toBe(0o600);
  });

  it('is closed to others when they could read it', () => {
    const key = openLocalKey(home);
    chmodSync(credentialsFile(home), 0o644);
    expect(readLocalKey(home)).toBe(key);
    expect(modeOf(credentialsFile(home))).toBe(0o600);
  });

  it('is refused when the file holds something else', () => {
    writeFileSync(credentialsFile(home), 'secret\n');
    expect(() => openLocalKey(home)).toThrow(/does not hold a key/);
  });
});

describe('netrc', () => {
  it('keeps what is there and replaces only its own entry', () => {
    const env = { HOME: home };
    expect(readNetrcKey('http://localhost:7878', env)).toBeNull();
    const before = '# mine\nmachine example.org login ann password #odd\n\nmacdef init\nmachine inside.macro\n\n';
    const fallback = 'default login anonymous password guest\n';
    writeFileSync(netrcFile(env), before + fallback);

    expect(readNetrcKey('https://example.org', env)).toBe('#odd');
    expect(readNetrcKey('https://inside.macro', env)).toBe('guest');
    writeNetrcKey('http://localhost:7878', 'first-key', env);
    writeNetrcKey('http://localhost:9999', 'second-key', env);
    expect(readNetrcKey('http://localhost:1', env)).toBe('second-key');
    expect(readFileSync(netrcFile(env), 'utf8')).toBe(
      `${before}machine localhost\n  login user\n  password second-key\n${fallback}`,
    );
    expect(modeOf(netrcFile(env))).toBe(0o600);
  });
});
