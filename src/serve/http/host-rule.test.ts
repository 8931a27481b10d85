import { expect, test } from 'vitest';
import { HostRule, portOf } from './host-rule.ts';

const local = new HostRule(null, []);
const open = new HostRule('https://tracks.example.org/base/', ['gpu7']);

test.each([
  ['localhost', true],
  ['localhost:7878', true],
  ['LOCALHOST:80', true],
  ['127.0.0.1:1', true],
  ['[::1]:7878', true],
  [undefined, false],
  ['', false],
  ['evil.example', false],
  ['localhost.evil.example', false],
  ['evil.example:7878#localhost', false],
  ['localhost@evil.example', false],
  ['localhost:7878, evil.example', false],
  ['127.0.0.1.nip.io:7878', false],
  ['[::1', false],
  ['localhost:', false],
])('a local server answers to Host %j: %s', (host, is) => {
  expect(local.knows(host)).toBe(is);
});

test('a public server answers to its own name and to those it was given, too', () => {
  expect(['tracks.example.org', 'gpu7:8080', 'localhost:1'].map((host) => open.knows(host))).toEqual([
    true,
    true,
    true,
  ]);
  expect(open.knows('example.org')).toBe(false);
});

test.each([
  ['http://localhost:7878', 'localhost:7878', true],
  ['http://127.0.0.1:7878', 'localhost:7878', false], // another name is another site to a browser
  ['http://localhost:7879', 'localhost:7878', false],
  ['http://localhost', 'localhost:80', true],
  ['null', 'localhost:7878', false],
  ['http://evil.example', 'localhost:7878', false],
  [undefined, 'localhost:7878', false],
])('a page of %j that calls %j is ours: %s', (origin, host, is) => {
  expect(local.isOwnPage(origin, host)).toBe(is);
});

test('behind a proxy the public address is the page, whatever Host the proxy writes', () => {
  expect(open.isOwnPage('https://tracks.example.org', '127.0.0.1:7878')).toBe(true);
  expect(open.isOwnPage('http://tracks.example.org', '127.0.0.1:7878')).toBe(false);
});

test('addresses that are handed out begin where the asker reaches us', () => {
  expect(local.baseUrl('localhost:7878')).toBe('http://localhost:7878');
  expect(open.baseUrl('localhost:7878')).toBe('https://tracks.example.org/base');
});

test('the port is the one that the browser sees', () => {
  expect([portOf('localhost:7878'), portOf('[::1]:9'), portOf('localhost')]).toEqual(['7878', '9', '80']);
});
