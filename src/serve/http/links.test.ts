import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinks, type LinkedFile } from './links.ts';

const HOUR_MS = 3_600_000;
const file: LinkedFile = { path: { entity: 'ann', project: 'mnist', id: 'ab12' }, name: 'media/images/a b%2F.png' };

function scratch(startMs = 1_800_000_000_000) {
  const clock = { at: startMs, now: () => clock.at, monotonic: () => clock.at };
  return { clock, links: createLinks(new Uint8Array(32).fill(7), clock) };
}

function pathOf(url: string): string {
  return url.slice('http://host'.length);
}

test('an address permits what it was made for', () => {
  const { links } = scratch();
  expect(links.check('PUT', pathOf(links.upload('http://host', file, 99)))).toEqual({ ...file, maxBytes: 99 });
  expect(links.check('GET', pathOf(links.download('http://host', file)))).toEqual({ ...file, maxBytes: 0 });
});

test('an address to read does not let anybody write, nor the other way round', () => {
  const { links } = scratch();
  expect(() => links.check('PUT', pathOf(links.download('http://host', file)))).toThrow(/does not fit/);
  expect(() => links.check('GET', pathOf(links.upload('http://host', file, 99)))).toThrow(/does not fit/);
});

test('an address ends: uploads after a day, downloads after six to seven hours', () => {
  const { clock, links } = scratch();
  const [up, down] = [pathOf(links.upload('http://host', file, 1)), pathOf(links.download('http://host', file))];
  clock.at += 6 * HOUR_MS - 1;
  links.check('GET', down);
  clock.at += HOUR_MS + 1;
  expect(() => links.check('GET', down)).toThrow(/expired/);
  links.check('PUT', up);
  clock.at += 17 * HOUR_MS;
  expect(() => links.check('PUT', up)).toThrow(/expired/);
});

test('the same file has the same address for a while, so that browsers may cache it', () => {
  const { clock, links } = scratch(1_800_000_000_000 - (1_800_000_000_000 % HOUR_MS) + 1);
  const first = links.download('http://host', file);
  clock.at += HOUR_MS / 2;
  expect(links.download('http://host', file)).toBe(first);
});

test('another server start with another secret knows none of them', () => {
  const { clock, links } = scratch();
  const other = createLinks(new Uint8Array(32).fill(8), clock);
  expect(() => other.check('GET', pathOf(links.download('http://host', file)))).toThrow(/does not fit/);
});

test('every name comes back as it was, and no changed character is let through', () => {
  const { links } = scratch();
  const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(part, part, part, part, fc.nat(), (entity, project, id, name, at) => {
      const named = { path: { entity, project, id }, name };
      const url = pathOf(links.upload('http://host', named, 5));
      expect(links.check('PUT', url)).toEqual({ ...named, maxBytes: 5 });
      const place = at % url.length;
      const forged = `${url.slice(0, place)}${url[place] === '0' ? '1' : '0'}${url.slice(place + 1)}`;
      fc.pre(decodesTo(forged) !== decodesTo(url)); // another spelling of the same address
      expect(() => links.check('PUT', forged)).toThrow(/does not fit|expired/);
    }),
  );
});

function decodesTo(url: string): string {
  try {
    return url.split('/').map(decodeURIComponent).join('\n');
  } catch {
    return `broken: ${url}`;
  }
}
