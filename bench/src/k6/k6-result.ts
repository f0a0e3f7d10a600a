import type { AppId } from '@order-bench/orders';
import type { Environment, RuntimeFacts } from '../result.js';
import type { BehindFacts } from './behind.js';
import type { CoreSplit } from './cores.js';

/** Version of the result files in results/k6/; their schema is bench/schemas/k6-result.schema.json. */
export const K6_SCHEMA_VERSION = 2;

/** A stored measurement of one contender in one role, alone. */
export type K6Result = K6TestResult | BreakpointResult | ColdStartResult | DensityResult;

/** What every kind has. */
export interface K6ResultBase {
  readonly schemaVersion: typeof K6_SCHEMA_VERSION;
  /** Eight hexadecimal digits. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** As in a run's result: `spin-ts@spin-3.6`, `spin-ts (stand-in)`. */
  readonly contender: string;
  readonly runtime: RuntimeFacts;
  readonly role: AppId;
  /** Void: something other than the contender decided the figures; `reason` says what. */
  readonly status: 'complete' | 'void';
  readonly reason: string | null;
  /** Where it stands among the repetitions that were measured together; null for a single measurement. */
  readonly series: K6Series | null;
  readonly behind: BehindFacts;
  /** Null where cores were not split: app and generator then share all of them. */
  readonly cores: CoreSplit | null;
  readonly environment: Environment;
  /** Every setting that can change the outcome. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Repetitions are interleaved: each block holds every contender once, in an order drawn from the seed. */
export interface K6Series {
  readonly id: string;
  readonly seed: number;
  /** From 1. */
  readonly block: number;
  /** In the block, from 1. */
  readonly position: number;
}

/** One of k6's tests. */
export interface K6TestResult extends K6ResultBase {
  readonly kind: 'k6-test';
  readonly run: K6Run;
}

/** The highest rate that holds, and what happens below and past it. */
export interface BreakpointResult extends K6ResultBase {
  readonly kind: 'k6-breakpoint';
  readonly limit: HoldLimit;
  /** Orders a second; null where not even the lowest rate was held. */
  readonly heldPerSecond: number | null;
  /** The rate at which a ramp ended: where the search began to look. */
  readonly rampPerSecond: number;
  /** Every rate that was tried, in its order. */
  readonly steps: readonly HoldStep[];
  /** At shares of the held rate; one past it among them. */
  readonly levels: readonly LoadLevel[];
  /** What became of orders past the limit; null where no rate was held. */
  readonly past: PastLimit | null;
  /** Null where no rate was held. */
  readonly spike: SpikeFigures | null;
}

/** What it takes to hold a rate. */
export interface HoldLimit {
  readonly p99Ms: number;
  readonly holdS: number;
  /** The search ends when the lowest rate that failed is no further above the highest that held than this share. */
  readonly resolution: number;
}

/** A rate that was tried. */
export interface HoldStep {
  readonly ratePerSecond: number;
  /** How long it had to be held: a share of the limit's time while the search went on, all of it for the answer. */
  readonly holdS: number;
  /** Seconds at its start whose response times did not count. */
  readonly settleS: number;
  readonly isHeld: boolean;
  readonly run: K6Run;
}

/** Load at a share of the held rate. */
export interface LoadLevel {
  readonly shareOfHeld: number;
  readonly run: K6Run;
}

/** How an app fails above the held rate. */
export interface PastLimit {
  readonly shareOfHeld: number;
  /** Orders answered with 200 a second, as a share of the held rate. */
  readonly takenShareOfHeld: number;
  /** `bears`: all taken. `saturates`: takes most of what it held, the rest is late, refused or dropped. `collapses`: does not. */
  readonly verdict: 'bears' | 'saturates' | 'collapses';
  readonly run: K6Run;
}

/** Some seconds at a multiple of the rate before and after; see k6/src/shapes.ts. */
export interface SpikeFigures {
  /** The spike itself. */
  readonly shareOfHeld: number;
  /** From the end of the spike to the first second in which 99 % of the orders were answered in time; a multiple of 1,000. */
  readonly recoveryMs: number;
  /** False where no second was: `recoveryMs` is then as long as was looked. */
  readonly isRecovered: boolean;
  readonly run: K6Run;
}

/** Time from starting the process to its first correct answer to an order. */
export interface ColdStartResult extends K6ResultBase {
  readonly kind: 'cold-start';
  readonly variants: readonly ColdStarts[];
  /** Only of a contender on the stand-in Spin host, which times them. */
  readonly instances?: InstanceTimes;
}

/** Instances of a role's component, made one after the other in a running host as for a request; nothing is called in them. */
export interface InstanceTimes {
  readonly count: number;
  readonly madeP50Ms: number;
  readonly madeP99Ms: number;
  readonly givenBackP50Ms: number;
  readonly givenBackP99Ms: number;
}

/** Starts under one condition. */
export interface ColdStarts {
  /** `none`: the components are compiled within the start; null for a contender that has no such cache. */
  readonly compiledCache: 'kept' | 'none' | null;
  readonly startsMs: readonly number[];
}

/** Memory of many instances side by side. */
export interface DensityResult extends K6ResultBase {
  readonly kind: 'density';
  readonly points: readonly DensityPoint[];
  readonly artifact: ArtifactSize;
}

/** So many instances of the app, each a process. */
export interface DensityPoint {
  readonly instances: number;
  /** Sum over all of them, each page that processes share counted once in parts (PSS). */
  readonly restBytes: number;
  readonly loadedBytes: number;
  /** Orders a second in all, spread evenly. */
  readonly ratePerSecond: number;
  readonly p99Ms: number;
  /** Whether that rate was held as a breakpoint search asks. */
  readonly isHeld: boolean;
  readonly instancesPerGibibyte: number;
}

/** What has to be brought to a node before an instance can start. */
export interface ArtifactSize {
  /** What is built from the project: the component, or the code with its dependencies. */
  readonly artifactBytes: number;
  /** The files that count as artifact, below the checkout. */
  readonly files: readonly string[];
  /** The runtime that it needs and that a node holds once: the host's or Node's program. */
  readonly runtimeBytes: number;
}

/** One call of k6. */
export interface K6Run {
  readonly test: string;
  /** Orders a second; the highest of a test with several rates. */
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** 0, or 99 where a threshold failed. */
  readonly exitCode: 0 | 99;
  readonly orders: OrderAnswers;
  /** Blocked and connecting time included, without the orders of a settling time; null where nothing was answered. */
  readonly responseTime: ResponseTime | null;
  readonly app: K6ProcessCost;
  readonly generator: GeneratorCost;
  /** What k6 itself sums up: its metrics as given to handleSummary. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** What became of the orders that were due. */
export interface OrderAnswers {
  /** 200. */
  readonly taken: number;
  /** Another status. */
  readonly refused: number;
  /** No answer: connection refused or cut, or 15 s gone by. */
  readonly unanswered: number;
  /** Due, and not sent: no virtual user was free. */
  readonly dropped: number;
}

/** Milliseconds. */
export interface ResponseTime {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** What the app's process group used during one call of k6. */
export interface K6ProcessCost {
  readonly cpuMs: number;
  /** Null where nothing was answered. */
  readonly cpuMsPerThousandRequests: number | null;
  /** Linux: of this call; elsewhere what it has at the end. */
  readonly peakMemoryBytes: number;
}

/** What load generator and stub used. */
export interface GeneratorCost {
  readonly k6CpuMs: number;
  /** What is behind the app: the stub, or daprd with broker and blob server. */
  readonly stubCpuMs: number;
  /** Both, over the time of the cores that they may use; with the app's where cores are not split. */
  readonly busyShare: number;
}
