import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type FakeSiteOptions, type Fate, fakeSite } from '../../test-kit/fake-site.js';
import { useVirtualTime } from '../../test-kit/virtual-time.js';
import { isCorrect } from '../results/result.js';
import { RESULT_FORMAT } from '../results/result-file.js';
import { OUTBOXES } from '../workload/pipeline.js';
import { type MeasuredRunOptions, measuredRun } from './measured-run.js';
import { warmUp } from './warm-up.js';

vi.mock('node:timers/promises', () => import('../../test-kit/virtual-time.js'));
// It has tests of its own.
vi.mock('./warm-up.js', () => ({ WARM_UP_ORDERS: 3, warmUp: vi.fn(async () => ({ orders: 3 })) }));

const ORDERS = 20;

const run = async (place: FakeSiteOptions = {}, options: Partial<MeasuredRunOptions> = {}) => {
  const { site, closed } = fakeSite(place);
  const ending = measuredRun({
    contender: { name: 'made-up', description: '', runtime: 'none', start: [], healthPath: '/', dir: '/' },
    count: ORDERS,
    seed: 1,
    expressShare: 0.5,
    malformed: 0,
    plan: { mode: 'cold' },
    timeoutMs: 60_000,
    payloadBytes: undefined,
    warmUpOrders: undefined,
    log: { step: () => {}, progress: () => {} },
    signal: new AbortController().signal,
    openSite: async () => site,
    ...options,
  });
  const [outcome] = await Promise.allSettled([ending]);
  expect(closed()).toBe(1);
  if (outcome.status === 'rejected') throw outcome.reason;
  RESULT_FORMAT.check(outcome.value);
  return outcome.value;
};

/** Gives one order a fate of its own. */
const orderOne = (fate: Fate): FakeSiteOptions => ({
  fate: messageId => (messageId === '1' ? fate : undefined),
});
const busy: FakeSiteOptions['changes'] = {
  environment: { ...fakeSite().site.environment, busyShareBefore: 0.5 },
};
/** Somebody else took messages. */
const foreign: FakeSiteOptions['changes'] = {
  async measure() {
    const { end, hops } = await fakeSite().site.measure();
    return { hops, end: async drained => ({ ...(await end(drained)), foreignReceivers: ['somebody else receives'] }) };
  },
};

