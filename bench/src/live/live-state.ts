import type { ProcessRole, QueueState } from '@order-bench/rig';
import { cpuMsPerOrder, isTimed, type RunResult } from '../results/result.js';
import type { DrainProgress } from '../run/drain-watch.js';

/** What the page shows beside the chart; sent to it as JSON. */
export interface LiveState {
  /** Null between runs. */
  readonly run: LiveRun | null;
  /** Of the rig's broker; empty where there is no rig that tells. */
  readonly queues: readonly LiveQueue[];
  /** CPU in the last second, as a share of one core; empty where it is not known. */
  readonly cpu: Readonly<Partial<Record<ProcessRole, number>>>;
  /** Every run that ended, the newest first. */
  readonly ended: readonly EndedRun[];
}

/** The run in progress. */
export interface LiveRun {
  readonly contender: string;
  /** Counted from 1. */
  readonly number: number;
  /** What it is at: `warming up`, `draining`. */
  readonly step: string;
  /** Null in steps that move no orders. */
  readonly progress: DrainProgress | null;
}

/** A queue's messages now. */
export type LiveQueue = Pick<QueueState, 'name' | 'active' | 'locked' | 'scheduled' | 'deadLettered'>;

/** A run that ended. */
export interface EndedRun {
  readonly contender: string;
  readonly status: RunResult['status'] | 'failed';
  /** Why, where it is not complete. */
  readonly reason: string | null;
  /** Null where it was not timed. */
  readonly t100Ms: number | null;
  readonly steadyOrdersPerSecond: number | null;
  readonly appCpuMsPerOrder: number | null;
  /** Where the time of an order went, in its order; empty where that was not traced. */
  readonly hops: readonly { readonly title: string; readonly meanMs: number }[];
}

/** What is shown of a result. */
export function endedRun(result: RunResult): EndedRun {
  const drain = (isTimed(result) ? result.drain : undefined) ?? null;
  return {
    contender: result.contender,
    status: result.status,
    reason: result.status === 'complete' ? null : result.reason,
    t100Ms: drain?.t100Ms ?? null,
    steadyOrdersPerSecond: drain?.steadyOrdersPerSecond ?? null,
    appCpuMsPerOrder: cpuMsPerOrder(result, 'app'),
    hops: result.hops.map(({ title, meanMs }) => ({ title, meanMs })),
  };
}

/** What is shown of a queue. */
export function liveQueue({ name, active, locked, scheduled, deadLettered }: QueueState): LiveQueue {
  return { name, active, locked, scheduled, deadLettered };
}
