import { ToolMissing } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import { endedAs, exampleRun } from '../../test-kit/example-runs.js';
import { comparisonOf } from '../judge/comparison.js';
import type { ComparisonRecord } from '../results/comparison-file.js';
import { COMPARISON_RECORD } from '../results/comparison-file.js';
import type { ComparisonPlace, RunResult } from '../results/result.js';
import { PlaceFailed } from '../sites/cluster/place-failed.js';
import { faultsIn } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';
import { drawnSequence, runBlocks } from './run-blocks.js';

const plan = { contenders: ['a', 'b', 'c'], runs: 4, orders: 1000, seed: 7, coolDownS: 5, tuning: {} };

/** Runs the plan with a made-up run, and keeps everything that was done in its order. */
async function doPlan(runOne: (contender: string, place: ComparisonPlace) => RunResult) {
  const abort = new AbortController();
  const done: string[] = [];
  const stored: RunResult[] = [];
  const saved: ComparisonRecord[] = [];
  let seconds = 0;
  const outcome = runBlocks({
    id: 'made-up',
    plan,
    signal: abort.signal,
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)),
    runOne: async (contender, place) => {
      done.push(contender);
      return runOne(contender, place);
    },
    store: async result => stored.push(result),
    save: async record => saved.push(record),
    coolDown: async () => done.push('cool down'),
  });
  const error = await outcome.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { outcome, error, done, stored, saved, last: saved.at(-1) as ComparisonRecord };
}

let count = 0;
const complete = (contender: string) => exampleRun(contender, 10_000, { id: (count++).toString(16).padStart(8, '0') });
const voidRun = (contender: string) => endedAs(complete(contender), 'void', 'the machine was busy');
const throwing = (error: Error) => {
  throw error;
};

