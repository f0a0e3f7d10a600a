import { expect, test } from 'vitest';
import { exampleApiTest, exampleK6Run } from '../../test-kit/example-k6-results.js';
import { compareApiTests, familySizes } from './compare-api-tests.js';

test('six blocks decide what a request costs, which is judged by itself', () => {
  const [comparison] = compareApiTests([
    ...costs('a', [1, 1.1, 1.2, 1, 1.1, 1]),
    ...costs('b', [6, 6.5, 6.2, 6, 6.1, 7]),
  ]);
  expect(comparison?.figures.map(({ metric, of }) => `${metric} of ${of}`)).toEqual([
    'appCpuMs of hit',
    'daprdCpuMs of hit',
    'p50Ms of hit',
    'p99Ms of hit',
    'appPeakMebibytes of api-query',
  ]);
  const [cpu] = comparison?.figures ?? [];
  expect(cpu?.contenders).toMatchObject([
    { contender: 'a', median: 1.05 },
    { contender: 'b', median: 6.15 },
  ]);
  expect(cpu?.pairs).toMatchObject([{ a: 'a', b: 'b', blocks: 6, verdict: 'better', adjustedPValue: 2 / 2 ** 6 }]);
});

test('all other figures are one family: the same six blocks do not decide them, and nine do', () => {
  const times = (blocks: number) =>
    compareApiTests(
      ['a', 'b'].flatMap((contender, slower) =>
        Array.from({ length: blocks }, (_, index) =>
          exampleApiTest({ contender, block: index + 1, appCpuMsPerRequest: 1, p99Ms: 10 + slower * 10 + index / 10 }),
        ),
      ),
    )[0]?.figures.find(({ metric }) => metric === 'p99Ms')?.pairs[0]?.verdict;
  expect([times(6), times(9)]).toEqual(['~', 'better']);
});

test('the plan’s sizes of the families are those of the comparison', () => {
  const [comparison] = compareApiTests([...costs('a', [1]), ...costs('b', [6])]);
  const { primary, others } = familySizes([{ requests: ['hit'] }]);
  expect(primary + others).toBe(comparison?.figures.length);
  expect(familySizes(Array.from({ length: 3 }, () => ({ requests: ['hit'] })))).toEqual({ primary: 3, others: 10 });
});

test('a void repetition is left out, and one whose rate was not held ranks last', () => {
  const [comparison] = compareApiTests([
    ...costs('a', [1, 1]),
    exampleApiTest({ contender: 'a', block: 3, appCpuMsPerRequest: 9, status: 'void' }),
    exampleApiTest({ contender: 'a', block: 4, appCpuMsPerRequest: 1, run: { exitCode: 99 } }),
  ]);
  expect(comparison?.contenders).toEqual([{ contender: 'a', runs: 3, lastRuns: 1, voids: 1 }]);
  expect(comparison?.figures[0]?.contenders[0]?.values).toEqual([1, 1, Number.POSITIVE_INFINITY]);
});

test('where nothing was answered nothing is per request, and it ranks last', () => {
  const run = exampleK6Run(40, { orders: { taken: 0, refused: 0, unanswered: 9, dropped: 0 } });
  const [comparison] = compareApiTests([exampleApiTest({ contender: 'a', block: 1, appCpuMsPerRequest: 1, run })]);
  expect(comparison?.figures[0]?.contenders[0]?.median).toBe(Number.POSITIVE_INFINITY);
});

test('an import has a duration of each of its times, and costs per line', () => {
  const result = exampleApiTest({ contender: 'a', block: 1, appCpuMsPerRequest: 2 });
  const parts = result.parts.map(part => ({ ...part, lines: 100 }));
  const [comparison] = compareApiTests([{ ...result, test: 'api-import', parts }]);
  expect(comparison?.figures.map(({ metric }) => metric)).toEqual([
    ...['appCpuMsPerLine', 'daprdCpuMsPerLine', 'durationMs', 'appPeakMebibytes'],
  ]);
  expect(comparison?.figures[0]?.contenders[0]?.median).toBe(2);
  const { primary, others } = familySizes([{ requests: ['import'], lines: 100 }]);
  expect(primary + others).toBe(comparison?.figures.length);
});

function costs(contender: string, values: readonly number[]) {
  return values.map((appCpuMsPerRequest, index) => exampleApiTest({ contender, block: index + 1, appCpuMsPerRequest }));
}
