import type { MinuteFigures, RssBytes } from '../results/result.js';
import {
  intendedMs,
  latenciesMs,
  latencyHistogram,
  type Pace,
  type PacedOrders,
  percentileMs,
} from './order-latency.js';

/** Shorter runs have nothing to hold a minute against. */
const LEAST_MINUTES = 2;
const MINUTE_MS = 60_000;

/**
 * A paced run minute by minute; empty for one of less than two minutes.
 *
 * @param rssBytes read at the ends of the minutes (see `minuteEndsMs`), in their order; may be short.
 * @throws Error when an order was not written.
 */
export function minuteFigures(orders: PacedOrders, rssBytes: readonly RssBytes[]): MinuteFigures[] {
  const { pace, orderIds } = orders;
  const byMinute: number[][] = minuteEndsMs(pace, orderIds.length).map(() => []);
  if (byMinute.length === 0) return [];
  for (const [index, latencyMs] of latenciesMs(orders).entries()) byMinute[minuteIndex(pace, index)]?.push(latencyMs);
  return byMinute.flatMap((latencies, index): MinuteFigures[] => {
    if (latencies.length === 0) return [];
    const histogram = latencyHistogram(latencies);
    return [
      {
        minute: index + 1,
        orders: latencies.length,
        p50Ms: percentileMs(histogram, 50),
        p99Ms: percentileMs(histogram, 99),
        maxMs: percentileMs(histogram, 100),
        rssBytes: rssBytes[index] ?? {},
      },
    ];
  });
}

/**
 * When the minutes of a paced run end, from its start on: the last one with the last order's time, so that none ends
 * after the drain. Empty for a run of less than two minutes.
 */
export function minuteEndsMs(pace: Pace, orders: number): number[] {
  if (wholeMinutes(pace.ratePerSecond, orders) < LEAST_MINUTES) return [];
  return Array.from({ length: minuteIndex(pace, orders - 1) + 1 }, (_, index) =>
    Math.min((index + 1) * MINUTE_MS, intendedMs(pace, orders - 1)),
  );
}

/** Over how many whole minutes orders come at a rate; each takes up the time to the next, the last one too. */
export function wholeMinutes(ratePerSecond: number, orders: number): number {
  return wholeMinutesIn((orders * 1000) / ratePerSecond);
}

/** The minute in which an order is due, from 0. */
function minuteIndex(pace: Pace, index: number): number {
  return wholeMinutesIn(intendedMs(pace, index));
}

/** Whole minutes in a time that was divided by a rate such as 33.3: what it lacks by rounding is no microsecond. */
function wholeMinutesIn(ms: number): number {
  return Math.floor(Math.round(ms * 1000) / (MINUTE_MS * 1000));
}
