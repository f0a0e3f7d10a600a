import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleBreakpoint } from '../../test-kit/example-k6-results.js';
import { ROUND_PRICES } from '../../test-kit/example-prices.js';
import { type FakePlan, writeFakeResults } from '../../test-kit/fake-results.js';
import { costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import type { ColdStartResult, DensityResult, K6Result } from '../results/k6-result.js';
import type { Cell } from './document.js';
import { type Bursts, gatherEvidence } from './evidence.js';
import { type Headline, headlineOf } from './headline.js';

const PLAN: FakePlan = { seed: 7, runs: 12, paced: false, sweep: false, faults: false };

const gathered = new Map<string, Promise<Bursts>>();

/** Of made-up results, which are judged once for each plan: it takes most of a second. */
function burstsOf(plan: FakePlan): Promise<Bursts> {
  const key = JSON.stringify(plan);
  const known = gathered.get(key);
  if (known) return known;
  const made = inTemporaryFolder(async dir => {
    await writeFakeResults(dir, plan);
    return (await gatherEvidence(dir)).bursts;
  });
  gathered.set(key, made);
  return made;
}

async function inTemporaryFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'headline-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function headline(plan: Partial<FakePlan> = {}, edges: readonly K6Result[] = []): Promise<Headline> {
  const bursts = await burstsOf({ ...PLAN, ...plan });
  const results = bursts.contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  return headlineOf({ bursts, edges, costs: costsPerMillionOrders({ results, prices: ROUND_PRICES }) });
}

test('says which side for what, and what speaks for the other', async () => {
  const { finding, points } = await headline();
  expect(finding).toBe('Express for throughput and CPU; Spin for memory.');
  expect(points[0]).toMatch(
    /^Express: 10,000 orders in 1\d\.\d s, 1\.\d\d times as fast as Spin; \d\.\d\d ms of app CPU per order, where Spin takes \d\.\d times the CPU\.$/,
  );
  expect(points[1]).toMatch(
    /^Spin: \d+ MiB of app memory at the peak, where Express takes 1\.\d\d times the memory\.$/,
  );
});

test('tells the bill, and what of it any app would pay', async () => {
  const { points } = await headline();
  expect(points).toContainEqual(
    expect.stringMatching(
      /^The bill: 1,000,000 orders cost \d+\.\d\d USD with Spin and \d+\.\d\d USD with Express, of which blob writes are 5\.00 USD, at example prices\.$/,
    ),
  );
});

test('says what was not measured, and gives no figure for it', async () => {
  const { points, table } = await headline();
  expect(points.at(-1)).toBe('Not measured on both: start-up and density, which may speak for either.');
  expect(rowOf(table, 'start to first answer, compiled before').map(({ text }) => text)).toEqual([
    'start to first answer, compiled before',
    'not measured',
    'not measured',
    '–',
  ]);
});

test('has no brackets: intervals stand in the table', async () => {
  const { finding, points, table } = await headline();
  expect(`${finding} ${points.join(' ')}`).not.toMatch(/[[\](){}]/);
  const [, spin, express, better] = rowOf(table, 'time for 10,000 orders');
  expect(spin?.detail).toEqual([expect.stringMatching(/^2\d\.\d to 2\d\.\d$/), 'spin-ts-settings@spin-3.6']);
  expect(express?.detail).toEqual([
    expect.stringMatching(/^1\d\.\d to 1\d\.\d$/),
    expect.stringContaining('express-ts'),
  ]);
  expect(better).toMatchObject({ text: 'Express' });
  expect(better?.detail).toEqual([
    expect.stringMatching(/^1\.\d\d times as fast$/),
    expect.stringMatching(/^1\.\d\d to 1\.\d\d$/),
  ]);
});

