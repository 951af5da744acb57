import { expect, test } from 'vitest';

import { painter } from '#report/text/paint.ts';
import { table, titledTable } from '#report/text/table.ts';

test('table gives each column the width of its longest cell', () => {
  expect(
    table([
      ['NAME', 'ROLE', 'GPUS'],
      ['cp1', 'control-plane', '-'],
      ['gpu01', 'worker', '8'],
    ]),
  ).toEqual(['NAME   ROLE           GPUS', 'cp1    control-plane  -', 'gpu01  worker         8']);
});

test('table wraps the last cell of a row below itself', () => {
  expect(table([['cp1', 'no route to the host of this name']], { width: 27 })).toEqual([
    'cp1  no route to the host',
    '     of this name',
  ]);
});

test('table is not widened by a cell over its limit', () => {
  const rows = [
    ['a-very-long-name', 'x'],
    ['short', 'y'],
  ];
  expect(table(rows, { limit: 8 })).toEqual(['a-very-long-name  x', 'short  y']);
});

test('table paints cells once they have their width', () => {
  expect(
    table(
      [
        ['a', 'b'],
        ['long', 'c'],
      ],
      { style: (cell, row, column) => `<${row}${column}${cell}>` },
    ),
  ).toEqual(['<00a   >  <01b>', '<10long>  <11c>']);
});

test('table with a title is nothing without rows', () => {
  const paint = painter(false);
  expect(titledTable('Restarts', [], { paint })).toEqual([]);
  expect(titledTable('Restarts', [['kubelet.service', 'cp1']], { paint })).toEqual([
    'Restarts',
    '  kubelet.service  cp1',
  ]);
});
