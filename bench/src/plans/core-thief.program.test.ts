import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutDir } from '@order-bench/rig';
import { describe, expect, it, vi } from 'vitest';
import { exampleRun } from '../../test-kit/example-runs.js';
import { isAlive } from '../../test-kit/is-alive.js';
import { takenShareOf } from '../judge/calibration.js';
import { shareBetween } from './core-thief.js';

// As it is compiled: it starts a compiled program beside itself.
const COMPILED = join(checkoutDir, 'bench', 'dist', 'plans');
const { withCoreThief }: typeof import('./core-thief.js') = await import(join(COMPILED, 'core-thief.js'));

describe('the core thief', () => {
  it('takes the share that it is to take', async () => {
    const thief = spawn(process.execPath, [join(COMPILED, 'core-thief-main.js'), '0.2']);
    const samples: { atMs: number; cpuMs: number }[] = [];
    for await (const line of createInterface({ input: thief.stdout })) {
      const [atMs = 0, cpuMs = 0] = line.split(' ').map(Number);
      samples.push({ atMs, cpuMs });
      if (samples.length === 6) break;
    }
    thief.stdin.end();
    await once(thief, 'exit');
    const share = shareBetween(samples, samples.at(0)?.atMs ?? 0, samples.at(-1)?.atMs ?? 0);
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
  });

  it('is gone when its parent is, however that went', async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'thief-')), 'parent.mjs');
    await writeFile(
      script,
      `import { spawn } from 'node:child_process';
       const thief = spawn(process.execPath, [${JSON.stringify(join(COMPILED, 'core-thief-main.js'))}, '0.01']);
       thief.stdout.once('data', () => process.send(thief.pid));`,
    );
    const parent = fork(script);
    const [pid] = (await once(parent, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
  });

  it('works beside a run from its rig on, and leaves in its settings what it took', async () => {
    const run = exampleRun('x (delayed)', 300);
    const result = await withCoreThief({
      share: 0.01,
      run: async onRig => {
        onRig();
        return run;
      },
    });
    // Made up long ago: nothing was taken during that drain.
    expect(result.settings).toEqual({ ...run.settings, coreThief: { share: 0.01, takenShare: null } });
    expect(takenShareOf(result)).toBeNull();
    expect(takenShareOf({ ...run, settings: { ...run.settings, coreThief: { share: 0.05, takenShare: 0.049 } } })).toBe(
      0.049,
    );
    expect(takenShareOf(run)).toBeNull();
  });

  it('fails as the run does', async () => {
    const run = async (onRig: () => void) => {
      onRig();
      throw new Error('app-distributor exited');
    };
    await expect(withCoreThief({ share: 0.01, run })).rejects.toThrow('app-distributor exited');
  });
});

describe('a share between two moments', () => {
  const samples = [0, 10, 20].map(atMs => ({ atMs, cpuMs: atMs / 4 }));

  it('is read off between the samples', () => {
    expect(shareBetween(samples, 5, 15)).toBeCloseTo(0.25, 12);
    expect(shareBetween(samples, 0, 20)).toBeCloseTo(0.25, 12);
  });

  it('is unknown where the samples begin too late or end too early, or no time goes by', () => {
    expect(shareBetween(samples, -1, 15)).toBeNull();
    expect(shareBetween(samples, 5, 21)).toBeNull();
    expect(shareBetween(samples, 5, 5)).toBeNull();
  });
});
