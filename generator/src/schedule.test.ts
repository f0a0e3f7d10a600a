import type { ServiceBusMessage, ServiceBusMessageBatch } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import { makeOrders } from './orders.js';
import { type SchedulingSender, type SequenceNumbers, scheduleOrders } from './schedule.js';
import { SchedulingStopped, TooLate } from './scheduling-stopped.js';

describe('scheduleOrders', () => {
  const orders = makeOrders({ count: 2000, seed: 1 });

  it('schedules every order once, as its own bytes under its own id', async () => {
    const queue = new FakeQueue();
    const schedule = await scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: () => 1000 });
    const byId = new Map([...queue.scheduled.values()].map(({ message }) => [message.messageId, message]));
    expect([queue.scheduled.size, byId.size]).toEqual([orders.length, orders.length]);
    for (const { messageId, body } of orders) expect(byId.get(messageId)?.body).toBe(body);
    expect(new Set([...queue.scheduled.values()].map(({ atMs }) => atMs))).toEqual(new Set([10_000]));
    expect(schedule).toMatchObject({ scheduledEnqueueTimeMs: 10_000, leadMs: 9000, batches: queue.calls });
    expect(schedule.sequenceNumbers).toHaveLength(orders.length);
  });

  it('keeps several batches in flight, but not all of them', async () => {
    const queue = new FakeQueue({ maxSizeBytes: 20_000 });
    const { batches } = await scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: () => 0 });
    expect(batches).toBeGreaterThan(20);
    expect(queue.mostInFlight).toBeGreaterThan(1);
    expect(queue.mostInFlight).toBeLessThanOrEqual(8);
  });

  it('tells how far it is', async () => {
    const queue = new FakeQueue({ maxSizeBytes: 100_000 });
    const seen: number[] = [];
    const onProgress = (scheduled: number) => seen.push(scheduled);
    await scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: () => 0, onProgress });
    expect(seen).toHaveLength(queue.calls);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(orders.length);
  });

  it('gives up while there is time to cancel, and cancels everything', async () => {
    const queue = new FakeQueue({ maxSizeBytes: 20_000 });
    const late = scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: () => 9000 + queue.calls * 100 });
    const error = await late.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TooLate);
    expect((error as TooLate).scheduled).toBeGreaterThan(0);
    expect((error as TooLate).cancelled).toBe((error as TooLate).scheduled);
    expect(queue.scheduled.size).toBe(0);
  });

  it('is too late when the last batch is confirmed after the time', async () => {
    const queue = new FakeQueue();
    const late = scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: queue.clock });
    await expect(late).rejects.toThrow(TooLate);
  });

  it('says what it could not cancel', async () => {
    const queue = new FakeQueue({ cancels: false });
    const late = scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: queue.clock });
    const error = await late.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ scheduled: 2000, cancelled: 0, cause: { message: 'the time has come' } });
    expect((error as Error).message).toContain('2000 could not be cancelled');
  });

  it('cancels what it scheduled when the queue refuses a batch', async () => {
    const queue = new FakeQueue({ maxSizeBytes: 20_000, refuseCall: 12 });
    const stopped = scheduleOrders({ sender: queue.sender, orders, atMs: 10_000, now: () => 0 });
    const error = await stopped.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SchedulingStopped);
    expect(error).not.toBeInstanceOf(TooLate);
    expect(error).toMatchObject({ cause: { message: 'the queue is full' } });
    expect(queue.calls).toBeGreaterThanOrEqual(12);
    expect(queue.scheduled.size).toBe(0);
  });

  it('names the queue that it cannot reach', async () => {
    const { sender } = new FakeQueue();
    const unreachable = {
      ...sender,
      createMessageBatch: async () => {
        throw new Error('connect ECONNREFUSED');
      },
    };
    const reaching = scheduleOrders({ sender: unreachable, orders, atMs: 10_000, now: () => 0 });
    await expect(reaching).rejects.toThrow('cannot open a link to q-order-ingress: connect ECONNREFUSED');
  });

  it('cancels what it scheduled when it is interrupted', async () => {
    const queue = new FakeQueue({ maxSizeBytes: 20_000 });
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error('interrupted by SIGINT'));
    const stopped = scheduleOrders({
      ...{ sender: queue.sender, orders, atMs: 10_000, now: () => 0 },
      ...{ onProgress, signal: abort.signal },
    });
    await expect(stopped).rejects.toThrow('interrupted by SIGINT');
    expect(queue.scheduled.size).toBe(0);
  });
});

/** A queue of scheduled messages that answers in a later turn of the event loop, as a real one does. */
class FakeQueue {
  readonly scheduled = new Map<string, { message: ServiceBusMessage; atMs: number }>();
  calls = 0;
  mostInFlight = 0;
  /** The time, 10,000, comes as the last of the 2,000 orders is confirmed. */
  readonly clock = () => (this.scheduled.size < 2000 ? 0 : 10_000);
  readonly sender: SchedulingSender;
  #inFlight = 0;
  #lastNumber = 0;

  constructor(options: { maxSizeBytes?: number; refuseCall?: number; cancels?: boolean } = {}) {
    const { maxSizeBytes = 1_048_576, refuseCall, cancels = true } = options;
    this.sender = {
      entityPath: 'q-order-ingress',
      createMessageBatch: async () => ({ maxSizeInBytes: maxSizeBytes }) as ServiceBusMessageBatch,
      scheduleMessages: async (messages, at) => {
        this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
        const call = ++this.calls;
        await new Promise(resolve => setImmediate(resolve));
        this.#inFlight--;
        if (call === refuseCall) throw new Error('the queue is full');
        return (Array.isArray(messages) ? messages : [messages]).map(message => {
          const number = ++this.#lastNumber;
          this.scheduled.set(String(number), { message: message as ServiceBusMessage, atMs: at.getTime() });
          return sequenceNumber(number);
        });
      },
      cancelScheduledMessages: async numbers => {
        if (!cancels) throw new Error('the time has come');
        for (const number of Array.isArray(numbers) ? numbers : [numbers]) this.scheduled.delete(String(number));
      },
    };
  }
}

function sequenceNumber(value: number): SequenceNumbers[number] {
  return { toString: () => String(value) } as SequenceNumbers[number];
}
