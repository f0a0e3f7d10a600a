import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { apiTargetOf, type OpenRate, openRateOf } from './api-settings.ts';
import type { SummaryData } from './exercise.ts';
import { apiShapeOf, jobShapeOf } from './shapes.ts';

/** Where the requests go. */
export const target = apiTargetOf(__ENV);

/** One copy for all virtual users. */
const data = new SharedArray<unknown>('data', () => JSON.parse(open(target.dataFile)) as unknown[]);

/** From when a request was due to its answer, with the name of the request: blocked (which holds connecting), sending, waiting, receiving. */
const responseTime = new Trend('response_time', true);
/** From an answer to what comes of it later, with the name of that. */
const outcomeTime = new Trend('outcome_time', true);
/** Answered with the status that is due; with another one; not at all. */
const taken = new Counter('orders_taken');
const refused = new Counter('orders_refused');
const unanswered = new Counter('orders_unanswered');

/** A request to the API, and what is due to come. */
export interface ApiRequest {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly wanted: number;
  /** How many orders it brings, where these are counted in place of requests. */
  readonly orders?: number;
  /** Headers of the answer by their names as Go writes them (`Etag`), each with a text that must stand in it. */
  readonly wantedHeaders?: Readonly<Record<string, string>>;
}

/** What k6 is told of a test whose requests have these names, and what comes of them later has those. */
export function apiOptionsOf(requests: readonly string[], outcomes: readonly string[] = []): Options {
  return {
    ...apiShapeOf({ ...openRateOf(__ENV), requests, outcomes }),
    ...REPORTED,
  };
}

/** The same of a test that is one job, of which the request and the outcome have these names. */
export function jobOptionsOf(request: string, outcome: string): Options {
  return { ...jobShapeOf({ request, outcome }), ...REPORTED };
}

const REPORTED: Options = {
  tags: { contender: target.contender },
  summaryTrendStats: ['min', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
  systemTags: ['scenario', 'status', 'expected_response'],
};

/** What this iteration's requests are made of: each its own as long as there are enough, then the first ones again. */
export function ownData<Data>(): Data {
  return data[exec.scenario.iterationInTest % data.length] as Data;
}

/** Sends a request, and looks at the answer. */
export function send({
  name,
  wanted,
  orders = 1,
  wantedHeaders = {},
  ...request
}: ApiRequest): RefinedResponse<'text'> {
  const sentMs = Date.now();
  const response = ask({ ...request, wanted });
  if (isSettled(sentMs)) responseTime.add(response.timings.blocked + response.timings.duration, { request: name });
  check(response, {
    [`${name} is ${wanted}`]: ({ status }) => status === wanted,
    [`${name} has its headers`]: ({ headers: got }) =>
      Object.entries(wantedHeaders).every(([header, text]) => (got[header] ?? '').includes(text)),
  });
  if (response.status === 0) unanswered.add(orders);
  else if (response.status === wanted) taken.add(orders);
  else refused.add(orders);
  return response;
}

/** Sends a request that is counted and timed nowhere: it belongs to another. */
export function ask({
  method,
  path,
  headers,
  body,
  wanted,
}: Omit<ApiRequest, 'name' | 'orders' | 'wantedHeaders'>): RefinedResponse<'text'> {
  return http.request(method, target.url + path, body ?? null, {
    // A browser asks without it whether it may send it.
    headers: { ...(method === 'OPTIONS' ? {} : { authorization: `Bearer ${target.token}` }), ...headers },
    redirects: 0,
    responseType: 'text',
    timeout: '15s',
    // What is due, be it 304 or 412, is no failure in k6's own figures.
    responseCallback: http.expectedStatuses(wanted),
  });
}

/** Sums up how long after a request's answer something came of it; both are milliseconds since 1970. */
export function outcome(name: string, answeredMs: number, cameMs: number): void {
  if (isSettled(answeredMs)) outcomeTime.add(cameMs - answeredMs, { request: name });
}

function isSettled(atMs: number): boolean {
  return atMs - exec.scenario.startTime >= target.settleS * 1_000;
}

/** Writes k6's summary as JSON, with the rate and the length that were asked for. */
export function handleApiSummary(summary: SummaryData): Record<string, string> {
  return apiSummary(openRateOf(__ENV), summary);
}

/** The same with the rate and the length that came about. */
export function apiSummary(rate: OpenRate, summary: SummaryData): Record<string, string> {
  const { summaryFile } = target;
  const text = JSON.stringify({ ...rate, reachedPerSecond: null, ...summary });
  return summaryFile === null ? { stdout: `${text}\n` } : { [summaryFile]: text };
}
