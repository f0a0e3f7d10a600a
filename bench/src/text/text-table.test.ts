import { expect, it } from 'vitest';
import { textTable } from './text-table.js';

const ROWS = [
  ['contender', 'orders/s', 'CPU', 'memory'],
  ['spin-ts', '205', '6.27 ms', '280 MiB'],
  ['express-ts', '403', '1.97 ms', '274 MiB'],
];

it('a table has columns as wide as their widest cells', () => {
  expect(textTable(ROWS, 80)).toBe(
    'contender   orders/s  CPU      memory\nspin-ts     205       6.27 ms  280 MiB\nexpress-ts  403       1.97 ms  274 MiB',
  );
});

it('a table that is too wide is turned', () => {
  expect(textTable(ROWS, 34)).toBe(
    'contender  spin-ts  express-ts\norders/s   205      403\nCPU        6.27 ms  1.97 ms\nmemory     280 MiB  274 MiB',
  );
});

it('one that is too wide then too is a block for each row', () => {
  expect(textTable(ROWS, 20)).toBe(
    'spin-ts\n  orders/s  205\n  CPU       6.27 ms\n  memory    280 MiB\n' +
      'express-ts\n  orders/s  403\n  CPU       1.97 ms\n  memory    274 MiB',
  );
});
