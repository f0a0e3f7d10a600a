import type { Outcome, Trace } from '@order-bench/orders';
import type { Logger } from 'pino';

/** Logs what was not done. An outcome's detail holds an order's id at most, never its content. */
export function logOutcome(logger: Logger, outcome: Outcome, trace: Trace | undefined): void {
  if (outcome.kind === 'done') return;
  logger.warn({ outcome: outcome.kind, traceparent: trace?.traceparent }, outcome.detail);
}
