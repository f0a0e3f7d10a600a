import { expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import { sweepTable } from './sweep-table.js';

const run = (steadyOrdersPerSecond: number, missing = 0) => {
  const { correctness, drain } = exampleResult();
  return exampleResult({
    correctness: { ...correctness, missing },
    drain: { ...drain, steadyOrdersPerSecond, t100Ms: 100_000 / steadyOrdersPerSecond },
    processes: [],
  });
};

it('a sweep’s table has a row a cell with the medians of its runs', () => {
  const table = sweepTable([
    {
      cell: { contender: 'spin-ts', values: { handlers: 4, 'spin-pooling': 'on' } },
      results: [run(100), run(300), run(200)],
    },
    { cell: { contender: 'null-ts', values: { handlers: 4 } }, results: [run(400, 2)] },
    { cell: { contender: 'null-ts', values: { handlers: 8 } }, results: [] },
  ]);
  expect(table.split('\n').map(line => line.split(/ {2,}/))).toEqual([
    ['contender', 'handlers', 'spin-pooling', 'runs', 'steady/s', 'T100', 'app CPU ms', 'correct'],
    ['spin-ts', '4', 'on', '3', '200', '0.50', '0.00', 'yes'],
    ['null-ts', '4', '-', '1', '400', '0.25', '0.00', 'NO: 1'],
    ['null-ts', '8', '-', '0', '-', '-', '-', 'yes'],
  ]);
});
