import type { DrainFigures } from '../results/result.js';

const MAX_CURVE_POINTS = 200;
/** In a smaller burst single orders decide how the two rates compare. */
const LEAST_FOR_RATES = 500;

/**
 * The figures of a whole drain, from the times at which the orders were written (their last writes).
 *
 * A share's time is when that share of the orders, rounded up, was written.
 *
 * @param writtenAtMs one time an order, in any order; at least one.
 * @param startMs the scheduled enqueue time.
 */
export function drainFigures(writtenAtMs: readonly number[], startMs: number): DrainFigures {
  const times = sinceStart(writtenAtMs, startMs);
  const at = (share: number) => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? Number.NaN;
  const first = Math.max(1, Math.ceil(times.length * 0.1));
  const last = Math.ceil(times.length * 0.9);
  return {
    t50Ms: round(at(0.5)),
    t95Ms: round(at(0.95)),
    t99Ms: round(at(0.99)),
    t100Ms: round(at(1)),
    steadyOrdersPerSecond: rate(last - first, at(0.9) - at(0.1)),
    ordersPerSecond: rate(times.length, at(1)),
    lateOverEarlyRate: lateOverEarlyRate(times),
  };
}

/** Time for the orders between 10 and 30 % written over that for those between 70 and 90 %, which are as many. */
function lateOverEarlyRate(times: readonly number[]): number | null {
  if (times.length < LEAST_FOR_RATES) return null;
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
  const lateMs = at(0.9) - at(0.7);
  return lateMs > 0 ? Math.round(((at(0.3) - at(0.1)) / lateMs) * 1000) / 1000 : null;
}

/** Orders written over time: at most 200 points, the last order always among them. */
export function drainCurve(writtenAtMs: readonly number[], startMs: number): [number, number][] {
  const times = sinceStart(writtenAtMs, startMs);
  const points = Math.min(MAX_CURVE_POINTS, times.length);
  return Array.from({ length: points }, (_, index) => {
    const written = Math.round(((index + 1) * times.length) / points);
    return [round(times[written - 1] ?? Number.NaN), written];
  });
}

function sinceStart(writtenAtMs: readonly number[], startMs: number): number[] {
  return writtenAtMs.map(time => time - startMs).sort((a, b) => a - b);
}

/** 0 where no time passed between the two (a handful of orders at a resolution of a second). */
function rate(orders: number, durationMs: number): number {
  return durationMs > 0 ? round((orders * 1000) / durationMs) : 0;
}

/** To a tenth of a millisecond: what the write times are good for. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
