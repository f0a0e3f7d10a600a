import { describe, expect, expectTypeOf, it } from 'vitest';
import { ROUND_PRICES } from '../../test-kit/example-prices.js';
import { exampleResult } from '../../test-kit/example-result.js';
import {
  type CostRowOptions,
  costPerMillionOrders,
  costsPerMillionOrders,
  type Measured,
} from './costs-per-million-orders.js';
import type { NodePrice } from './prices.js';

/** 3.6 ms of app and 1.8 ms of Dapr CPU an order, at 1,000 orders/s: round figures in hours. */
const bursts = [0, 1, 2].map(run => {
  const base = exampleResult();
  return exampleResult({
    id: `0000000${run}`,
    drain: { ...drainOf(base), steadyOrdersPerSecond: 900 + run * 100 },
    processes: base.processes.map(process => ({
      ...process,
      cpuMs: process.role === 'dapr' ? 1800 : process.role === 'app' ? 1200 : process.cpuMs,
    })),
  });
});

function drainOf({ drain }: ReturnType<typeof exampleResult>) {
  if (!drain) throw new Error('the example has a drain');
  return drain;
}

const costs = (results = bursts, prices = ROUND_PRICES) => costsPerMillionOrders({ results, prices });

describe('costsPerMillionOrders', () => {
  it('adds up app CPU, Dapr’s pool, Service Bus units and blob writes', () => {
    const [row] = costs().rows;
    const terms = row?.terms.map(({ id, quantity, cost }) => ({ id, quantity, cost }));
    expect(terms).toEqual([
      // 3.6 ms x 10^6 = 1 h, paid for at 70 %; 0.10 a vCPU hour.
      { id: 'app', quantity: expect.closeTo(1 / 0.7), cost: expect.closeTo(0.1 / 0.7) },
      { id: 'dapr', quantity: expect.closeTo(0.5 / 0.7), cost: expect.closeTo(0.05 / 0.7) },
      // 10^6 / 700 s.
      { id: 'service-bus', quantity: expect.closeTo(1000 / 0.7 / 3600), cost: expect.closeTo(1000 / 0.7 / 3600) },
      { id: 'blob-writes', quantity: expect.closeTo(100), cost: expect.closeTo(5) },
    ]);
    expect(row?.total).toBeCloseTo(0.15 / 0.7 + 1000 / 0.7 / 3600 + 5);
  });

  it('takes medians over the runs, and names each', () => {
    expect(costs().rows[0]?.measured).toMatchObject({
      steadyOrdersPerSecond: 1000,
      appCpuMsPerOrder: 3.6,
      daprCpuMsPerOrder: 1.8,
      blobWritesPerOrder: 1,
      resultIds: ['00000000', '00000001', '00000002'],
    });
  });

  it('counts only complete and correct bursts', () => {
    const [burst] = bursts;
    const { drain: _drain, ...record } = exampleResult();
    const others = [
      exampleResult({ id: 'aaaaaaaa', mode: 'cold' }),
      exampleResult({ id: 'bbbbbbbb', correctness: { ...exampleResult().correctness, corrupt: 1 } }),
      { ...record, id: 'cccccccc', status: 'checked' as const, reason: 'malformed ones' },
    ];
    const incomplete = { ...record, id: 'dddddddd', status: 'incomplete' as const, reason: 'ended' };
    const { rows } = costsPerMillionOrders({
      results: [...others, incomplete, ...(burst ? [burst] : [])],
      prices: ROUND_PRICES,
    });
    expect(rows.map(({ measured }) => measured.resultIds)).toEqual([['00000000']]);
  });

  it('has a row a contender, the cheapest first', () => {
    const dearer = bursts.map(burst =>
      exampleResult({ ...burst, contender: 'dearer', drain: { ...drainOf(burst), steadyOrdersPerSecond: 10 } }),
    );
    expect(costs([...dearer, ...bursts]).rows.map(({ contender }) => contender)).toEqual(['made-up', 'dearer']);
  });

  it('pays for every messaging unit, and for blobs that were written twice', () => {
    const twice = bursts.map(burst =>
      exampleResult({ ...burst, correctness: { ...burst.correctness, duplicateWrites: 1000 } }),
    );
    const [row] = costsPerMillionOrders({ results: twice, prices: ROUND_PRICES, messagingUnits: 4 }).rows;
    expect(row?.terms[2]?.quantity).toBeCloseTo((4 * 1000) / 0.7 / 3600);
    expect(row?.terms[3]?.quantity).toBeCloseTo(200);
  });

  it('prices runs only on the architecture on which they ran', () => {
    const onArm = bursts.map(burst =>
      exampleResult({ ...burst, contender: 'arm', environment: { ...burst.environment, os: 'Linux arm64' } }),
    );
    const nodes = costs([...bursts, ...onArm]).rows.map(({ contender, node }) => [contender, node.architecture]);
    expect(nodes).toEqual([
      ['arm', 'arm64'],
      ['made-up', 'amd64'],
    ]);
    const amdOnly = {
      ...ROUND_PRICES,
      nodes: ROUND_PRICES.nodes.filter(({ architecture }) => architecture === 'amd64'),
    };
    expect(costs(onArm, amdOnly)).toMatchObject({
      rows: [],
      leftOut: [{ contender: 'arm', reason: 'the prices have no arm64 node, on which it was measured' }],
    });
  });

  it('says why a contender has no cost', () => {
    const os = (name: string) => ({ ...exampleResult().environment, os: name });
    const results = [
      exampleResult({ contender: 'a', mode: 'cold' }),
      exampleResult({ contender: 'b', processes: exampleResult().processes.filter(({ role }) => role !== 'dapr') }),
      exampleResult({ contender: 'c', environment: os('Linux riscv64') }),
      exampleResult({ contender: 'd', environment: os('Linux x64') }),
      exampleResult({ contender: 'd', environment: os('Linux arm64') }),
    ];
    expect(costs(results).leftOut).toEqual([
      { contender: 'a', reason: 'no complete and correct burst' },
      { contender: 'b', reason: 'no Dapr in it: a limit of the rig, not something to deploy' },
      { contender: 'c', reason: 'measured on Linux riscv64, of which no node is known' },
      { contender: 'd', reason: expect.stringContaining('several architectures (Linux x64, Linux arm64)') },
    ]);
  });
});

describe('costPerMillionOrders', () => {
  it('takes a node of the runs’ architecture alone, by its type', () => {
    expectTypeOf<CostRowOptions<'amd64'>['node']>().toEqualTypeOf<NodePrice<'amd64'>>();
    expectTypeOf<NodePrice<'arm64'>>().not.toExtend<CostRowOptions<'amd64'>['node']>();
    expectTypeOf<Measured<'amd64'>>().not.toExtend<Measured<'arm64'>>();
  });

  it('refuses a node of another one where the type could not tell', () => {
    const [row] = costs().rows;
    const node = ROUND_PRICES.nodes.find(({ architecture }) => architecture === 'arm64');
    if (!row || !node) throw new Error('there is a row, and an arm64 node');
    expect(() =>
      costPerMillionOrders({ measured: row.measured, node, prices: ROUND_PRICES, messagingUnits: 1 }),
    ).toThrow('made-up was measured on amd64: a cost on arm64 needs runs there');
  });
});
