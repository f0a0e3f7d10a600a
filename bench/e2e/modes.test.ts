import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir, machineSize } from '@order-bench/rig';
import { execa } from 'execa';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { findContender } from '../src/contenders/contender.js';
import { NO_LATENCY } from '../src/contenders/latency.js';
import { findRuntime, runtimeTitle } from '../src/contenders/runtime.js';
import { readResults } from '../src/results/read-results.js';
import { type CompleteRun, isCorrect, isTimed, type RunResult } from '../src/results/result.js';
import { writeResult } from '../src/results/result-file.js';
import { planDir } from '../src/results/results-folder.js';
import { exampleResult } from '../test-kit/example-result.js';

const LONG = { timeout: 300_000 };

// A busy machine voids a run; what is asked here holds all the same.
describe('the modes of bench', () => {
  it('trace the orders of a burst, and account for every process', LONG, async () => {
    const [result] = await bench('run', '--orders', '1000', '--contenders', 'null-ts');
    // The hops add up to the mean time from the start to the write: each of the curve's 200 points stands for five orders.
    const meanMs = (result?.curve ?? []).reduce((sum, [timeMs]) => sum + timeMs, 0) / 200;
    const hops = result?.hops ?? [];
    expect(hops).toHaveLength(10);
    expect(Math.min(...hops.map(hop => hop.meanMs))).toBeGreaterThanOrEqual(0);
    const sumMs = hops.reduce((sum, hop) => sum + hop.meanMs, 0);
    expect(Math.abs(sumMs - meanMs) / meanMs).toBeLessThan(0.05);

    expect(result?.processes.map(({ name }) => name).sort()).toEqual([
      ...['app-distributor', 'app-receiver-express', 'app-receiver-standard', 'bench', 'blob', 'broker'],
      ...['daprd-distributor', 'daprd-receiver-express', 'daprd-receiver-standard'],
    ]);
    for (const { name, cpuMs, userCpuMs, systemCpuMs, voluntaryContextSwitches } of result?.processes ?? []) {
      expect(cpuMs, name).toBeGreaterThan(0);
      expect(userCpuMs + systemCpuMs, name).toBe(cpuMs);
      if (process.platform === 'linux') expect(voluntaryContextSwitches, name).toBeGreaterThan(0);
    }
    expect(result?.machine.ownShare).toBeGreaterThan(0);
  });

  it('send paced orders over their time and keep each one’s latency', LONG, async () => {
    const [result] = await bench('run', '--orders', '300', '--arrival', 'constant:100', '--contenders', 'null-ts');
    expect(result).toMatchObject({ mode: 'paced', settings: { arrival: 'constant:100' } });
    // The last is due after 2.99 s.
    expect(result?.curve.at(-1)?.[0]).toBeGreaterThan(2_990);
    const latency = result && isTimed(result) ? result.latency : undefined;
    expect(latency).toMatchObject({ ratePerSecond: 100, shareOfSteadyRate: null });
    expect(decodeFromCompressedBase64(latency?.histogram ?? '').totalCount).toBe(300);
  });

  it('keep a cold run apart, without a warm-up', LONG, async () => {
    const [result] = await bench('run', '--orders', '200', '--mode', 'cold', '--contenders', 'null-ts');
    expect(result).toMatchObject({ mode: 'cold', settings: { warmUp: null } });
  });

  it('pace a contender at shares of the steady rate that its stored bursts have', LONG, async () => {
    const dir = await newResultsDir();
    const burst = await storedBurst(100);
    await writeResult(burst, planDir(dir, 'single', 'earlier'));
    const results = await benchInto(dir, 'paced', '--contenders', 'null-ts', '--shares', '30,60', '--duration-s', '3');
    const paced = results.filter(({ id }) => id !== burst.id);
    const latencies = paced.map(result => (isTimed(result) ? result.latency : undefined));
    expect(latencies).toMatchObject([
      { ratePerSecond: 30, shareOfSteadyRate: 0.3 },
      { ratePerSecond: 60, shareOfSteadyRate: 0.6 },
    ]);
    expect(paced.map(({ orders }) => orders.count)).toEqual([90, 180]);
  });
});

/** A burst of null-ts as it might stand in the results of this machine. */
async function storedBurst(steadyOrdersPerSecond: number): Promise<CompleteRun> {
  const runtime = await findRuntime(await findContender('null-ts'), undefined, new Map());
  const example = exampleResult({ contender: 'null-ts' });
  return {
    ...example,
    orders: { ...example.orders, count: 2000, express: 1000, standard: 1000 },
    correctness: { ...example.correctness, written: 2000 },
    drain: { ...example.drain, steadyOrdersPerSecond },
    environment: { ...example.environment, cpu: cpus()[0]?.model ?? 'unknown', ...machineSize() },
    settings: {
      ...example.settings,
      ...{ host: runtimeTitle(runtime), replicasPerRole: 1, blobs: 'local', payloadBytes: null },
      latency: NO_LATENCY,
    },
  };
}

async function bench(...args: string[]): Promise<RunResult[]> {
  return benchInto(await newResultsDir(), ...args);
}

function newResultsDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'results-'));
}

/** Runs a command of bench and returns what the folder then holds, the oldest run first; every run must be correct. */
async function benchInto(dir: string, ...args: string[]): Promise<RunResult[]> {
  const command = [join(checkoutDir, 'bench/dist/main.js'), ...args, '--warm-up', '200', '--results', dir];
  const { all } = await execa('node', command, { reject: false, all: true });
  const results = (await readResults(dir)).map(({ result }) => result);
  expect(results, all).not.toEqual([]);
  expect(results.every(isCorrect), all).toBe(true);
  return results;
}
