import type { Options, Scenario } from 'k6/options';

/** What a test may be told from outside; what is absent is as the test's own shape has it. */
export interface ShapeSettings {
  /** Orders a second; each shape says what it makes of it. */
  readonly ratePerSecond?: number;
  /** Seconds that the main part lasts. */
  readonly durationS?: number;
  /** Of the test `clients`: how many there are, each with one order in hand at a time. */
  readonly clients?: number;
  /** The highest p99 of the response time that is still good. */
  readonly p99LimitMs?: number;
  /**
   * Seconds at the start whose response times do not count, 0 unless said otherwise: every virtual user makes its connection
   * then, and in a run of less than half a minute these are more than one order in a hundred.
   */
  readonly settleS?: number;
}

/** The tests there are, each with its rate and length where none is given. */
export const DEFAULTS = {
  smoke: { ratePerSecond: 5, durationS: 5 },
  load: { ratePerSecond: 50, durationS: 60 },
  stress: { ratePerSecond: 100, durationS: 60 },
  spike: { ratePerSecond: 50, durationS: 30 },
  soak: { ratePerSecond: 50, durationS: 1_800 },
  breakpoint: { ratePerSecond: 2_000, durationS: 120 },
  // It sends as fast as it is answered.
  clients: { ratePerSecond: 0, durationS: 20 },
} as const;

/** A test's name. */
export type TestName = keyof typeof DEFAULTS;

/** A response time above this is too slow at the 99th percentile. */
export const P99_LIMIT_MS = 25;

/** An answer that takes this long waited for something else than CPU, in an app that needs a few ms for one. */
export const LATE_MS = 20;

/** Stress is this many times the rate. */
const STRESS_FACTOR = 1.5;

/** A spike is this many times the rate before and after it. */
const SPIKE_FACTOR = 5;

/** The spike itself, and the quiet time before it. */
const SPIKE_S = 10;

/** The lowest rate of a ramp, for a rate of 0 sends nothing. */
const RAMP_START_PER_SECOND = 10;

/**
 * A test's scenarios and thresholds. Every arrival rate is open: an order is sent when it is due, whatever became of the
 * ones before it; one that finds no free virtual user is dropped, and counted. `clients` alone is closed, as Dapr's handlers are.
 */
export function shapeOf(test: TestName, settings: ShapeSettings = {}): Options {
  const rate = settings.ratePerSecond ?? DEFAULTS[test].ratePerSecond;
  const durationS = settings.durationS ?? DEFAULTS[test].durationS;
  const p99LimitMs = settings.p99LimitMs ?? P99_LIMIT_MS;
  switch (test) {
    case 'clients':
      return { scenarios: { clients: closed(settings.clients ?? 1, durationS) }, thresholds: ANSWERED };
    case 'smoke':
      return { scenarios: { smoke: constant(rate, durationS) }, thresholds: FLAWLESS };
    case 'load':
    case 'soak':
      return { scenarios: { [test]: constant(rate, durationS) }, thresholds: held(p99LimitMs, durationS / 2) };
    case 'stress':
      return { scenarios: { stress: constant(highestRate(test, rate), durationS) }, thresholds: ANSWERED };
    case 'spike':
      return { scenarios: spike(rate, durationS), thresholds: { ...ANSWERED, ...IN_PHASES, ...inSeconds(durationS) } };
    case 'breakpoint':
      return { scenarios: { breakpoint: ramp(rate, durationS) }, thresholds: held(p99LimitMs, RAMP_GRACE_S) };
  }
}

/** What a test of an Order API is told. */
export interface ApiShapeSettings {
  /** Iterations a second: requests, or sequences of several. */
  readonly ratePerSecond: number;
  readonly durationS: number;
  /** Names of the requests, each of which is summed up by itself. */
  readonly requests: readonly string[];
  /** The same of what comes of requests after their answers, which may take any time. */
  readonly outcomes: readonly string[];
}

/** At a rate far below what an API holds, answers that take this long wait in a queue: the rate is not held. */
const API_P99_LIMIT_MS = 1_000;

/** A virtual user stays with its request until what it waits for has come, which may take so many seconds. */
const OUTCOME_S = 6;

/** A job that takes longer hangs. */
const JOB_LIMIT = '20m';

/** A constant open rate of requests to an Order API: none dropped, each answered as is due, 99 % within a second. */
export function apiShapeOf({ ratePerSecond, durationS, requests, outcomes }: ApiShapeSettings): Options {
  return {
    scenarios: {
      api: { ...constant(ratePerSecond, durationS), ...(outcomes.length > 0 && users(ratePerSecond, OUTCOME_S)) },
    },
    thresholds: {
      ...held(API_P99_LIMIT_MS, durationS / 2),
      ...summedUp('response_time', 'request', requests),
      ...summedUp('outcome_time', 'request', outcomes),
    },
  };
}

/** One iteration, which takes as long as it takes: what comes of a job has no due time. */
export function jobShapeOf({ request, outcome }: { readonly request: string; readonly outcome: string }): Options {
  return {
    scenarios: { job: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: JOB_LIMIT } },
    thresholds: {
      ...FLAWLESS,
      ...summedUp('response_time', 'request', [request]),
      ...summedUp('outcome_time', 'request', [outcome]),
    },
  };
}