test('decides start-up and density where enough was measured', async () => {
  const spin = 'spin-ts@spin-3.6';
  const edges = [
    starts(spin, [30, 31, 32, 33, 34, 35]),
    starts('express-ts', [300, 310, 320, 330, 340, 350]),
    ...[1, 2, 3, 4, 5, 6].flatMap(block => [density(spin, block, 40 + block), density('express-ts', block, 8)]),
  ];
  const { finding, points } = await headline({}, edges);
  expect(finding).toBe('Express for throughput and CPU; Spin for memory, start-up and density.');
  expect(points[1]).toContain(
    '32.5 ms from the start of a process, compiled before, to its first answer, where Express takes 10.0 times',
  );
  expect(points[1]).toContain('43.5 instances per GiB under load, 5.4 times as many as Express');
  expect(points.join(' ')).not.toContain('Not measured');
});

test('holds the starts of one series against each other, and decides nothing between two', async () => {
  const spin = 'spin-ts@spin-3.6';
  const slowDay = inSeries(
    'slow-day',
    '2026-01-01T00:00:00.000Z',
    starts('express-ts', [900, 910, 920, 930, 940, 950]),
  );
  const row = async (...edges: K6Result[]) =>
    rowOf((await headline({}, edges)).table, 'start to first answer, compiled before');
  const spinStarts = starts(spin, [30, 31, 32, 33, 34, 35]);
  const [, , ofTwo, undecided] = await row(slowDay, spinStarts);
  expect(ofTwo?.text).toBe('925 ms');
  expect(undecided?.text).toBe('not decided');
  const [, , ofOne] = await row(slowDay, spinStarts, starts('express-ts', [300, 310, 320, 330, 340, 350]));
  expect(ofOne?.text).toBe('325 ms');
});

test('claims nothing of one measurement of density', async () => {
  const { finding, points, table } = await headline({}, [
    density('spin-ts@spin-3.6', 1, 40),
    density('express-ts', 1, 8),
  ]);
  expect(finding).not.toContain('density');
  expect(points).toContain('Not decided: density.');
  expect(rowOf(table, 'instances per GiB under load')[3]?.text).toBe('not decided');
});

test('names the stand-in where it alone was measured, and does not let it speak for Spin', async () => {
  const { finding, table } = await headline({}, [starts('spin-ts (stand-in)', [5, 5, 5, 5, 5, 5])]);
  expect(finding).not.toContain('start-up');
  expect(rowOf(table, 'start to first answer, compiled before')[1]).toMatchObject({
    text: 'not measured',
    detail: 'spin-ts (stand-in): 5.00 ms',
  });
  expect(rowOf(table, 'start to first answer, compiled before')[2]).toEqual({ text: 'not measured', value: null });
});

test('takes no start of a contender that the comparison has not', async () => {
  const { table } = await headline({}, [starts('spin-rust@spin-3.6', [1, 1, 1, 1, 1, 1])]);
  expect(rowOf(table, 'start to first answer, compiled before')[1]?.text).toBe('not measured');
});

test('leaves the floor out of start-up and density', async () => {
  const { table } = await headline({}, [starts('null-ts', [1, 1, 1, 1, 1, 1])]);
  expect(rowOf(table, 'start to first answer, compiled before')[2]?.text).toBe('not measured');
});

test('leaves out the stand-in, however fast it is', async () => {
  const { finding, points } = await headline({ standIn: 'beside Spin' });
  expect(finding).toMatch(/^Express for throughput/);
  expect(points.join(' ')).not.toContain('stand-in');
});

test('says that Spin itself is missing where the stand-in is there alone, and ranks the others', async () => {
  const { finding, notes, table } = await headline({ standIn: 'in place of Spin' });
  expect(finding).toMatch(/^express-ts(-fetch)? drains 10,000 orders in 1\d\.\d s; against express-ts/);
  expect(finding).not.toContain('stand-in');
  expect(table).toBeNull();
  expect(notes).toContain('Spin itself was not measured: spin-ts ran on the stand-in alone, which no headline ranks.');
});