describe('a measured run', () => {
  useVirtualTime();

  it('whose orders are all written is complete, with the figures of its drain', async () => {
    const result = await run();
    expect(result).toMatchObject({
      status: 'complete',
      drain: { t50Ms: 100, t100Ms: 200, ordersPerSecond: 100 },
      timing: { resolution: 'exact', clockStepMs: 0 },
      correctness: { written: ORDERS, missing: 0, duplicateWrites: 0 },
    });
    expect(result).not.toHaveProperty('reason');
    expect(result.hops).not.toEqual([]);
    expect(isCorrect(result)).toBe(true);
  });

  it('is warmed before its orders are scheduled, unless it is to be cold', async () => {
    expect((await run()).settings).toMatchObject({ warmUp: null });
    expect(warmUp).not.toHaveBeenCalled();
    expect((await run({}, { plan: { mode: 'burst' } })).settings).toMatchObject({ warmUp: { orders: 3 } });
    expect(warmUp).toHaveBeenCalledOnce();
  });

  it('at a constant rate has latencies, and minutes with the memory at their ends', async () => {
    const plan = { mode: 'paced', ratePerSecond: 1, shareOfSteadyRate: null } as const;
    const fate = () => ({ kind: 'written', afterMs: 5 }) as const;
    const place = { fate, changes: { residentBytes: async () => ({ app: Date.now() }) } };
    const result = await run(place, { plan, count: 120 });
    expect(result).toMatchObject({ status: 'complete', latency: { ratePerSecond: 1, maxMs: 5 } });
    if (result.status !== 'complete') return;
    const [first, second] = result.minutes ?? [];
    const startMs = Date.parse(result.schedule.scheduledEnqueueTime);
    expect(first).toMatchObject({ minute: 1, orders: 60, rssBytes: { app: startMs + 60_000 } });
    expect(second).toMatchObject({ minute: 2, orders: 60, rssBytes: { app: startMs + 119_000 } });
    expect(await run(place, { plan, count: 119 })).not.toHaveProperty('minutes');
  });

  it('of write times of a second has drain figures and no hops', async () => {
    const result = await run({ resolution: 'second' });
    expect(result).toMatchObject({ status: 'complete', timing: { resolution: 'second' }, hops: [] });
    expect(result).toHaveProperty('drain.t100Ms');
  });

  it('whose queues are empty and an order not written is incomplete, and says where it was last seen', async () => {
    const result = await run(orderOne({ kind: 'lost' }));
    expect(result).toMatchObject({
      status: 'incomplete',
      reason: '1 of 20 orders are not written although every queue is empty: 1 (last seen nowhere)',
      correctness: { written: ORDERS - 1, missing: 1 },
      hops: [],
    });
    expect(result).not.toHaveProperty('drain');
  });

  it('that has not drained in its time is incomplete', async () => {
    const result = await run(orderOne({ kind: 'stuck' }));
    expect(result).toMatchObject({
      status: 'incomplete',
      reason: '1 of 20 orders are not written after 60 s: 1 (last seen nowhere)',
    });
  });

  it('with a good order dead-lettered is incomplete', async () => {
    expect(await run(orderOne({ kind: 'dead-lettered' }))).toMatchObject({
      status: 'incomplete',
      correctness: { missing: 1, goodDeadLettered: 1 },
    });
  });

  it('with an order in the wrong container is checked, incorrect and not timed', async () => {
    // Whichever its own is, it goes to each in turn.
    const results = await Promise.all(
      OUTBOXES.map(container => run(orderOne({ kind: 'written', afterMs: 10, container }))),
    );
    const wrong = results.find(({ correctness }) => correctness.misrouted > 0);
    expect(wrong).toMatchObject({
      status: 'checked',
      reason: 'orders were written where they do not belong',
      hops: [],
      correctness: { misrouted: 1, missing: 0 },
    });
    expect(wrong && isCorrect(wrong)).toBe(false);
    expect(results.filter(isCorrect)).toHaveLength(1);
  });

  it('with an order changed on its way is complete and incorrect', async () => {
    const content = Buffer.from('{"orderId":1}');
    const result = await run(orderOne({ kind: 'written', afterMs: 10, content }));
    expect(result).toMatchObject({ status: 'complete', correctness: { corrupt: 1 } });
    expect(isCorrect(result)).toBe(false);
  });

  it.each([
    ['whose machine was busy before', { changes: busy }, {}, /^the machine was busy before the start: 50 %/],
    ['that was scheduled late', { schedulingMs: 1_950 }, {}, /^scheduling was late: it left \d+ ms/],
    ['whose clock was set', {}, { clockSetMs: 120 }, /^the clock was set by 120 ms/],
    ['whose messages somebody else takes too', { changes: foreign }, {}, /^somebody else receives$/],
  ])(
    '%s is void, and its figures are kept',
    async (_, place: FakeSiteOptions, { clockSetMs }: { clockSetMs?: number }, reason) => {
      const log = {
        step: (text: string) => {
          if (text.startsWith('draining')) vi.setSystemTime(Date.now() + (clockSetMs ?? 0));
        },
        progress: () => {},
      };
      const result = await run(place, { log });
      expect(result).toMatchObject({ status: 'void', reason: expect.stringMatching(reason) });
      expect(result).toHaveProperty('drain.t100Ms');
    },
  );

  it('stands however long its daprds take to tell their counters, and says how much of the drain that took', async () => {
    const result = await run({ readingMs: 400 });
    expect(result.status).toBe('complete');
    expect(result.schedule.readyMs).toBe(-150);
  });

  it('that lost an order is not excused by a busy machine', async () => {
    expect(await run({ ...orderOne({ kind: 'lost' }), changes: busy })).toMatchObject({
      status: 'incomplete',
      reason: expect.stringMatching(/^1 of 20 orders are not written .*; the machine was busy before the start/),
    });
  });

  it('that lost an order to somebody else is void', async () => {
    expect(await run({ ...orderOne({ kind: 'lost' }), changes: foreign })).toMatchObject({
      status: 'void',
      reason: expect.stringMatching(/^1 of 20 orders are not written .*; somebody else receives$/),
    });
  });

  describe('with malformed messages', () => {
    const malformed = { malformed: 2 };

    it('is checked and correct when they alone are dead-lettered, and is not timed', async () => {
      const result = await run({}, malformed);
      expect(result).toMatchObject({
        status: 'checked',
        reason: '2 malformed messages were among the orders',
        hops: [],
        correctness: { written: ORDERS, malformedDeadLettered: 2, goodDeadLettered: 0 },
      });
      expect(isCorrect(result)).toBe(true);
    });

    it('is incorrect when one of them is lost', async () => {
      const lost = (messageId: string) => (messageId === 'malformed-2' ? ({ kind: 'lost' } as const) : undefined);
      const result = await run({ fate: lost }, malformed);
      expect(result).toMatchObject({ status: 'checked', correctness: { malformedDeadLettered: 1 } });
      expect(isCorrect(result)).toBe(false);
    });

    it('stands on a busy machine, for the rules are about time', async () => {
      expect(await run({ changes: busy }, malformed)).toMatchObject({ status: 'checked' });
    });

    it('is void where somebody else takes messages', async () => {
      const result = await run({ changes: foreign }, malformed);
      expect(result).toMatchObject({ status: 'void', reason: 'somebody else receives' });
      expect(result).not.toHaveProperty('drain');
    });
  });

  it('fails at once with what its place fails with', async () => {
    const failure = delay(3_000).then(() => Promise.reject(new Error('the broker exited with code 1')));
    const began = Date.now();
    await expect(run({ ...orderOne({ kind: 'stuck' }), changes: { failure } })).rejects.toThrow('the broker exited');
    expect(Date.now() - began).toBe(3_000);
  });

  it('that is aborted fails with the reason', async () => {
    const abort = new AbortController();
    const log = { step: () => {}, progress: () => abort.abort(new Error('interrupted by SIGINT')) };
    await expect(run({}, { log, signal: abort.signal })).rejects.toThrow('interrupted by SIGINT');
  });
});
