import { execa } from 'execa';
import { expect, test } from 'vitest';
import { metricFamilies } from '../../test-kit/metric-families.js';
import type { EndedRun, LiveRun } from './live-state.js';
import { runMetrics, type ShownRuns } from './run-metrics.js';

const NOTHING: ShownRuns = { run: null, ended: [], processes: [] };
const DRAINING: LiveRun = {
  ...{ contender: 'express-ts', number: 2, step: 'draining' },
  progress: { written: 40, expected: 100, ordersPerSecond: 20 },
};

test('the run in progress is told with its orders, and is gone when it has ended', async () => {
  let shown = { ...NOTHING, run: DRAINING };
  const samples = await scraped(() => shown);
  expect(samples('order_bench_run_orders_written')).toEqual([[{ contender: 'express-ts' }, 40]]);
  expect(samples('order_bench_run_orders_expected')).toEqual([[{ contender: 'express-ts' }, 100]]);
  shown = { ...NOTHING, run: { ...DRAINING, progress: null } };
  const after = await scraped(() => shown);
  expect(after('order_bench_run_orders_written')).toEqual([]);
});

test('runs that ended are counted by status, with the newest time to drain of each contender', async () => {
  const ended = [
    run('spin-ts', 'void', null),
    run('express-ts', 'complete', 14_000),
    run('express-ts', 'complete', 15_000),
  ];
  const samples = await scraped(() => ({ ...NOTHING, ended }));
  expect(samples('order_bench_runs_total')).toEqual([
    [{ contender: 'spin-ts', status: 'void' }, 1],
    [{ contender: 'express-ts', status: 'complete' }, 2],
  ]);
  expect(samples('order_bench_run_drain_seconds')).toEqual([[{ contender: 'express-ts' }, 14]]);
});

test('each process of a rig is told with its CPU and memory', async () => {
  const child = execa('sleep', ['60'], { detached: true, reject: false });
  const process = { name: 'broker', role: 'rig', pid: child.pid ?? 0, restarts: 0, logFile: '' } as const;
  const samples = await scraped(() => ({ ...NOTHING, processes: [process] }));
  child.kill();
  await child;
  const labels = { process: 'broker', role: 'rig' };
  expect(samples('order_bench_process_cpu_seconds_total')).toEqual([[labels, expect.any(Number)]]);
  const [[, bytes] = []] = samples('order_bench_process_resident_memory_bytes');
  expect(bytes).toBeGreaterThan(0);
});

function run(contender: string, status: EndedRun['status'], t100Ms: number | null): EndedRun {
  return { contender, status, reason: null, t100Ms, steadyOrdersPerSecond: null, appCpuMsPerOrder: null, hops: [] };
}

/** What a scrape tells of a metric: labels and value of each sample. */
async function scraped(shown: () => ShownRuns) {
  const families = metricFamilies(await runMetrics(shown).metrics());
  return (name: string) => families.get(name)?.samples.map(({ labels, value }) => [labels, value] as const) ?? [];
}
