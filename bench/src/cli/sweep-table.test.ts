import { expect, it } from 'vitest';
import type { CompleteRun, RunResult } from '../results/result.js';
import { sweepTable } from './sweep-table.js';

const run = (steadyOrdersPerSecond: number, missing = 0) => {
  const figures: Pick<CompleteRun, 'status' | 'correctness' | 'orders' | 'drain' | 'processes'> = {
    status: 'complete',
    orders: { count: 100, seed: 1, express: 50, standard: 50, malformed: 0 },
    drain: {
      t50Ms: 1,
      t95Ms: 2,
      t99Ms: 3,
      t100Ms: 100_000 / steadyOrdersPerSecond,
      steadyOrdersPerSecond,
      ordersPerSecond: 1,
      lateOverEarlyRate: 1,
    },
    correctness: {
      ...{ written: 100 - missing, missing, unexpected: 0, misrouted: 0, corrupt: 0 },
      ...{ goodDeadLettered: 0, malformedDeadLettered: 0, duplicateWrites: 0, redeliveries: 0 },
    },
    processes: [],
  };
  // Of a result the table reads these alone.
  return figures as RunResult;
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
