import { type Environment, positive, required } from './settings.ts';

/** Which of an Order API's requests are sent where; from the environment. */
export interface ApiTarget {
  /** The API's address, e.g. `http://127.0.0.1:3001`. */
  readonly url: string;
  /** What the API wants as bearer token. */
  readonly token: string;
  readonly contender: string;
  /** The part of the test that is run, as `hit` of api-query. */
  readonly part: string;
  /** File with a JSON array of what the requests are made of, each of one iteration. */
  readonly dataFile: string;
  /** Where to ask when a partner was told of an order; of api-webhooks. */
  readonly partnerUrl: string | null;
  /** Seconds at the start whose response times do not count. */
  readonly settleS: number;
  /** Where the summary is written; to standard output without it. */
  readonly summaryFile: string | null;
}

/** How often and how long requests are sent, of tests at an open rate. */
export interface OpenRate {
  /** Iterations a second: requests, or sequences of several. */
  readonly ratePerSecond: number;
  readonly durationS: number;
}

/**
 * @throws Error naming the variable that is missing or wrong.
 */
export function apiTargetOf(env: Environment): ApiTarget {
  return {
    url: required(env, 'TARGET_URL').replace(/\/$/, ''),
    token: required(env, 'ORDERS_API_TOKEN'),
    contender: required(env, 'CONTENDER'),
    part: required(env, 'PART'),
    dataFile: required(env, 'DATA_FILE'),
    partnerUrl: env.PARTNER_URL ?? null,
    settleS: positive(env, 'SETTLE_S') ?? 0,
    summaryFile: env.SUMMARY_FILE ?? null,
  };
}

/**
 * @throws Error naming the variable that is missing or wrong.
 */
export function openRateOf(env: Environment): OpenRate {
  return { ratePerSecond: requiredPositive(env, 'RATE'), durationS: requiredPositive(env, 'DURATION_S') };
}

function requiredPositive(env: Environment, name: string): number {
  return positive(env, name) ?? Number(required(env, name));
}
