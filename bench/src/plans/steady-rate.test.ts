import { describe, expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { CompleteRun, RunResult } from '../results/result.js';
import { storedSteadyRate } from './steady-rate.js';

const query = { contender: 'made-up', host: 'node v20.0.0', replicas: 1, cpu: 'Made-up CPU', cores: 2 };
const settings = {
  ...exampleResult().settings,
  ...{ host: 'node v20.0.0', replicasPerRole: 1, blobs: 'local', payloadBytes: null },
  latency: { name: 'none', queueMs: 0, blobMs: 0, source: null },
};

function burst(id: string, steadyOrdersPerSecond: number, changes: Partial<CompleteRun> = {}): CompleteRun {
  const example = exampleResult();
  const drain = { ...example.drain, steadyOrdersPerSecond };
  return { ...example, id, drain, settings, orders: { ...example.orders, count: 10_000 }, ...changes };
}

function rateOf(...results: RunResult[]) {
  return storedSteadyRate(
    results.map(result => ({ file: `${result.id}.json`, result })),
    query,
  );
}

describe('a contender’s steady rate', () => {
  it('is the median of its newest comparison', () => {
    const of = (id: string) => ({ comparison: { id, seed: 1, block: 1, position: 1, attempt: 1 } });
    expect(rateOf(burst('a', 900, of('old')), burst('b', 100, of('new')), burst('c', 120, of('new')))).toEqual({
      ordersPerSecond: 110,
      resultIds: ['b', 'c'],
    });
  });

  it('is the median of its newest single runs, those of one commit', () => {
    const environment = { ...exampleResult().environment, gitCommit: 'older' };
    const runs = [burst('a', 900, { environment }), burst('b', 300), burst('c', 100), burst('d', 200)];
    expect(rateOf(...runs)).toEqual({ ordersPerSecond: 200, resultIds: ['b', 'c', 'd'] });
  });

  it.each([
    ['other contenders', { contender: 'other' }],
    ['cold runs', { mode: 'cold' as const }],
    ['small bursts', { orders: { ...exampleResult().orders, count: 500 } }],
    ['other machines', { environment: { ...exampleResult().environment, cores: 64 } }],
    ['other hosts', { settings: { ...settings, host: 'node v24.0.0' } }],
    ['runs with more replicas', { settings: { ...settings, replicasPerRole: 2 } }],
    ['slowed-down runs', { settings: { ...settings, latency: { ...settings.latency, queueMs: 14, blobMs: 8 } } }],
    ['runs with sized orders', { settings: { ...settings, payloadBytes: 9000 } }],
    ['runs on Azurite', { settings: { ...settings, blobs: 'azurite' } }],
  ])('takes nothing from %s', (_, changes) => {
    expect(rateOf(burst('a', 100, changes))).toBeUndefined();
  });

  it('takes nothing from void or incomplete runs', () => {
    const { drain, ...rest } = burst('a', 100);
    expect(
      rateOf({ ...rest, drain: drain as NonNullable<typeof drain>, status: 'void', reason: 'busy' }),
    ).toBeUndefined();
    expect(rateOf({ ...rest, status: 'incomplete', reason: 'two are missing' })).toBeUndefined();
  });
});