describe('a plan', () => {
  it('draws another order in each block, the same from the same seed, every contender once', () => {
    const sequence = drawnSequence({ ...plan, runs: 60 });
    expect(sequence).toEqual(drawnSequence({ ...plan, runs: 60 }));
    expect(sequence).not.toEqual(drawnSequence({ ...plan, runs: 60, seed: 8 }));
    expect(new Set(sequence.map(block => block.join())).size).toBe(6);
    for (const block of sequence) expect([...block].sort()).toEqual(plan.contenders);
  });

  it('runs in that order, cools down between two runs, and tells each result its place', async () => {
    const { done, stored, last } = await doPlan(complete);
    const drawn = drawnSequence(plan).flat();
    expect(done).toEqual(drawn.flatMap((name, index) => (index === 0 ? [name] : ['cool down', name])));
    expect(stored.map(({ contender }) => contender)).toEqual(drawn);
    expect(stored.map(({ comparison }) => comparison).slice(2, 4)).toEqual([
      { id: 'made-up', seed: 7, block: 1, position: 3, attempt: 1 },
      { id: 'made-up', seed: 7, block: 2, position: 1, attempt: 1 },
    ]);
    expect(last).toMatchObject({ status: 'complete', voids: 0, finishedAt: '2026-01-01T00:00:01.000Z' });
    expect(last.runs.map(({ resultId }) => resultId)).toEqual(stored.map(({ id }) => id));
  });

  it('stores its state at the start and after each run, short until nothing is missing', async () => {
    const { saved } = await doPlan(complete);
    for (const record of saved) expect(faultsIn(COMPARISON_RECORD, JSON.parse(JSON.stringify(record)))).toEqual([]);
    expect(saved.map(({ runs }) => runs.length)).toEqual([...Array.from({ length: 13 }, (_, index) => index), 12]);
    expect(saved.slice(0, 12).every(({ status }) => status === 'short')).toBe(true);
    expect(saved.slice(0, 13).every(({ finishedAt }) => finishedAt === null)).toBe(true);
  });

  it('repeats void runs at the end of their block, stores and counts them', async () => {
    const { stored, last } = await doPlan((contender, { block, attempt }) =>
      block === 2 && contender === 'b' && attempt === 1 ? voidRun(contender) : complete(contender),
    );
    expect(stored).toHaveLength(13);
    expect(last).toMatchObject({ status: 'complete', voids: 1 });
    const second = last.runs.filter(({ block }) => block === 2);
    expect(second.at(-1)).toMatchObject({ contender: 'b', position: 4, attempt: 2, status: 'complete' });
    expect(second.find(({ status }) => status === 'void')).toMatchObject({
      attempt: 1,
      reason: 'the machine was busy',
    });
  });

  it('gives a run up that is void three times; the plan is then short', async () => {
    const { last } = await doPlan((contender, { block }) =>
      block === 1 && contender === 'c' ? voidRun(contender) : complete(contender),
    );
    expect(last).toMatchObject({ status: 'short', voids: 3 });
    expect(last.runs).toHaveLength(14);
  });

  it('goes on after a run that failed, which ranks last', async () => {
    const { outcome, last } = await doPlan((contender, { block }) =>
      block === 3 && contender === 'a' ? throwing(new Error('app-distributor exited')) : complete(contender),
    );
    expect(last.status).toBe('complete');
    expect(last.runs.find(({ status }) => status === 'failed')).toMatchObject({
      contender: 'a',
      block: 3,
      resultId: null,
      reason: 'app-distributor exited',
    });
    expect(comparisonOf(await outcome).contenders[0]).toMatchObject({ contender: 'a', runs: 4, lastRuns: 1 });
  });

  it('counts a run as void whose place failed, and repeats it', async () => {
    const { outcome, stored, last } = await doPlan((contender, { block, attempt }) =>
      block === 3 && contender === 'a' && attempt === 1
        ? throwing(new PlaceFailed('kubectl get pods: the server is gone'))
        : complete(contender),
    );
    expect(last).toMatchObject({ status: 'complete', voids: 1 });
    expect(last.runs.find(({ status }) => status === 'void')).toMatchObject({
      contender: 'a',
      block: 3,
      attempt: 1,
      resultId: null,
      reason: 'kubectl get pods: the server is gone',
    });
    expect(stored).toHaveLength(12);
    expect(comparisonOf(await outcome).contenders[0]).toMatchObject({ contender: 'a', runs: 4, lastRuns: 0 });
  });

  it('ends after more than three failed runs, and keeps what is done', async () => {
    const { error, stored, last } = await doPlan(contender =>
      contender === 'a' ? throwing(new Error('app-distributor exited')) : complete(contender),
    );
    expect(error?.message).toMatch(/^4 runs ended without a result.* of a: app-distributor exited$/);
    expect(last.status).toBe('short');
    expect(last.finishedAt).not.toBeNull();
    expect(stored.length).toBe(last.runs.length - 4);
  });

  it.each([
    ['wrong use', new UsageError('no latency there')],
    ['a missing tool', new ToolMissing('no daprd')],
  ])('ends at once on %s', async (_, thrown) => {
    const { error, done } = await doPlan(() => throwing(thrown));
    expect(error).toBe(thrown);
    expect(done).toHaveLength(1);
  });

  it('interrupted keeps what is done, and says that it is short', async () => {
    const abort = new AbortController();
    const saved: ComparisonRecord[] = [];
    let runs = 0;
    const outcome = runBlocks({
      id: 'made-up',
      plan,
      signal: abort.signal,
      now: () => new Date(),
      runOne: async contender => {
        runs += 1;
        if (runs === 5) abort.abort();
        abort.signal.throwIfAborted();
        return complete(contender);
      },
      store: async () => undefined,
      save: async record => saved.push(record),
      coolDown: async () => undefined,
    });
    await expect(outcome).rejects.toThrow('aborted');
    expect(saved.at(-1)).toMatchObject({ status: 'short', finishedAt: expect.any(String) });
    expect(saved.at(-1)?.runs).toHaveLength(4);
  });
});
