import { expect, test } from 'vitest';
import { apiShapeOf, DEFAULTS, highestRate, jobShapeOf, rampRate, shapeOf, type TestName } from './shapes.ts';

const NAMES = Object.keys(DEFAULTS) as TestName[];

/** Those that send orders when they are due. */
const OPEN = NAMES.filter(name => name !== 'clients');

test.each(OPEN)('%s sends at an open rate and never waits for an answer', name => {
  for (const { executor } of scenariosOf(name)) expect(executor).toMatch(/arrival-rate$/);
});

test.each(OPEN)('%s makes all of its virtual users before it starts', name => {
  for (const { preAllocatedVUs, maxVUs } of scenariosOf(name)) expect(maxVUs).toBe(preAllocatedVUs);
});

test.each(NAMES)('%s ends early where a threshold that counts fails', name => {
  expect(JSON.stringify(shapeOf(name).thresholds)).toContain('"abortOnFail":true');
});

test('clients has so many users, each with one order in hand at a time', () => {
  expect(scenariosOf('clients', { clients: 16, durationS: 5 })).toMatchObject([
    { executor: 'constant-vus', vus: 16, duration: '5s' },
  ]);
});

test.each(['load', 'soak', 'breakpoint'] as const)('%s asks for no dropped order, no wrong answer and a p99', name => {
  const { thresholds } = shapeOf(name, { p99LimitMs: 40 });
  expect(thresholds).toMatchObject({
    checks: [{ threshold: 'rate==1' }],
    dropped_iterations: [{ threshold: 'count==0' }],
    response_time: [{ threshold: 'p(99)<=40' }],
  });
});

test('rate and length given from outside take the place of the test’s own', () => {
  expect(scenariosOf('load', { ratePerSecond: 123, durationS: 9 })).toMatchObject([{ rate: 123, duration: '9s' }]);
});

test('a broken rate is sent as whole orders in ten seconds', () => {
  expect(scenariosOf('load', { ratePerSecond: 2.5 })).toMatchObject([{ rate: 25, timeUnit: '10s' }]);
});

test('a spike follows and precedes the same rate', () => {
  const [before, spike, after] = scenariosOf('spike', { ratePerSecond: 10, durationS: 20 });
  expect([before?.rate, spike?.rate, after?.rate]).toEqual([10, highestRate('spike', 10), 10]);
  expect([before?.startTime, spike?.startTime, after?.startTime]).toEqual(['0s', '10s', '20s']);
  const seconds = Object.keys(shapeOf('spike', { durationS: 20 }).thresholds ?? {}).filter(name =>
    name.startsWith('in_time{'),
  );
  expect(seconds).toHaveLength(20);
});

test('a ramp rises evenly to its highest rate', () => {
  const ramp = { ratePerSecond: 110, durationS: 100 };
  expect([0, 50, 100, 200].map(atS => rampRate(ramp, atS))).toEqual([10, 60, 110, 110]);
});

test('a test of an Order API sends at an open rate, and sums up each of its requests', () => {
  const asked = { ratePerSecond: 20, durationS: 6, requests: ['hit', 'miss'], outcomes: ['lag'] };
  const { scenarios, thresholds } = apiShapeOf(asked);
  expect(scenarios).toMatchObject({
    api: { executor: 'constant-arrival-rate', rate: 20, duration: '6s', preAllocatedVUs: 120 },
  });
  expect(thresholds).toMatchObject({
    checks: [{ threshold: 'rate==1', abortOnFail: true }],
    dropped_iterations: [{ threshold: 'count==0', abortOnFail: true }],
    response_time: [{ threshold: 'p(99)<=1000', abortOnFail: true }],
    'response_time{request:hit}': ['p(99)>=0'],
    'response_time{request:miss}': ['p(99)>=0'],
    'outcome_time{request:lag}': ['p(99)>=0'],
  });
});

test('a job is sent once, and nothing asks how fast it is', () => {
  const { scenarios, thresholds } = jobShapeOf({ request: 'import', outcome: 'job' });
  expect(scenarios).toMatchObject({ job: { executor: 'per-vu-iterations', vus: 1, iterations: 1 } });
  expect(Object.keys(thresholds ?? {})).toEqual([
    ...['checks', 'dropped_iterations'],
    ...['response_time{request:import}', 'outcome_time{request:job}'],
  ]);
});

interface Sent {
  readonly executor: string;
  readonly rate?: number;
  readonly timeUnit?: string;
  readonly duration?: string;
  readonly startTime?: string;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

function scenariosOf(name: TestName, settings: Parameters<typeof shapeOf>[1] = {}): Sent[] {
  return Object.values(shapeOf(name, settings).scenarios ?? {}) as unknown as Sent[];
}
