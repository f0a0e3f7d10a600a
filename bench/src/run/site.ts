import type { ServiceBusClient } from '@azure/service-bus';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueState } from '@order-bench/rig';
import type { RuntimeFacts } from '../contenders/runtime.js';
import type {
  Environment,
  HopFigures,
  MachineFigures,
  OrderCounts,
  ProcessFigures,
  RssBytes,
  Scaling,
  SiteSettings,
  Target,
  TimingFigures,
} from '../results/result.js';
import type { BlobStore } from '../verify/blob-store.js';
import type { ExpectedOrder } from '../workload/expected-orders.js';

/** Where a run takes place, with a contender that is up: the rig on this machine, or a cluster. Made for one run. */
export interface Site {
  readonly target: Target;
  /** What runs the contender's apps here. */
  readonly runtime: RuntimeFacts;
  readonly environment: Environment;
  /** What of this place can change the outcome, as the result records it. */
  readonly settings: SiteSettings;
  /** Which logs to read when something went wrong, as a part of a sentence: `the logs in ...`. */
  readonly logs: string;
  readonly blobs: BlobServiceClient;
  readonly store: BlobStore;
  /** How often a drain is looked at. */
  readonly pollMs: number;
  /** Counters are read this long before the first order, or earlier. */
  readonly sampleBeforeMs: number;
  /** Time that this place needs after scheduling, beside the usual lead. */
  readonly extraLeadMs: number;
  /** How far the clock that releases scheduled messages is ahead of this machine's; 0 where it is the same, or unknown. */
  readonly queueAheadMs: number;
  /** Never resolves; rejects when a part of the contender breaks down, with its name. */
  readonly failure: Promise<never>;
  /** A client of its own for the caller, who closes it. */
  connectBus(): ServiceBusClient;
  /** Messages that could still move: scheduled, active, locked or deferred ones. */
  movingMessages(): Promise<number>;
  /** Removes every message, dead letters too, and every order's blob. */
  empty(): Promise<void>;
  /** Resident memory of every process now, quick enough to be asked during a drain; absent where nothing is. */
  readonly residentBytes?: () => Promise<RssBytes>;
  /** Reads what everything has used and done so far, and has peaks of memory begin anew where that can be done. */
  measure(): Promise<Measurement>;
  /** What the queues counted; null where they do not tell. */
  queues(): Promise<readonly QueueState[] | null>;
  /** How many of these orders some subscription has no event of; absent where receivers publish none. */
  readonly withoutEvent?: (orders: readonly ExpectedOrder[]) => Promise<number>;
  /** Names the first missing orders and where each was seen last. */
  whereLastSeen(missing: readonly ExpectedOrder[]): Promise<string>;
  /** What else is known of this place's clocks. */
  timing(scheduledEnqueueTimeMs: number): Omit<TimingFigures, 'resolution' | 'clockStepMs'>;
  /** Gives back what the run took. */
  close(): Promise<void>;
}

/** What a run is measured by, from one moment on. */
export interface Measurement {
  /** Reads again. Called once, at the end of the drain. */
  end(drained: { readonly counts: OrderCounts; readonly end: 'drained' | 'timed out' }): Promise<Measured>;
  /** Where the time of the drain went; empty where this place can't trace it. */
  hops(writtenAtMs: ReadonlyMap<string, number>): Promise<HopFigures[]>;
  /** How the contender was scaled meanwhile; absent where its pods are as many as they were. */
  readonly scaling?: (burst: ScaledBurst) => Scaling;
}

/** A burst under which a contender was scaled. */
export interface ScaledBurst {
  /** The moment for which all orders were scheduled, milliseconds since the epoch. */
  readonly scheduledEnqueueTimeMs: number;
  /** Of each order. */
  readonly writtenAtMs: ReadonlyMap<string, number>;
}

/** What a drain cost, by process and on the whole machine. */
export interface Cost {
  readonly processes: readonly ProcessFigures[];
  readonly machine: MachineFigures;
}

/** What a drain cost, and whether it was this contender's alone. */
export interface Measured {
  readonly cost: Cost;
  /** A sentence for each queue that somebody else took messages from: the run is void. */
  readonly foreignReceivers: readonly string[];
}
