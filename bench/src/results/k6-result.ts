import { APP_IDS } from '@order-bench/orders';
import * as v from 'valibot';
import { RUNTIME_FACTS } from '../contenders/runtime.js';
import { AMOUNT, ANYTHING, COUNT, filled, list, POSITIVE, SHARE, TEXT, TIME } from '../text/shape.js';
import { ENVIRONMENT, ID } from './result.js';

/** Version of the result files in results/k6/. */
export const K6_SCHEMA_VERSION = 4;

const CORE_SPLIT = v.strictObject({ app: filled(COUNT), generator: filled(COUNT) });

/** Which cores the app has for itself, and which load generator and stub have. */
export interface CoreSplit extends v.InferOutput<typeof CORE_SPLIT> {}

const DAPR_NULL_SETTINGS = v.strictObject({
  /** From the end of a call's body to its answer. */
  latencyMs: AMOUNT,
  /** Share of the calls that fail: evenly spread, so that the same calls give the same failures. */
  errorShare: SHARE,
});

/** How the stub behaves. */
export interface DaprNullSettings extends v.InferOutput<typeof DAPR_NULL_SETTINGS> {}

const BEHIND = v.variant('kind', [
  v.strictObject({ kind: v.literal('dapr-null'), ...DAPR_NULL_SETTINGS.entries }),
  v.strictObject({ kind: v.literal('daprd') }),
]);

/** What answered the app's calls to Dapr: a stub, or a daprd with queues and blobs behind it. */
export type BehindFacts = v.InferOutput<typeof BEHIND>;

const SERIES = v.strictObject({
  id: TEXT,
  seed: COUNT,
  block: POSITIVE,
  /** In the block. */
  position: POSITIVE,
});

/** Repetitions are interleaved: each block holds every contender once, in an order drawn from the seed. */
export interface K6Series extends v.InferOutput<typeof SERIES> {}

const ORDER_ANSWERS = v.strictObject({
  /** 200; of an Order API the status that is due. */
  taken: COUNT,
  /** Another status. */
  refused: COUNT,
  /** No answer: connection refused or cut, or 15 s gone by. */
  unanswered: COUNT,
  /** Due, and not sent: no virtual user was free. */
  dropped: COUNT,
});

/** What became of the orders that were due. */
export interface OrderAnswers extends v.InferOutput<typeof ORDER_ANSWERS> {}

const RESPONSE_TIME = v.strictObject({
  p50Ms: AMOUNT,
  p90Ms: AMOUNT,
  p95Ms: AMOUNT,
  p99Ms: AMOUNT,
  p999Ms: AMOUNT,
  maxMs: AMOUNT,
});

/** Milliseconds. */
export interface ResponseTime extends v.InferOutput<typeof RESPONSE_TIME> {}

/** What the app's process group used during one call of k6. */
const PROCESS_COST = v.strictObject({
  cpuMs: AMOUNT,
  /** Null where nothing was answered. */
  cpuMsPerThousandRequests: v.nullable(v.number()),
  /** Linux: of this call; elsewhere what it has at the end. */
  peakMemoryBytes: COUNT,
});

/** What load generator and stub used. */
const GENERATOR_COST = v.strictObject({
  k6CpuMs: AMOUNT,
  /** What is behind the app: the stub, or daprd with broker and blob server. */
  stubCpuMs: AMOUNT,
  /** Both, over the time of the cores that they may use; with the app's where cores are not split. */
  busyShare: AMOUNT,
});

const K6_RUN = v.strictObject({
  test: TEXT,
  /** Orders a second; the highest of a test with several rates. */
  ratePerSecond: AMOUNT,
  durationMs: AMOUNT,
  /** 0, or 99 where a threshold failed. */
  exitCode: v.picklist([0, 99]),
  orders: ORDER_ANSWERS,
  /** Blocked and connecting time included, without the orders of a settling time; null where nothing was answered. */
  responseTime: v.nullable(RESPONSE_TIME),
  app: PROCESS_COST,
  generator: GENERATOR_COST,
  /** What k6 itself sums up: its metrics as given to handleSummary. */
  summary: ANYTHING,
});

/** One call of k6. */
export interface K6Run extends v.InferOutput<typeof K6_RUN> {}

const HOLD_LIMIT = v.strictObject({
  p99Ms: AMOUNT,
  holdS: AMOUNT,
  /** The search ends when the lowest rate that failed is no further above the highest that held than this share. */
  resolution: AMOUNT,
});

