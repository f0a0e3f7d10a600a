import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { PATH, rateAndDuration, shapeSettingsOf, targetOf } from './settings.ts';
import { highestRate, LATE_MS, P99_LIMIT_MS, rampRate, shapeOf, type TestName } from './shapes.ts';

const target = targetOf(__ENV);
const { p99LimitMs: limitMs = P99_LIMIT_MS, settleS = 0 } = shapeSettingsOf(__ENV);
/** One copy for all virtual users. */
const orders = new SharedArray<string>('orders', () => JSON.parse(open(target.ordersFile)) as string[]);

/** From when an order was due to its answer: blocked (which holds connecting), sending, waiting, receiving. */
const responseTime = new Trend('response_time', true);
/** Share of the answers that took `LATE_MS` or longer. */
const late = new Rate('late');
/** Answered with 200; with another status; not at all. */
const taken = new Counter('orders_taken');
const refused = new Counter('orders_refused');
const unanswered = new Counter('orders_unanswered');
/** Orders after a spike that were answered well and in time, by the second in which they were sent. */
const inTime = new Counter('in_time');

const params = {
  headers: {
    'content-type': 'application/json',
    ...(target.apiToken === null ? {} : { 'dapr-api-token': target.apiToken }),
  },
  timeout: '15s',
};

/** What k6 is told of a test: its shape, and whose figures these are. */
export function optionsOf(test: TestName): Options {
  return {
    ...shapeOf(test, shapeSettingsOf(__ENV)),
    tags: { contender: target.contender, role: target.role },
    summaryTrendStats: ['min', 'avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'],
    // Name and address are the same for all requests, and every tag costs the generator CPU.
    systemTags: ['scenario', 'status', 'expected_response'],
  };
}

/** Sends the next order as Dapr would, and looks at the answer. */
export function sendOrder(): void {
  const turn = exec.scenario.iterationInTest;
  const url = target.urls[turn % target.urls.length] + PATH[target.role];
  const sentMs = Date.now();
  const response = http.post(url, orders[turn % orders.length] ?? '', params);
  const elapsedMs = response.timings.blocked + response.timings.duration;
  if (sentMs - exec.scenario.startTime >= settleS * 1_000) {
    responseTime.add(elapsedMs);
    late.add(elapsedMs >= LATE_MS);
  }
  const isGood = check(response, {
    'status is 200': ({ status }) => status === 200,
    'body is empty': ({ body }) => body === null || body === '',
  });
  count(response);
  if (exec.scenario.name === 'after' && isGood && elapsedMs <= limitMs) {
    inTime.add(1, { second: String(Math.floor((sentMs - exec.scenario.startTime) / 1_000)) });
  }
}

/** What a test ends with: k6's summary as JSON, with its highest rate and its length, and the rate that a ramp had reached. */
export function summaryOf(test: TestName): (data: SummaryData) => Record<string, string> {
  return data => {
    const asked = rateAndDuration(test, __ENV);
    const atS = data.state.testRunDurationMs / 1_000;
    const reachedPerSecond = test === 'breakpoint' ? rampRate(asked, atS) : null;
    const summary = JSON.stringify({
      test,
      durationS: asked.durationS,
      ratePerSecond: highestRate(test, asked.ratePerSecond),
      reachedPerSecond,
      ...data,
    });
    return target.summaryFile === null ? { stdout: `${summary}\n` } : { [target.summaryFile]: summary };
  };
}

/** What this project reads of that which k6 gives to `handleSummary`. */
export interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
}

function count({ status }: RefinedResponse<'text'>): void {
  if (status === 0) unanswered.add(1);
  else if (status === 200) taken.add(1);
  else refused.add(1);
}