test('says that a plan has too few runs for what it leaves open', async () => {
  const { finding, points } = await headline({ runs: 10 });
  expect(finding).toBe('Express for throughput.');
  expect(points).toContain('Spin: nothing that was measured speaks for it.');
  expect(points).toContain('Not decided: CPU and memory; that takes more runs.');
});

test('says that a side did not finish, and gives no endless ratio', async () => {
  const bursts = await burstsOf(PLAN);
  const { compared } = bursts;
  if (!compared) throw new Error('nothing was compared');
  const never = { median: Number.POSITIVE_INFINITY, low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const endless = { ratio: Number.POSITIVE_INFINITY, low: 0, high: Number.POSITIVE_INFINITY };
  const comparison = {
    ...compared.comparison,
    contenders: compared.comparison.contenders.map(own =>
      own.contender.startsWith('spin')
        ? { ...own, metrics: { ...own.metrics, t100Ms: { ...own.metrics.t100Ms, ...never } } }
        : own,
    ),
    pairs: compared.comparison.pairs.map(pair => (pair.metric === 't100Ms' ? { ...pair, ratio: endless } : pair)),
  };
  const stuck = { ...bursts, compared: { ...compared, comparison } };
  const { points, table } = headlineOf({ bursts: stuck, edges: [], costs: null });
  expect(points[0]).toMatch(/^Express: time for 10,000 orders 1\d\.\d s, where Spin did not finish; /);
  expect(rowOf(table, 'time for 10,000 orders')[1]?.text).toBe('not finished');
  expect(JSON.stringify([points, table])).not.toMatch(/Infinity|never/);
});

test('claims nothing of single runs', async () => {
  const { finding, table } = await headline({ runs: 1, single: true });
  expect(finding).toMatch(/^Not decided: 10,000 orders took /);
  expect(table).toBeNull();
});

test('claims nothing of blocks too few to decide', async () => {
  const { finding, table } = await headline({ runs: 2 });
  expect(finding).toBe("Not decided: 2 runs of each contender can't decide anything in this plan.");
  expect(table?.rows.map(row => row[3]?.text)).not.toContain('Express for throughput');
});

test('says where it holds and how sure it is, with links to method and comparison', async () => {
  const { notes } = await headline();
  expect(notes.join('\n')).toContain('Measured with Spin 3.6.3 and Node.js 24.21.0 on one machine with 2 cores');
  expect(notes.join('\n')).toContain('(comparisons/20261120T080000Z-0badcafe/comparison.json)');
});

function rowOf(table: Headline['table'], title: string): readonly Cell[] {
  return table?.rows.find(([first]) => first?.text === title) ?? [];
}

function factsOf(contender: string, block: number) {
  const facts = exampleBreakpoint({ contender, block, heldPerSecond: 1 });
  const { kind, limit, heldPerSecond, rampPerSecond, steps, levels, past, spike, ...others } = facts;
  return others;
}

function inSeries(id: string, startedAt: string, result: K6Result): K6Result {
  return { ...result, startedAt, series: { id, seed: 1, block: 1, position: 1 } };
}

function starts(contender: string, startsMs: number[]): ColdStartResult {
  return { ...factsOf(contender, 1), kind: 'cold-start', variants: [{ compiledCache: null, startsMs }] };
}

function density(contender: string, block: number, instancesPerGibibyte: number): DensityResult {
  const bytes = 2 ** 30 / instancesPerGibibyte;
  const point = { instances: 8, ratePerSecond: 8, p99Ms: 9, isHeld: true, restBytes: bytes, loadedBytes: bytes };
  return {
    ...factsOf(contender, block),
    kind: 'density',
    p99LimitMs: 100,
    points: [{ ...point, instancesPerGibibyte }],
    artifact: { artifactBytes: 11e6, files: ['a'], runtimeBytes: 20e6 },
  };
}
