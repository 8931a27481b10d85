import { describe, expect, it } from 'vitest';
import { checkEntityName, checkFileName, checkProjectName, checkRunId } from './name-rule.ts';

describe('names', () => {
  it.each(['a', 'run-1', 'ein Lauf', 'läuft', '日本語', 'a.b', 'x'.repeat(128)])(
    '%j may be a run id and a project',
    (name) => {
      expect(() => checkRunId(name)).not.toThrow();
      expect(() => checkProjectName(name)).not.toThrow();
    },
  );
  it.each([
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    'a#b',
    'a?b',
    'a%b',
    'a:b',
    'a\u001b[31m',
    'a\u0000',
    '\ud800',
    'x'.repeat(129),
  ])('%j may not', (name) => {
    expect(() => checkRunId(name)).toThrow(/cannot be a run id/);
    expect(() => checkProjectName(name)).toThrow(/cannot be a project name/);
  });
  it.each(['ann', 'user_gw0', 'team-1.x', '9'])('%j may be a user', (name) => {
    expect(() => checkEntityName(name)).not.toThrow();
  });
  it.each(['', '-ann', 'a b', 'api', 'Files', 'graphql', 'ä', '../x'])('%j may not be a user', (name) => {
    expect(() => checkEntityName(name)).toThrow(/cannot name a user/);
  });
  it.each(['config.yaml', 'media/images/a b.png', 'ü/日.txt', '...'])('%j may be a file', (name) => {
    expect(() => checkFileName(name)).not.toThrow();
  });
  it.each(['', '/etc/passwd', 'a//b', 'a/', '../x', 'a/../b', './a', 'a\\b', 'a\nb', 'a\u0000', 'é'.repeat(513)])(
    '%j may not be a file',
    (name) => {
      expect(() => checkFileName(name)).toThrow(/cannot name a file/);
    },
  );
  it('says what it refuses without its control characters', () => {
    expect(() => checkRunId('\u001b[2J')).toThrow('"\\u001b[2J" cannot be');
  });
});
