import { describe, expect, it } from 'vitest';
import { foreignReceivers } from './foreign-receivers.js';

const calls = (app: number, output: number) => ({
  app: { count: app, sumMs: 0 },
  api: { count: output, sumMs: 0 },
  output: { count: output, sumMs: 0 },
});
const tally = (distributor: [number, number], receivers: [number, number], sent = 1000) => ({
  sent,
  orders: 1000,
  distributor: calls(...distributor),
  receivers: calls(...receivers),
});

describe('foreign receivers', () => {
  it('are none where every message came by this contender’s daprds, however often', () => {
    expect(foreignReceivers(tally([1000, 1000], [1000, 1000]))).toEqual([]);
    expect(foreignReceivers(tally([1040, 1010], [1003, 1003]))).toEqual([]);
  });

  it('are seen where messages left the ingress queue past them', () => {
    expect(foreignReceivers(tally([990, 990], [990, 990]))).toEqual([
      'somebody else receives from the ingress queue: 10 of 1000 messages left it past this contender’s daprds',
    ]);
  });

  it('are seen where messages left the delivery queues past them', () => {
    expect(foreignReceivers(tally([1000, 1000], [600, 600]))).toEqual([
      'somebody else receives from the delivery queues: 400 of 1000 messages left it past this contender’s daprds',
    ]);
  });

  it('are not blamed for what the distributor lost', () => {
    expect(foreignReceivers(tally([1000, 999], [999, 999]))).toEqual([]);
  });

  it('are not blamed for malformed messages, which go no further', () => {
    expect(foreignReceivers(tally([1050, 1000], [1000, 1000], 1050))).toEqual([]);
  });
});
