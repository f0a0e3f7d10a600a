import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { latencyFigures } from './order-latency.js';

describe('the latencies of a paced run', () => {
  const startMs = 1_800_000_000_000;
  const pace = { ratePerSecond: 100, shareOfSteadyRate: 0.7 };
  const orderIds = Array.from({ length: 1_000 }, (_, index) => `order-${index}`);
  const written = (latencyMs: (index: number) => number) =>
    new Map(orderIds.map((id, index) => [id, startMs + 10 * index + latencyMs(index)]));

  it('are taken from the intended times, so that a stall is paid for by every order that waited', () => {
    // Nothing is written in the last second: the orders of that second are all written at its end.
    const stalled = written(index => (index < 900 ? 5 : 10_000 - 10 * index));
    const { p50Ms, p90Ms, p99Ms, maxMs } = latencyFigures({ pace, startMs, orderIds, writtenAtMs: stalled });
    expect([p50Ms, p90Ms]).toEqual([5, 5]);
    expect(p99Ms).toBeCloseTo(900, -1);
    expect(maxMs).toBeCloseTo(1000, -1);
  });

  it('are percentiles of a histogram that is kept', () => {
    const figures = latencyFigures({ pace, startMs, orderIds, writtenAtMs: written(index => index + 1) });
    expect(figures).toMatchObject({ ratePerSecond: 100, shareOfSteadyRate: 0.7 });
    expect(figures.p50Ms / 500).toBeCloseTo(1, 2);
    expect(figures.p999Ms / 999).toBeCloseTo(1, 2);
    const histogram = decodeFromCompressedBase64(figures.histogram);
    expect(histogram.totalCount).toBe(1_000);
    expect(histogram.getValueAtPercentile(90) / 900_000).toBeCloseTo(1, 2);
  });

  it('come with points for a chart, as far as there are orders behind them', () => {
    const { percentiles, maxMs } = latencyFigures({ pace, startMs, orderIds, writtenAtMs: written(index => index) });
    expect(percentiles.map(([percentile]) => percentile)).toContain(99.9);
    expect(percentiles.map(([percentile]) => percentile)).not.toContain(99.95);
    expect(percentiles.at(-1)).toEqual([100, maxMs]);
  });

  it('do not exist where an order was not written', () => {
    const some = written(() => 5);
    some.delete('order-7');
    expect(() => latencyFigures({ pace, startMs, orderIds, writtenAtMs: some })).toThrow('order-7 was not written');
  });
});
