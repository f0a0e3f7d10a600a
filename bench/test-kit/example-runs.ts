import { probit } from 'simple-statistics';
import { randomIndex } from '../src/judge/random-index.js';
import type { CompleteRun, IncompleteRun, VoidRun } from '../src/results/result.js';
import { exampleResult } from './example-result.js';

/** What made-up runs look like. */
export interface ExampleRuns {
  readonly id?: string;
  /** Drain time of each contender, in ms. */
  readonly drainMs: Readonly<Record<string, number>>;
  readonly blocks: number;
  /** Standard deviation of the log drain time. */
  readonly spread?: number;
  readonly seed?: number;
}

/** Made-up runs of a plan, block by block; for tests. */
export function exampleRuns({ id = 'made-up', drainMs, blocks, spread = 0.01, seed = 1 }: ExampleRuns): CompleteRun[] {
  const random = randomIndex(seed);
  return Array.from({ length: blocks }, (_, index) =>
    Object.entries(drainMs).map(([contender, ms], position) => {
      const t100Ms = ms * Math.exp(spread * probit((random(1e6) + 0.5) / 1e6));
      const place = { id, seed, block: index + 1, position: position + 1, attempt: 1 };
      return exampleRun(contender, t100Ms, { comparison: place, id: hexId(seed * 10_000 + index * 100 + position) });
    }),
  ).flat();
}

/** A made-up complete run with this drain time. */
export function exampleRun(contender: string, t100Ms: number, changes: Partial<CompleteRun> = {}): CompleteRun {
  const drain = { t50Ms: t100Ms / 2, t95Ms: t100Ms, t99Ms: t100Ms, t100Ms };
  const rate = 1_000_000 / t100Ms;
  return exampleResult({
    contender,
    drain: { ...drain, steadyOrdersPerSecond: rate, ordersPerSecond: rate, lateOverEarlyRate: 1 },
    ...changes,
  });
}

/** The same run, had it ended so. */
export function endedAs(
  { drain, latency, ...record }: CompleteRun,
  status: 'incomplete' | 'void',
  reason = `made ${status}`,
): IncompleteRun | VoidRun {
  return { ...record, status, reason };
}

function hexId(number: number): string {
  return number.toString(16).padStart(8, '0');
}
