import type { MessageTrace, QueueState } from '@order-bench/rig';
import { describe, expect, it } from 'vitest';
import { exampleResult } from '../../test-kit/example-result.js';
import type { ExpectedOrder } from '../workload/expected-orders.js';
import { correctness, type Findings, whereLastSeen } from './correctness.js';

const order = (orderId: string): ExpectedOrder => ({ orderId, body: Buffer.from('{}'), container: 'express-outbox' });
const letter = (messageId: string, body = messageId) => ({ messageId, body: Buffer.from(body) });

describe('what a run found', () => {
  const refused = ['malformed-1', 'malformed-2'].map(messageId => ({ messageId, body: Buffer.from(messageId) }));
  const found = (changes: Partial<Findings>): Findings => ({
    workload: {
      counts: { ...exampleResult().orders, count: 2, express: 2, standard: 0, malformed: 2 },
      orders: [order('1'), order('2')],
      malformed: refused,
      messages: [],
      meanPayloadBytes: 2,
    },
    stored: {
      writtenAtMs: new Map([
        ['1', 10],
        ['2', 20],
      ]),
      missing: [],
      unexpected: [],
      misrouted: [],
      corrupt: [],
      duplicateWrites: 0,
      resolution: 'exact',
    },
    deadLetters: refused.map(({ messageId }) => letter(messageId)),
    queues: null,
    ...changes,
  });

  it('is counted, kind by kind', () => {
    const stored = {
      ...found({}).stored,
      missing: [order('3')],
      unexpected: ['express-outbox/4', 'express-outbox/5'],
      misrouted: ['6'],
      corrupt: ['7'],
      duplicateWrites: null,
    };
    expect(correctness(found({ stored }))).toMatchObject({
      written: 2,
      missing: 1,
      unexpected: 2,
      misrouted: 1,
      corrupt: 1,
      duplicateWrites: null,
    });
  });

  it('has as many malformed messages dead-lettered as there are with their bodies intact', () => {
    expect(correctness(found({}))).toMatchObject({ malformedDeadLettered: 2, goodDeadLettered: 0 });
    const changed = [letter('malformed-1'), letter('malformed-2', 'cut off')];
    expect(correctness(found({ deadLetters: changed })).malformedDeadLettered).toBe(1);
  });

  it('counts a malformed message once, in however many dead-letter queues it is', () => {
    const twice = [letter('malformed-1'), letter('malformed-1')];
    expect(correctness(found({ deadLetters: twice })).malformedDeadLettered).toBe(1);
  });

  it('names as good what is dead-lettered and was not sent malformed', () => {
    expect(correctness(found({ deadLetters: [letter('2'), letter('malformed-1')] }))).toMatchObject({
      goodDeadLettered: 1,
      malformedDeadLettered: 1,
    });
  });

  it('has the orders without an event only where events are published', () => {
    expect(correctness(found({ withoutEvent: 2 })).withoutEvent).toBe(2);
    expect(correctness(found({}))).not.toHaveProperty('withoutEvent');
  });

  it('has the redeliveries of all queues, or null where they do not tell', () => {
    const queue = (redelivered: number): QueueState => ({
      name: 'q',
      active: 0,
      scheduled: 0,
      locked: 0,
      deferred: 0,
      deadLettered: 0,
      counters: { delivered: 9, redelivered, locksExpired: 0, locksRenewed: 0 },
    });
    expect(correctness(found({ queues: [queue(2), queue(0), queue(3)] })).redeliveries).toBe(5);
    expect(correctness(found({})).redeliveries).toBeNull();
  });
});

describe('where missing orders were last seen', () => {
  const traces: Readonly<Record<string, readonly MessageTrace[]>> = {
    first: [
      { messageId: '1', state: 'settled', outcome: 'completed', deliveryCount: 1, enqueuedAtMs: 0 },
      { messageId: '2', state: 'active', deliveryCount: 3, enqueuedAtMs: 0 },
    ],
    second: [{ messageId: '1', state: 'settled', outcome: 'dead-lettered', deliveryCount: 10, enqueuedAtMs: 0 }],
  };
  const broker = { messages: async (queue: string) => [...(traces[queue] ?? [])] };

  it('is the furthest queue that met each', async () => {
    expect(await whereLastSeen(broker, ['first', 'second'], [order('1'), order('2'), order('3')])).toBe(
      '1 (second: dead-lettered, delivered 10 times), 2 (first: active, delivered 3 times), ' +
        '3 (not in the broker’s record)',
    );
  });

  it('is told of the first ten', async () => {
    const missing = Array.from({ length: 12 }, (_, index) => order(`${index + 1}`));
    expect(await whereLastSeen(broker, [], missing)).toMatch(/10 \(not in the broker’s record\) and 2 more$/);
  });
});
