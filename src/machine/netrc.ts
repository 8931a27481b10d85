import { join } from 'node:path';
import { type Environment, userFolder } from './home-folder.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Where the W&B client and other programs look for log-ins: `$NETRC`, else `~/.netrc`. */
export function netrcFile(env: Environment): string {
  return env['NETRC'] || join(userFolder(env), '.netrc');
}

/** The password for this server in the user's netrc, null if there is none. `server` is an http(s) URL; its port does not count. Blocks. */
export function readNetrcKey(server: string, env: Environment): string | null {
  const text = readPrivateFile(netrcFile(env));
  if (text === null) return null;
  const host = hostOf(server);
  const entries = parseNetrc(text);
  const entry = entries.find((each) => each.machine === host) ?? entries.find((each) => each.machine === null);
  return entry?.password ?? null;
}

/** Puts the key for this server into the user's netrc, in place of an earlier one, and leaves everything else as it is. Blocks. */
export function writeNetrcKey(server: string, key: string, env: Environment): void {
  const host = hostOf(server);
  const path = netrcFile(env);
  const text = readPrivateFile(path) ?? '';
  const earlier = parseNetrc(text).find((each) => each.machine === host);
  const kept = earlier ? text.slice(0, earlier.start) + text.slice(earlier.end).replace(/^\n/, '') : text;
  // A `default` entry ends the search of readers, so ours goes before it.
  const fallback = parseNetrc(kept).find((each) => each.machine === null);
  const place = fallback?.start ?? kept.length;
  const before = kept.slice(0, place);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  writePrivateFile(path, `${before}${gap}machine ${host}\n  login user\n  password ${key}\n${kept.slice(place)}`);
}

interface NetrcEntry {
  /** Null for `default`. */
  readonly machine: string | null;
  password: string | null;
  /** Where the entry lies in the text, from its first character up to and excluding the last one's successor. */
  readonly start: number;
  end: number;
}

/** The format is that of netrc(5): words in any layout, `#` comments, and `macdef` blocks that end at an empty line. */
function parseNetrc(text: string): NetrcEntry[] {
  const entries: NetrcEntry[] = [];
  const words = /#[^\n]*|\S+/g;
  const next = (): RegExpExecArray | null => {
    let word = words.exec(text);
    while (word?.[0].startsWith('#')) word = words.exec(text);
    return word;
  };
  for (let word = next(); word !== null; word = next()) {
    const entry = entries.at(-1);
    const at = word.index;
    if (word[0] === 'macdef') {
      const end = text.indexOf('\n\n', at);
      words.lastIndex = end < 0 ? text.length : end + 1;
    } else if (word[0] === 'default') {
      entries.push({ machine: null, password: null, start: at, end: words.lastIndex });
    } else if (word[0] === 'machine') {
      entries.push({ machine: next()?.[0] ?? '', password: null, start: at, end: words.lastIndex });
    } else if (entry && (word[0] === 'login' || word[0] === 'account' || word[0] === 'password')) {
      // A value may begin with `#`, so it is read as it stands.
      const value = /\S+/g;
      value.lastIndex = words.lastIndex;
      const found = value.exec(text);
      if (word[0] === 'password') entry.password = found?.[0] ?? null;
      words.lastIndex = found ? value.lastIndex : text.length;
      entry.end = words.lastIndex;
    }
  }
  return entries;
}

function hostOf(server: string): string {
  return new URL(server).hostname.replace(/^\[|\]$/g, '');
}