/** What it takes to hold a rate. */
export interface HoldLimit extends v.InferOutput<typeof HOLD_LIMIT> {}

const HOLD_STEP = v.strictObject({
  ratePerSecond: AMOUNT,
  /** How long it had to be held: a share of the limit's time while the search went on, all of it for the answer. */
  holdS: POSITIVE,
  /** Seconds at its start whose response times did not count. */
  settleS: AMOUNT,
  isHeld: v.boolean(),
  run: K6_RUN,
});

/** A rate that was tried. */
export interface HoldStep extends v.InferOutput<typeof HOLD_STEP> {}

const LOAD_LEVEL = v.strictObject({ shareOfHeld: AMOUNT, run: K6_RUN });

/** Load at a share of the held rate. */
export interface LoadLevel extends v.InferOutput<typeof LOAD_LEVEL> {}

const PAST_LIMIT = v.strictObject({
  shareOfHeld: AMOUNT,
  /** Orders answered with 200 a second, as a share of the held rate. */
  takenShareOfHeld: AMOUNT,
  /** `bears`: all taken. `saturates`: takes most of what it held, the rest is late, refused or dropped. `collapses`: does not. */
  verdict: v.picklist(['bears', 'saturates', 'collapses']),
  run: K6_RUN,
});

/** How an app fails above the held rate. */
export interface PastLimit extends v.InferOutput<typeof PAST_LIMIT> {}

const SPIKE = v.strictObject({
  /** The spike itself. */
  shareOfHeld: AMOUNT,
  /** From the end of the spike to the first second in which 99 % of the orders were answered in time; a multiple of 1,000. */
  recoveryMs: AMOUNT,
  /** False where no second was: `recoveryMs` is then as long as was looked. */
  isRecovered: v.boolean(),
  run: K6_RUN,
});

/** Some seconds at a multiple of the rate before and after; see k6/src/shapes.ts. */
export interface SpikeFigures extends v.InferOutput<typeof SPIKE> {}

const INSTANCE_TIMES = v.strictObject({
  count: POSITIVE,
  madeP50Ms: AMOUNT,
  madeP99Ms: AMOUNT,
  givenBackP50Ms: AMOUNT,
  givenBackP99Ms: AMOUNT,
});

/** Instances of a role's component, made one after the other in a running host as for a request; nothing is called in them. */
export interface InstanceTimes extends v.InferOutput<typeof INSTANCE_TIMES> {}

const COLD_STARTS = v.strictObject({
  /** `none`: the components are compiled within the start; null for a contender that has no such cache. */
  compiledCache: v.nullable(v.picklist(['kept', 'none'])),
  startsMs: filled(AMOUNT),
});

/** Starts under one condition. */
export interface ColdStarts extends v.InferOutput<typeof COLD_STARTS> {}

const DENSITY_POINT = v.strictObject({
  instances: POSITIVE,
  /** Sum over all of them, each page that processes share counted once in parts (PSS). */
  restBytes: COUNT,
  loadedBytes: COUNT,
  /** Orders a second in all, spread evenly. */
  ratePerSecond: AMOUNT,
  p99Ms: AMOUNT,
  /** Whether no order was dropped, refused or unanswered, and the p99 within the limit. */
  isHeld: v.boolean(),
  instancesPerGibibyte: AMOUNT,
});

/** So many instances of the app, each a process. */
export interface DensityPoint extends v.InferOutput<typeof DENSITY_POINT> {}

const ARTIFACT_SIZE = v.strictObject({
  /** What is built from the project: the component, or the code with its dependencies. */
  artifactBytes: COUNT,
  /** The files that count as artifact, below the checkout. */
  files: list(TEXT),
  /** The runtime that it needs and that a node holds once: the host's or Node's program. */
  runtimeBytes: COUNT,
});

/** What has to be brought to a node before an instance can start. */
export interface ArtifactSize extends v.InferOutput<typeof ARTIFACT_SIZE> {}

const API_REQUEST = v.strictObject({
  name: TEXT,
  /** From a request to its answer, or from there to what comes of it, as `lag` of api-lag; null where nothing was answered. */
  responseTime: v.nullable(RESPONSE_TIME),
});

