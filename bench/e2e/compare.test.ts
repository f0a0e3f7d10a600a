import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir, controlStatus } from '@order-bench/rig';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { takenShareOf } from '../src/judge/calibration.js';
import type { ComparisonRecord } from '../src/results/comparison-file.js';
import { readResults } from '../src/results/read-results.js';

const LONG = { timeout: 900_000 };
const SHORT = ['--warm-up', '200', '--cool-down-s', '0'];

describe('bench compare', () => {
  let results: string;
  const compare = (...args: string[]) =>
    execa('node', [join(checkoutDir, 'bench/dist/main.js'), 'compare', '--results', results, ...args], {
      reject: false,
      all: true,
    });
  const plan = ['--contenders', 'express-ts', 'null-ts', '--orders', '100', ...SHORT];
  /** Stops once there are as many results: beside other tests every run is void, and would be repeated twice. */
  const compareUntil = async (count: number, ...args: string[]) => {
    const running = compare(...args);
    const stored = vi.waitUntil(async () => (await readResults(results)).length >= count, {
      timeout: LONG.timeout,
      interval: 100,
    });
    await Promise.race([stored, running]);
    running.kill('SIGINT');
    return running;
  };
  const comparison = async (): Promise<ComparisonRecord> => {
    const dir = join(results, 'comparisons');
    const [id] = await readdir(dir);
    return JSON.parse(await readFile(join(dir, id ?? '', 'comparison.json'), 'utf8'));
  };

  beforeEach(async () => {
    results = await mkdtemp(join(tmpdir(), 'compare-'));
  });

  it('says beforehand what it can not decide, runs block by block, and can be read again', LONG, async () => {
    const { exitCode, all } = await compare(...plan, '--runs', '2');
    expect(all).toContain('THIS PLAN CAN NOT DECIDE ANYTHING: that takes at least 6 runs of each contender');
    const { id, status, runs, voids } = await comparison();
    // A machine that is busy with other things makes runs void, which is right, and no fault of the command.
    expect(exitCode, all).toBe(voids === 0 ? 0 : 1);
    const stored = await readResults(results);
    expect(stored.map(({ result }) => result.id).sort()).toEqual(runs.map(({ resultId }) => resultId).sort());
    expect(stored.every(({ result }) => result.comparison?.id === id)).toBe(true);
    if (voids === 0) expect(status).toBe('complete');
    expect(runs.length).toBeGreaterThanOrEqual(4);

    const again = await compare('--comparison', 'newest');
    expect(again.exitCode, again.all).toBe(exitCode);
    expect(again.all).toContain(`comparison ${id} (${status})`);
  });

  it(
    'calibrated runs one contender under three names, and beside one of them takes a share of each core',
    LONG,
    async () => {
      await compareUntil(3, '--calibrate', '--contenders', 'null-ts', '--runs', '1', ...SHORT, '--orders', '200');
      const { all } = await compare('--comparison', 'newest');
      expect(all).toMatch(/blocks with both \(A\) and \(B\): [01], too few for a comparison that could be decided/);
      const { plan: planned, runs } = await comparison();
      expect(planned).toMatchObject({ calibration: { contender: 'null-ts', delayShare: 0.05 } });
      expect(new Set(runs.map(({ contender }) => contender))).toEqual(
        new Set(['null-ts (A)', 'null-ts (B)', 'null-ts (delayed)']),
      );
      const stored = (await readResults(results)).map(({ result }) => result);
      for (const result of stored) {
        const share = takenShareOf(result);
        if (result.contender === 'null-ts (delayed)') expect(share).toBeCloseTo(0.05, 1);
        else expect(share).toBeNull();
      }
    },
  );

  it('finds the event of every order in both subscriptions where it runs for the cost of events', LONG, async () => {
    await compareUntil(2, '--cost-of', 'events', '--runs', '1', ...SHORT, '--orders', '200');
    expect((await comparison()).plan).toMatchObject({ costOf: { contender: 'express-ts', what: 'events' } });
    // A busy machine voids a run; what is asked here holds all the same.
    const runs = (await readResults(results)).map(({ result }) => result);
    const [on, off] = ['express-ts (events)', 'express-ts (off)'].map(name => runs.find(run => run.contender === name));
    expect(on).toMatchObject({ correctness: { written: 200, withoutEvent: 0 }, settings: { events: { readers: 0 } } });
    expect(off?.correctness).not.toHaveProperty('withoutEvent');
    expect(off?.settings).not.toHaveProperty('events');
  });

  it('stopped by Ctrl-C keeps what is done, and says that the plan is short', LONG, async () => {
    const running = compare(...plan, '--runs', '5');
    await vi.waitUntil(async () => ((await controlStatus(checkoutDir))?.processes.length ?? 0) >= 8, {
      timeout: 60_000,
      interval: 50,
    });
    running.kill('SIGINT');
    const { exitCode, all } = await running;
    expect(exitCode).toBe(130);
    expect(all).toContain('the plan is short: 0 runs are kept');
    expect(await comparison()).toMatchObject({ status: 'short', runs: [], finishedAt: expect.any(String) });
  });

  it.each([
    [['--runs', '0'], 'it takes a whole number from 1 on'],
    [['--comparison', 'newest'], 'there is no comparison in'],
    [['--base', 'no-such-thing'], "'no-such-thing' is no git commit"],
    [['--base', 'HEAD', '--calibrate'], '--calibrate and --base are two plans'],
    [['--calibrate', '--contenders', 'null-ts', 'express-ts'], '--calibrate takes one contender'],
    [['--cost-of', 'tracing'], '--cost-of tracing needs a collector: name it by OTEL_EXPORTER_OTLP_ENDPOINT'],
    [['--cost-of', 'events', '--contenders', 'null-ts'], 'null-ts publishes no events'],
    [['--cost-of', 'live', '--live'], '--live is on in every run'],
    [['--contenders', 'null-ts', 'null-ts'], 'null-ts is there twice: name each contender once'],
  ])('called wrongly (%s) says what is wrong and exits with 2', LONG, async (args, message) => {
    const { exitCode, all } = await compare(...args);
    expect(exitCode, all).toBe(2);
    expect(all).toContain(message);
  });
});