/** The highest rate that a test sends at when it is asked for this one, in orders a second. */
export function highestRate(test: TestName, ratePerSecond: number): number {
  return ratePerSecond * (test === 'stress' ? STRESS_FACTOR : test === 'spike' ? SPIKE_FACTOR : 1);
}

/** The rate that a ramp has reached, in orders a second. */
export function rampRate(
  { ratePerSecond, durationS }: Required<Pick<ShapeSettings, 'ratePerSecond' | 'durationS'>>,
  atS: number,
): number {
  const share = Math.min(1, Math.max(0, atS / durationS));
  return RAMP_START_PER_SECOND + (ratePerSecond - RAMP_START_PER_SECOND) * share;
}

type Thresholds = NonNullable<Options['thresholds']>;

const NONE_FAILED = { threshold: 'rate==1', abortOnFail: true };
const NONE_DROPPED = { threshold: 'count==0', abortOnFail: true };
/** The first seconds of a ramp have too few orders for a percentile. */
const RAMP_GRACE_S = 10;

/** Every order is sent and answered well; how fast is not asked. */
const FLAWLESS: Thresholds = { checks: [NONE_FAILED], dropped_iterations: [NONE_DROPPED] };

/** Past the limit slow and dropped orders are what is looked for: only an app that answers hardly any well fails. */
const ANSWERED: Thresholds = { checks: [{ threshold: 'rate>0.5', abortOnFail: true, delayAbortEval: '10s' }] };

/** k6 sums up what has a tag by itself only where a threshold names it; these can't fail. */
function summedUp(trend: string, tag: string, values: readonly string[]): Thresholds {
  return Object.fromEntries(values.map(value => [`${trend}{${tag}:${value}}`, ['p(99)>=0']]));
}

const PHASES = ['before', 'spike', 'after'];
const IN_PHASES: Thresholds = {
  ...summedUp('response_time', 'scenario', PHASES),
  ...Object.fromEntries(PHASES.map(phase => [`dropped_iterations{scenario:${phase}}`, ['count>=0']])),
};

/** The same for each second after a spike. */
function inSeconds(durationS: number): Thresholds {
  return Object.fromEntries(
    Array.from({ length: durationS }, (_, second) => [`in_time{second:${second}}`, ['count>=0']]),
  );
}

/** Flawless, and fast enough: the percentile is of everything so far, and is asked once it stands on enough orders. */
function held(p99LimitMs: number, graceS: number): Thresholds {
  const delayAbortEval = `${Math.round(graceS * 1_000)}ms`;
  return { ...FLAWLESS, response_time: [{ threshold: `p(99)<=${p99LimitMs}`, abortOnFail: true, delayAbortEval }] };
}

function constant(rate: number, durationS: number, startS = 0): Scenario {
  return {
    executor: 'constant-arrival-rate',
    startTime: `${startS}s`,
    ...perSecond(rate),
    duration: `${durationS}s`,
    gracefulStop: GRACEFUL_STOP,
    ...users(rate),
  };
}

function closed(clients: number, durationS: number): Scenario {
  return { executor: 'constant-vus', vus: clients, duration: `${durationS}s`, gracefulStop: GRACEFUL_STOP };
}

/** `durationS` is the time after the spike, in which the app recovers. */
function spike(rate: number, durationS: number): Record<string, Scenario> {
  return {
    before: constant(rate, SPIKE_S),
    spike: constant(highestRate('spike', rate), SPIKE_S, SPIKE_S),
    after: constant(rate, durationS, 2 * SPIKE_S),
  };
}

function ramp(rate: number, durationS: number): Scenario {
  return {
    executor: 'ramping-arrival-rate',
    startRate: RAMP_START_PER_SECOND,
    timeUnit: '1s',
    stages: [{ target: Math.round(rate), duration: `${durationS}s` }],
    gracefulStop: GRACEFUL_STOP,
    ...users(rate),
  };
}

/** k6 takes whole numbers of iterations: a broken rate is sent as so many in ten seconds. */
function perSecond(rate: number): { rate: number; timeUnit: string } {
  return Number.isInteger(rate)
    ? { rate, timeUnit: '1s' }
    : { rate: Math.max(1, Math.round(rate * 10)), timeUnit: '10s' };
}

/** Longer than an app waits for Dapr (10 s): what is still open when the sending ends gets its answer. */
const GRACEFUL_STOP = '15s';
const LEAST_USERS = 20;
const MOST_USERS = 400;
/** With this much waiting in each order an app is past its limit by far, and orders are dropped. */
const WAITING_S = 0.25;

/** All are there from the start: to make them under load takes CPU and time from the orders. */
function users(rate: number, waitingS = WAITING_S): { preAllocatedVUs: number; maxVUs: number } {
  const count = Math.min(MOST_USERS, Math.max(LEAST_USERS, Math.ceil(rate * waitingS)));
  return { preAllocatedVUs: count, maxVUs: count };
}