const API_PART = v.strictObject({
  /** As `hit` of api-query. */
  part: TEXT,
  /**
   * Of an import: so many lines were one job. `run.orders` then counts them, and `run.ratePerSecond` is how many there were for each
   * second from the 202 on.
   */
  lines: v.exactOptional(COUNT),
  /** Iterations a second: requests, or sequences of those below. Its `app` is of all processes of pipeline and API. */
  run: K6_RUN,
  /** The process alone that answers, of the app id orders-api. */
  apiCpuMs: AMOUNT,
  /** All daprds. */
  daprdCpuMs: AMOUNT,
  requests: filled(API_REQUEST),
});

/** One part of a test of an Order API: one call of k6. */
export interface ApiPart extends v.InferOutput<typeof API_PART> {}

/** What is under load beside the pipeline's app ids: a whole Order API. */
export const API_ROLE = 'orders-api';

const BASE = v.strictObject({
  schemaVersion: v.literal(K6_SCHEMA_VERSION),
  id: ID,
  startedAt: TIME,
  /** As in a run's result: `spin-ts@spin-3.6`, `spin-ts (stand-in)`. */
  contender: TEXT,
  runtime: RUNTIME_FACTS,
  role: v.picklist([...APP_IDS, API_ROLE]),
  /** Void: something other than the contender decided the figures; `reason` says what. */
  status: v.picklist(['complete', 'void']),
  reason: v.nullable(v.string()),
  /** Where it stands among the repetitions that were measured together; null for a single measurement. */
  series: v.nullable(SERIES),
  behind: BEHIND,
  /** Null where cores were not split: app and generator then share all of them. */
  cores: v.nullable(CORE_SPLIT),
  environment: ENVIRONMENT,
  /** Every setting that can change the outcome. */
  settings: ANYTHING,
});

/** What every kind has. */
export interface K6ResultBase extends v.InferOutput<typeof BASE> {}

const K6_TEST = v.strictObject({ ...BASE.entries, kind: v.literal('k6-test'), run: K6_RUN });

/** One of k6's tests. */
export interface K6TestResult extends v.InferOutput<typeof K6_TEST> {}

const BREAKPOINT = v.strictObject({
  ...BASE.entries,
  kind: v.literal('k6-breakpoint'),
  limit: HOLD_LIMIT,
  /** Orders a second; null where not even the lowest rate was held. */
  heldPerSecond: v.nullable(v.number()),
  /** The rate at which a ramp ended: where the search began to look. */
  rampPerSecond: AMOUNT,
  /** Every rate that was tried, in its order. */
  steps: filled(HOLD_STEP),
  /** At shares of the held rate; one past it among them. */
  levels: list(LOAD_LEVEL),
  /** What became of orders past the limit; null where no rate was held. */
  past: v.nullable(PAST_LIMIT),
  /** Null where no rate was held. */
  spike: v.nullable(SPIKE),
});

/** The highest rate that holds, and what happens below and past it. */
export interface BreakpointResult extends v.InferOutput<typeof BREAKPOINT> {}

const COLD_START = v.strictObject({
  ...BASE.entries,
  kind: v.literal('cold-start'),
  variants: filled(COLD_STARTS),
  /** Only of a contender on the stand-in Spin host, which times them. */
  instances: v.exactOptional(INSTANCE_TIMES),
});

/** Time from starting the process to its first correct answer to an order. */
export interface ColdStartResult extends v.InferOutput<typeof COLD_START> {}

const DENSITY = v.strictObject({
  ...BASE.entries,
  kind: v.literal('density'),
  /** What a point's `isHeld` asks of its p99. */
  p99LimitMs: AMOUNT,
  points: filled(DENSITY_POINT),
  artifact: ARTIFACT_SIZE,
});

/** Memory of many instances side by side. */
export interface DensityResult extends v.InferOutput<typeof DENSITY> {}

const API_TEST = v.strictObject({
  ...BASE.entries,
  kind: v.literal('k6-api'),
  /** As `api-query`. */
  test: TEXT,
  parts: filled(API_PART),
});

/** One of k6's tests of a whole Order API, with its pipeline, on the rig. */
export interface ApiTestResult extends v.InferOutput<typeof API_TEST> {}

/** The shape of a measurement's file. */
export const K6_RESULT = v.variant('kind', [K6_TEST, BREAKPOINT, COLD_START, DENSITY, API_TEST]);

/** A stored measurement of one contender: in one role alone, or as a whole Order API. */
export type K6Result = K6TestResult | BreakpointResult | ColdStartResult | DensityResult | ApiTestResult;
