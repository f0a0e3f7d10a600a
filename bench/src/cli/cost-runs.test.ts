import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRig } from '@order-bench/rig';
import { afterEach, expect, test, vi } from 'vitest';
import { exampleRun } from '../../test-kit/example-runs.js';
import { findContender } from '../contenders/contender.js';
import type { Runner, RunnerRun } from '../plans/runner.js';
import { costRuns } from './cost-runs.js';

afterEach(() => vi.unstubAllEnvs());

test('somebody looks at the live page for as long as a run with it on, and nobody at the others', async () => {
  const runDir = await mkdtemp(join(tmpdir(), 'cost-runs-'));
  const rig = await startRig({ runDir, queues: [], apps: [], blobs: 'local', daprd: [] });
  const queues = vi.spyOn(rig.broker, 'queues');
  try {
    const runs = await costRuns(
      'live',
      doing(async ({ onRig }) => {
        if (!onRig) return;
        onRig(rig);
        await vi.waitUntil(() => queues.mock.calls.length > 0, { timeout: 10_000 });
      }),
    );
    await runs.off(await oneRun());
    expect(queues).not.toHaveBeenCalled();
    await runs.on(await oneRun());
    expect(queues).toHaveBeenCalled();
  } finally {
    await rig.stop();
    await rm(runDir, { recursive: true });
  }
});

test('a collector is there for the traced runs alone, and again after one without', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:1');
  const seen: (string | undefined)[] = [];
  const runs = await costRuns(
    'tracing',
    doing(async () => void seen.push(process.env.OTEL_EXPORTER_OTLP_ENDPOINT)),
  );
  await runs.off(await oneRun());
  await runs.on(await oneRun());
  expect(seen).toEqual([undefined, 'http://127.0.0.1:1']);
});

test('receivers publish in the runs with events alone', async () => {
  const seen: (boolean | undefined)[] = [];
  const runs = await costRuns(
    'events',
    doing(async ({ publishes }) => void seen.push(publishes)),
  );
  await runs.off(await oneRun());
  await runs.on(await oneRun());
  expect(seen).toEqual([undefined, true]);
});

/** A runner whose runs do this and have a made-up result. */
function doing(run: (options: RunnerRun) => Promise<void>): Runner {
  return {
    contenders: [],
    hostOf: () => null,
    run: async options => {
      await run(options);
      return exampleRun('made-up', 1000);
    },
  };
}

async function oneRun(): Promise<RunnerRun> {
  return {
    contender: await findContender('null-ts'),
    ...{ count: 1, seed: 1, expressShare: 0.5, malformed: 0, tuning: {}, timeoutMs: 1000 },
    log: { step: () => undefined, progress: () => undefined },
  };
}
