import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, distance, linearRgb, seen, type LinearRgb, type Vision } from './colour-vision.ts';

const here = new URL('.', import.meta.url);
const VISIONS: readonly Vision[] = ['normal', 'protanopia', 'deuteranopia', 'tritanopia'];
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const tokens = new Map<string, Record<Theme, LinearRgb>>();
const colour = 'oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)';
for (const [, name, ...numbers] of readFileSync(new URL('tokens.css', here), 'utf8').matchAll(
  new RegExp(`--([\\w-]+): light-dark\\(${colour}, ${colour}\\)`, 'g'),
)) {
  const [a, b, c, d, e, f] = numbers.map(Number) as [number, number, number, number, number, number];
  tokens.set(name as string, { light: linearRgb(a, b, c), dark: linearRgb(d, e, f) });
}

function token(name: string, theme: Theme): LinearRgb {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`no colour --${name} in tokens.css`);
  return found[theme];
}
const series = Array.from({ length: 12 }, (_, index) => `series-${index + 1}`);

test.for(THEMES)('text reaches 4.5 : 1 on every ground it stands on, on %s', (theme) => {
  for (const text of ['n10', 'n11', 'n12', 'accent-text', 'state-failed', 'state-running', 'state-killed'])
    for (const ground of ['n1', 'n2', 'n3'])
      expect(contrast(token(text, theme), token(ground, theme)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  for (const text of ['n11', 'n12'])
    expect(contrast(token(text, theme), token('n5', theme))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(token('on-accent', theme), token('accent', theme))).toBeGreaterThanOrEqual(4.5);
  for (let index = 0; index < 16; index++)
    expect(contrast(token(`ansi-${index}`, theme), token('n2', theme)), `ansi ${index}`).toBeGreaterThanOrEqual(4.5);
});

test.for(THEMES)('lines of runs and marks of states reach 3 : 1 on a panel, whoever looks, on %s', (theme) => {
  const states = ['pending', 'running', 'finished', 'failed', 'crashed', 'killed', 'preempted'].map(
    (s) => `state-${s}`,
  );
  for (const vision of VISIONS)
    for (const name of [...series, ...states])
      expect(contrast(seen(token(name, theme), vision), token('n2', theme)), `${name}, ${vision}`).toBeGreaterThan(3);
});

test.for(THEMES)('any two runs are told apart, with each common colour-blindness too, on %s', (theme) => {
  for (const vision of VISIONS)
    for (const [index, one] of series.entries())
      for (const other of series.slice(0, index))
        expect(
          distance(seen(token(one, theme), vision), seen(token(other, theme), vision)),
          `${one} and ${other}, ${vision}`,
        ).toBeGreaterThan(vision === 'normal' ? 0.09 : 0.04);
});

test('no colour is written outside the tokens', () => {
  const root = new URL('..', here);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(css|ts|tsx)$/.test(name) && !/style\/(tokens\.css|colour-vision\.ts|palette\.test\.ts)$/.test(name),
  );
  expect(files.length).toBeGreaterThan(20);
  const written = /#[0-9a-f]{3,8}\b(?=[;'"\s)])|\b(?:rgba?|hsla?|oklch|oklab)\(/i;
  const offenders = files.filter((name) => written.test(readFileSync(new URL(name, root), 'utf8')));
  expect(offenders).toEqual([]);
});
