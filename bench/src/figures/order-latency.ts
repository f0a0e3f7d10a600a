import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { LatencyFigures } from '../results/result.js';

/** At what rate a paced run sends. */
export interface Pace {
  readonly ratePerSecond: number;
  /** The rate as a share of the contender's steady rate; null where it was given as such. */
  readonly shareOfSteadyRate: number | null;
}

/** One run's orders: their intended times follow from their place, the first at `startMs`. */
export interface PacedOrders {
  readonly pace: Pace;
  readonly startMs: number;
  /** In the order of sending. */
  readonly orderIds: readonly string[];
  readonly writtenAtMs: ReadonlyMap<string, number>;
}

/** Those a chart on a percentile axis shows. */
const PERCENTILES = [0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97.5, 98, 99, 99.5, 99.9, 99.95, 99.99];
const MICROSECONDS = 1000;

/**
 * Latency of each order from its intended time, start + i / rate, to its write: a pipeline that falls behind pays for it
 * with every order that waits, whether or not anybody looked in the meantime.
 *
 * @throws Error when an order was not written: its latency is not known, and leaving it out would flatter.
 */
export function latencyFigures(orders: PacedOrders): LatencyFigures {
  const { pace, orderIds } = orders;
  const histogram = latencyHistogram(latenciesMs(orders));
  const at = (percentile: number) => percentileMs(histogram, percentile);
  const shown = PERCENTILES.filter(percentile => Math.round((100 - percentile) * orderIds.length) >= 100);
  return {
    ratePerSecond: pace.ratePerSecond,
    shareOfSteadyRate: pace.shareOfSteadyRate,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: at(100),
    percentiles: [...shown, 100].map(percentile => [percentile, at(percentile)]),
    histogram: encodeIntoCompressedBase64(histogram),
  };
}

/**
 * The latency of each order, in the order of sending.
 *
 * @throws Error when an order was not written.
 */
export function latenciesMs({ pace, startMs, orderIds, writtenAtMs }: PacedOrders): number[] {
  return orderIds.map((orderId, index) => {
    const writtenMs = writtenAtMs.get(orderId);
    if (writtenMs === undefined) throw new Error(`order ${orderId} was not written: it has no latency`);
    return writtenMs - (startMs + intendedMs(pace, index));
  });
}

/** When an order is due, from the start on. */
export function intendedMs({ ratePerSecond }: Pace, index: number): number {
  return (index * 1000) / ratePerSecond;
}

/** Latencies in microseconds, three significant digits. */
export function latencyHistogram(latencies: readonly number[]): Histogram {
  const histogram = build({ numberOfSignificantValueDigits: 3, autoResize: true });
  for (const latencyMs of latencies) {
    // Never before its time but for the rounding of clocks; the histogram takes nothing below 0.
    histogram.recordValue(Math.max(0, Math.round(latencyMs * MICROSECONDS)));
  }
  return histogram;
}

/** A percentile of such a histogram, to a tenth of a millisecond. */
export function percentileMs(histogram: Histogram, percentile: number): number {
  return Math.round((histogram.getValueAtPercentile(percentile) / MICROSECONDS) * 10) / 10;
}
