import { expect, test } from 'vitest';
import { answersOf, parseSummary, responseTimeOf, timesOfRequests } from './summary.js';

const SUMMARY = {
  test: 'load',
  ratePerSecond: 50,
  durationS: 2,
  reachedPerSecond: null,
  state: { testRunDurationMs: 2_003 },
  metrics: {
    orders_taken: { type: 'counter', values: { count: 98, rate: 49 } },
    orders_refused: { type: 'counter', values: { count: 2, rate: 1 } },
    response_time: {
      type: 'trend',
      values: { min: 1, avg: 2, med: 1.5, 'p(90)': 3, 'p(95)': 4, 'p(99)': 5, 'p(99.9)': 6, max: 7, count: 100 },
    },
  },
};

test('answers and response times are read; what k6 never counted is 0', () => {
  const summary = parseSummary(JSON.stringify(SUMMARY), 'a.json');
  expect(answersOf(summary)).toEqual({ taken: 98, refused: 2, unanswered: 0, dropped: 0 });
  expect(responseTimeOf(summary)).toEqual({ p50Ms: 1.5, p90Ms: 3, p95Ms: 4, p99Ms: 5, p999Ms: 6, maxMs: 7 });
});

test('where nothing was sent there is no response time', () => {
  expect(responseTimeOf(parseSummary(JSON.stringify({ ...SUMMARY, metrics: {} }), 'a.json'))).toBeNull();
});

test('times of requests are told apart, what comes after an answer among them', () => {
  const { response_time } = SUMMARY.metrics;
  const metrics = {
    response_time,
    'response_time{request:hit}': { ...response_time, values: { ...response_time.values, med: 7 } },
    'response_time{request:miss}': { ...response_time, values: {} },
    'outcome_time{request:lag}': response_time,
    'response_time{scenario:hit}': response_time,
  };
  const summary = parseSummary(JSON.stringify({ ...SUMMARY, metrics }), 'a.json');
  expect(timesOfRequests(summary, ['hit', 'miss', 'lag'])).toEqual([
    { name: 'hit', responseTime: expect.objectContaining({ p50Ms: 7, p99Ms: 5 }) },
    { name: 'miss', responseTime: null },
    { name: 'lag', responseTime: expect.objectContaining({ p50Ms: 1.5 }) },
  ]);
});

test('a summary that is cut off or is none names its file', () => {
  expect(() => parseSummary('{"metr', 'a.json')).toThrow(/a\.json is cut off/);
  expect(() => parseSummary('{}', 'a.json')).toThrow(/a\.json has no metrics/);
});
