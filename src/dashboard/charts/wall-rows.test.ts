import { expect, test } from 'vitest';
import { historySections, systemSections } from './section.ts';
import { wallRows } from './wall-rows.ts';

const KEYS = ['val/loss', 'train/loss', 'train/layer10', 'train/layer2', 'epoch', '/odd', 'trailing/'];

test('sections by prefix, keys without one first, numbers in names in order', () => {
  const sections = historySections(KEYS);
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

test('rows of as many panels as stand side by side; a folded section is its head', () => {
  const rows = wallRows(historySections(KEYS), { columns: 2, folded: ['metrics'], find: '' });
  expect(rows.map((row) => (row.kind === 'head' ? `${row.section} ${row.count}` : row.panels.length))).toEqual([
    'metrics 3',
    'train 3',
    2,
    1,
    'val 1',
    1,
  ]);
});

test.for([
  ['^train/.*loss$', ['train/loss']],
  ['LOSS', ['train/loss', 'val/loss']],
  ['layer1(', []],
] as const)('finding %s', ([find, found]) => {
  const rows = wallRows(historySections(KEYS), { columns: 9, folded: [], find });
  expect(rows.flatMap((row) => (row.kind === 'panels' ? row.panels.map(({ key }) => key) : []))).toEqual(found);
});
