import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { FAULTS_A_SEED } from '../src/chaos/fault-schedule.js';
import { readChaosResults } from '../src/results/chaos-file.js';

const LOSSY = fileURLToPath(new URL('../test-apps/lossy', import.meta.url));
/** The app above loses order 555. */
const ORDERS = 560;

describe('bench chaos', () => {
  it('passes an app that loses nothing, and names the order that another one lost', { timeout: 600_000 }, async () => {
    const results = await mkdtemp(join(tmpdir(), 'results-'));
    const { exitCode, all } = await execa(
      'node',
      [
        join(checkoutDir, 'bench/dist/main.js'),
        ...['chaos', '--seed', '7', '--orders', `${ORDERS}`, '--results', results],
        ...['--contenders', 'express-ts', LOSSY],
      ],
      { reject: false, all: true },
    );
    expect(exitCode, all).toBe(1);
    const stored = await readChaosResults(results);
    // A drain that breaks off stores nothing; why it did is in the output.
    expect(
      stored.map(({ contender }) => contender),
      all,
    ).toEqual(['express-ts', 'lossy']);
    const [sound, lossy] = stored;
    expect(sound, all).toMatchObject({
      failures: [],
      correctness: { written: ORDERS, missing: 0, corrupt: 0, goodDeadLettered: 0 },
    });
    expect(sound?.faults).toHaveLength(FAULTS_A_SEED);
    expect(sound?.restarts).toBeGreaterThan(0);
    expect(lossy).toMatchObject({ correctness: { missing: 1, goodDeadLettered: 0 } });
    expect(lossy?.failures[0]).toBe('orders missing: 1');
    expect(all).toContain('chaos --seed 7 --contenders lossy --orders 560');
  });

  it.each([
    [['--seeds', '0'], 'it takes a number from 1 on'],
    [['--seeds', '5-2'], 'it takes a number from 1 on'],
    [['--contenders', 'nobody'], "no contender 'nobody'"],
    [['--report', '--results', '/nowhere'], 'docs/reliability.md says what is published, and /nowhere is not'],
  ])('says what is wrong with %j and exits with 2', async (args, reason) => {
    const { exitCode, all } = await execa('node', [join(checkoutDir, 'bench/dist/main.js'), 'chaos', ...args], {
      reject: false,
      all: true,
    });
    expect(all).toContain(reason);
    expect(exitCode).toBe(2);
  });
});
