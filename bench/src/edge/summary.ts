import type { OrderAnswers, ResponseTime } from '../results/k6-result.js';

/** The summary that k6/src/exercise.ts writes: k6's data for handleSummary, and what the script adds. */
export interface K6Summary {
  /** The highest rate that the test sent at, in orders a second, and the seconds of its main part. */
  readonly ratePerSecond: number;
  readonly durationS: number;
  /** Orders a second that a ramp had reached when it ended; null for other shapes. */
  readonly reachedPerSecond: number | null;
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, K6Metric>>;
}

/** One metric of it. */
export interface K6Metric {
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Reads a summary's text.
 *
 * @throws Error when it is cut off or has no metrics.
 */
export function parseSummary(text: string, file: string): K6Summary {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`k6's summary ${file} is cut off (${text.length} characters): is the disk full?`, { cause });
  }
  if (typeof value === 'object' && value !== null && 'metrics' in value && 'state' in value) return value as K6Summary;
  throw new Error(
    `k6's summary ${file} has no metrics: this k6 writes another format; take one that k6/README.md names`,
  );
}

/** What became of the orders; a counter that k6 never touched counts as 0. */
export function answersOf(summary: K6Summary): OrderAnswers {
  const count = (name: string) => metricValue(summary, name, 'count') ?? 0;
  return {
    taken: count('orders_taken'),
    refused: count('orders_refused'),
    unanswered: count('orders_unanswered'),
    dropped: count('dropped_iterations'),
  };
}

/** The response time, or null where nothing was sent. @param metric with a tag as k6 writes it where it is of a part. */
export function responseTimeOf(summary: K6Summary, metric = RESPONSE_TIME): ResponseTime | null {
  const ms = (statistic: string) => metricValue(summary, metric, statistic);
  if (!ms('count')) return null;
  return {
    p50Ms: ms('med') ?? 0,
    p90Ms: ms('p(90)') ?? 0,
    p95Ms: ms('p(95)') ?? 0,
    p99Ms: ms('p(99)') ?? 0,
    p999Ms: ms('p(99.9)') ?? 0,
    maxMs: ms('max') ?? 0,
  };
}

/**
 * The times that k6 summed up of each of these requests: to its answer, or from there to what came of it (k6/src/api-exercise.ts).
 */
export function timesOfRequests(
  summary: K6Summary,
  names: readonly string[],
): { readonly name: string; readonly responseTime: ResponseTime | null }[] {
  return names.map(name => ({
    name,
    responseTime:
      responseTimeOf(summary, `${RESPONSE_TIME}{request:${name}}`) ??
      responseTimeOf(summary, `outcome_time{request:${name}}`),
  }));
}

const RESPONSE_TIME = 'response_time';

/** One statistic of one metric; undefined where k6 has none. */
export function metricValue(summary: K6Summary, metric: string, statistic: string): number | undefined {
  return summary.metrics[metric]?.values[statistic];
}
