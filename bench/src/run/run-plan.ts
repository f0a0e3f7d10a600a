import type { Arrival } from '@order-bench/generator';
import { InvalidArgumentError } from 'commander';
import type { Pace } from '../figures/order-latency.js';

/** How the orders of a run come, and whether its processes are warm by then. */
export type RunPlan = { readonly mode: 'burst' } | { readonly mode: 'cold' } | ({ readonly mode: 'paced' } & Pace);

/** All orders at once, after a warm-up. */
export const BURST: RunPlan = { mode: 'burst' };

/**
 * A flag's parser for `burst` and `constant:<orders a second>`.
 *
 * @throws InvalidArgumentError for anything else.
 */
export function parseArrival(text: string): RunPlan {
  if (text === 'burst') return BURST;
  const [, rate] = /^constant:(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const ratePerSecond = Number(rate);
  if (!(ratePerSecond > 0)) {
    throw new InvalidArgumentError('it takes burst or constant:<orders a second>, as in constant:100.');
  }
  return { mode: 'paced', ratePerSecond, shareOfSteadyRate: null };
}

/** A plan's arrival as the generator takes it. */
export function arrivalOf(plan: RunPlan): Arrival {
  return plan.mode === 'paced' ? { kind: 'constant', ratePerSecond: plan.ratePerSecond } : { kind: 'burst' };
}

/** From the first order's time to the last one's. */
export function sendingMs(plan: RunPlan, orders: number): number {
  return plan.mode === 'paced' ? ((orders - 1) * 1000) / plan.ratePerSecond : 0;
}
