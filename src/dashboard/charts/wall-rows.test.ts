import { expect, test } from 'vitest';
import { historySections, systemSections } from './section.ts';
import { wallRows, type WallRow } from './wall-rows.ts';

const METRICS = ['val/loss', 'train/loss', 'train/layer10', 'train/layer2', 'epoch', '/odd', 'trailing/'].map(
  (key) => ({
    key,
    step: null,
  }),
);

test('sections by prefix, keys without one first, numbers in names in order', () => {
  const sections = historySections(METRICS);
  expect(sections.map(({ name, panels }) => [name, panels.map(({ name: key }) => key)])).toEqual([
    ['metrics', ['/odd', 'epoch', 'trailing/']],
    ['train', ['layer2', 'layer10', 'loss']],
    ['val', ['loss']],
  ]);
  expect(sections[1]?.panels[0]).toMatchObject({ prefix: 'train/', key: 'train/layer2' });
});

test('the machine by its parts, the GPU first', () => {
  const sections = systemSections(['system.disk.in', 'system.cpu', 'system.gpu.0.temp', 'proc.memory.rssMB', 'fan']);
  expect(sections.map(({ name }) => name)).toEqual(['GPU', 'CPU', 'memory', 'disk', 'machine']);
});

/** Rows as people read them: the sections that begin, and how each panel is called. */
const told = (rows: readonly WallRow[]) =>
  rows.map(({ cells, folded }) => {
    const heads = (all: WallRow['folded']) => all.map(({ section, folded: away }) => `${away ? '▸' : '▾'}${section} `);
    return [...cells.flatMap((cell) => [...heads(cell.heads), cell.panel.key]), ...heads(folded)].join(' ');
  });

test('sections follow one another without a hole', () => {
  const rows = wallRows(historySections(METRICS), { columns: 2, folded: [], find: '' });
  expect(told(rows)).toEqual([
    '▾metrics  /odd epoch',
    'trailing/ ▾train  train/layer2',
    'train/layer10 train/loss',
    '▾val  val/loss',
  ]);
  expect(rows.map(({ named }) => named)).toEqual([true, true, false, true]);
});

test('a folded section is its head, before the panel that follows or alone at the end', () => {
  const rows = wallRows(historySections(METRICS), { columns: 3, folded: ['train', 'val'], find: '' });
  expect(told(rows)).toEqual(['▾metrics  /odd epoch trailing/', '▸train  ▸val ']);
  const [first] = wallRows(historySections(METRICS), { columns: 3, folded: ['metrics'], find: 'val|epoch' });
  expect(told(first === undefined ? [] : [first])).toEqual(['▸metrics  ▾val  val/loss']);
});

test.for([
  ['^train/.*loss$', ['train/loss']],
  ['LOSS', ['train/loss', 'val/loss']],
  ['layer1(', []],
] as const)('finding %s', ([find, found]) => {
  const rows = wallRows(historySections(METRICS), { columns: 9, folded: [], find });
  expect(rows.flatMap(({ cells }) => cells.map(({ panel }) => panel.key))).toEqual(found);
});
