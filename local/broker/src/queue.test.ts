import { beforeEach, describe, expect, it } from 'vitest';
import { DeadAlready, LockLost, MessageNotFound, QuotaExceeded } from './errors.js';
import { Queue } from './queue.js';
import type { ApplicationProperties, Lock, MessageContent } from './queue-message.js';
import { defaultQueueSettings, type QueueSettings } from './settings.js';

let nowMs: number;
let queue: Queue;

beforeEach(() => {
  nowMs = 1_000_000;
  queue = newQueue({});
});

describe('sending and receiving', () => {
  it('is first in, first out', () => {
    send('a', 'b', 'c');
    expect([receive(), receive(), receive()].map(idOf)).toEqual(['a', 'b', 'c']);
    expect(queue.receive()).toBeUndefined();
  });

  it('gives an abandoned message back to its place before younger ones', () => {
    send('a', 'b');
    const first = receive();
    queue.abandon(first);
    expect(idOf(receive())).toBe('a');
    expect(first.message.deliveryCount).toBe(1);
  });

  it('does not count a released delivery', () => {
    send('a');
    queue.release(receive());
    expect(receive().message.deliveryCount).toBe(0);
  });

  it('forgets a message that is received and deleted', () => {
    send('a');
    expect(queue.receiveAndDelete()?.content.messageId).toBe('a');
    expect(queue.messageCount).toBe(0);
    expect(queue.sizeBytes).toBe(0);
  });

  it('tells when messages become available, and when it must be called', () => {
    const told: (string | number)[] = [];
    queue.events = { available: () => told.push('available'), due: atMs => told.push(atMs) };
    send('a');
    receive();
    expect(told).toEqual(['available', nowMs + 60_000]);
  });
});

describe('locks', () => {
  it('end after the lock duration and count as a delivery', () => {
    send('a');
    const lock = receive();
    expect(queue.nextDueAtMs).toBe(nowMs + 60_000);
    pass(59_999);
    expect(queue.activeCount).toBe(0);
    pass(1);
    expect(queue.activeCount).toBe(1);
    expect(() => queue.complete(lock)).toThrow(LockLost);
    expect(receive().message.deliveryCount).toBe(1);
    expect(queue.counters.locksExpired).toBe(1);
  });

  it('start anew when they are renewed', () => {
    send('a');
    const lock = receive();
    pass(40_000);
    expect(queue.renew(lock)).toBe(nowMs + 60_000);
    pass(59_999);
    queue.complete(lock);
    expect(queue.messageCount).toBe(0);
    expect(queue.nextDueAtMs).toBeUndefined();
  });

  it('are settled once only', () => {
    send('a');
    const lock = receive();
    queue.complete(lock);
    for (const again of [() => queue.abandon(lock), () => queue.renew(lock), () => queue.lockByToken(lock.token)]) {
      expect(again).toThrow(LockLost);
    }
  });

  it('are found by their token', () => {
    send('a');
    const lock = receive();
    expect(queue.lockByToken(Buffer.from(lock.token))).toBe(lock);
  });
});

describe('the dead-letter queue', () => {
  it('gets a message after its last allowed delivery', () => {
    queue = newQueue({ maxDeliveryCount: 2 });
    send('a');
    queue.abandon(receive());
    receive();
    pass(60_000);
    expect(queue.messageCount).toBe(0);
    expect(deadLetters().receive()?.message.content).toMatchObject({
      messageId: 'a',
      properties: { DeadLetterReason: 'MaxDeliveryCountExceeded' },
    });
  });

  it('keeps sequence number, count of deliveries and time of enqueuing', () => {
    send('a', 'b');
    receive();
    const lock = receive();
    const { sequenceNumber, enqueuedAtMs } = lock.message;
    queue.deadLetter(lock, { reason: 'why', description: 'because', properties: { more: 1 } });
    expect(deadLetters().peek(0, 10)).toMatchObject([
      {
        sequenceNumber,
        enqueuedAtMs,
        content: { properties: { DeadLetterReason: 'why', DeadLetterErrorDescription: 'because', more: 1 } },
      },
    ]);
  });

  it('refuses to dead-letter its own messages, which stay locked', () => {
    send('a');
    queue.deadLetter(receive(), {});
    const lock = receive(deadLetters());
    expect(() => deadLetters().deadLetter(lock, { reason: 'again' })).toThrow(DeadAlready);
    expect(deadLetters().lockedCount).toBe(1);
    deadLetters().complete(lock);
  });

  it('keeps its own messages however often they are delivered', () => {
    queue = newQueue({ maxDeliveryCount: 1 });
    send('a');
    queue.abandon(receive());
    for (let times = 0; times < 5; times++) deadLetters().abandon(deadLetters().receive() as Lock);
    expect(deadLetters().activeCount).toBe(1);
  });

  it('counts towards the size of its queue', () => {
    queue = newQueue({ maxSizeBytes: 20 });
    send('a');
    queue.deadLetter(receive(), {});
    expect(() => send('b', 'c')).toThrow(QuotaExceeded);
    send('b');
  });
});

describe('scheduled messages', () => {
  it('become available at their time, in the order of their times, with new sequence numbers', () => {
    const [late, early] = queue.send([content('late', { scheduledAtMs: nowMs + 2000 }), scheduled('early', 1000)]);
    send('now');
    expect([late, early, queue.scheduledCount]).toEqual([1, 2, 2]);
    pass(5000);
    expect([receive(), receive(), receive()].map(lock => [idOf(lock), lock.message.sequenceNumber])).toEqual([
      ['now', 3],
      ['early', 4],
      ['late', 5],
    ]);
  });

  it('are enqueued at once when their time has passed', () => {
    queue.send([scheduled('a', -1)]);
    expect([queue.activeCount, queue.scheduledCount, queue.counters.scheduled]).toEqual([1, 0, 0]);
  });

  it('can be cancelled until then, all or none', () => {
    const [a = 0, b = 0] = queue.send([scheduled('a', 1000), scheduled('b', 2000)]);
    expect(() => queue.cancelScheduled([a, 99])).toThrow(MessageNotFound);
    queue.cancelScheduled([a]);
    expect(queue.scheduledCount).toBe(1);
    pass(2000);
    expect(() => queue.cancelScheduled([b])).toThrow(MessageNotFound);
    expect(idOf(receive())).toBe('b');
  });
});

describe('deferred messages', () => {
  it('are received by sequence number only, and stay deferred when their lock ends', () => {
    send('a', 'b');
    const deferred = receive();
    const { sequenceNumber } = deferred.message;
    queue.defer(deferred, { note: 'later' });
    expect(idOf(receive())).toBe('b');
    const [lock] = queue.receiveDeferred([sequenceNumber]);
    expect(lock?.message.content).toMatchObject({ messageId: 'a', properties: { note: 'later' } });
    expect(queue.deferredCount).toBe(0);
    pass(60_000);
    expect(queue.deferredCount).toBe(1);
    expect(queue.receiveAndDeleteDeferred([sequenceNumber]).map(message => message.content.messageId)).toEqual(['a']);
    expect(() => queue.receiveDeferred([sequenceNumber])).toThrow(MessageNotFound);
  });

  it('are counted as delivered each time they are deferred', () => {
    send('a');
    const first = receive();
    queue.defer(first);
    expect(first.message.deliveryCount).toBe(1);
    for (const lock of queue.receiveDeferred([first.message.sequenceNumber])) queue.defer(lock);
    expect(first.message.deliveryCount).toBe(2);
  });
});

describe('a dead letter', () => {
  it('keeps the count of deliveries that it came with, abandoned, deferred or with its lock expired', () => {
    send('a');
    queue.abandon(receive());
    queue.deadLetter(receive(), {});
    const dead = deadLetters();
    dead.abandon(receive(dead));
    receive(dead);
    nowMs += 60_000;
    dead.advance();
    dead.defer(receive(dead));
    expect(dead.peek(0, 1)).toMatchObject([{ state: 'deferred', deliveryCount: 1 }]);
  });
});

describe('time to live', () => {
  it('drops a message that was not received in time', () => {
    queue.send([content('a', { timeToLiveMs: 1000 })]);
    pass(1000);
    expect([queue.messageCount, deadLetters().messageCount, queue.counters.expired]).toEqual([0, 0, 1]);
  });

  it('dead-letters it where the queue is set so', () => {
    queue = newQueue({ deadLetteringOnMessageExpiration: true, defaultTimeToLiveMs: 500 });
    queue.send([content('a', { timeToLiveMs: 1000 })]);
    pass(500);
    expect(deadLetters().peek(0, 1)).toMatchObject([
      { content: { properties: { DeadLetterReason: 'TTLExpiredException' } } },
    ]);
  });

  it('lets a locked message be completed, and expires it when it comes back', () => {
    queue.send([content('a', { timeToLiveMs: 1000 }), content('b', { timeToLiveMs: 1000 })]);
    const [a, b] = [receive(), receive()];
    pass(2000);
    queue.complete(a);
    queue.abandon(b);
    expect([queue.counters.completed, queue.counters.expired, queue.messageCount]).toEqual([1, 1, 0]);
  });

  it('expires a deferred message when it is asked for', () => {
    queue.send([content('a', { timeToLiveMs: 1000 })]);
    const lock = receive();
    queue.defer(lock);
    pass(2000);
    expect(queue.deferredCount).toBe(1);
    expect(() => queue.receiveDeferred([lock.message.sequenceNumber])).toThrow(MessageNotFound);
    expect([queue.deferredCount, queue.counters.expired]).toEqual([0, 1]);
  });

  it('of a scheduled message begins when it is enqueued', () => {
    queue.send([content('a', { scheduledAtMs: nowMs + 5000, timeToLiveMs: 1000 })]);
    pass(5000);
    expect(queue.activeCount).toBe(1);
    pass(1000);
    expect(queue.activeCount).toBe(0);
  });
});

describe('a full queue', () => {
  it('takes all of the messages or none', () => {
    queue = newQueue({ maxSizeBytes: 25 });
    send('a');
    expect(() => send('b', 'c')).toThrow(QuotaExceeded);
    expect([queue.messageCount, queue.counters.sent, queue.counters.quotaRefusals]).toEqual([1, 1, 1]);
    send('b');
    queue.complete(receive());
    send('c');
  });
});

describe('records', () => {
  it('tell when a message was sent, delivered and settled, and how', () => {
    queue.send([scheduled('a', 1000)]);
    pass(1000);
    const enqueuedAtMs = nowMs;
    pass(5);
    const lock = receive();
    pass(7);
    queue.complete(lock);
    expect(queue.records()).toEqual([
      {
        messageId: 'a',
        sequenceNumber: 2,
        state: 'settled',
        outcome: 'completed',
        scheduledAtMs: enqueuedAtMs,
        enqueuedAtMs,
        firstDeliveredAtMs: enqueuedAtMs + 5,
        settledAtMs: enqueuedAtMs + 12,
        deliveryCount: 0,
      },
    ]);
  });

  it('and everything else are gone after a purge', () => {
    queue.send([content('a'), content('b'), scheduled('c', 1000), content('d', { timeToLiveMs: 10 })]);
    const lock = receive();
    queue.deadLetter(receive(), {});
    queue.purge();
    expect([queue.messageCount, deadLetters().messageCount, queue.sizeBytes, queue.counters.sent]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(queue.records()).toEqual([]);
    expect(queue.nextDueAtMs).toBeUndefined();
    expect(() => queue.complete(lock)).toThrow(LockLost);
  });
});

function newQueue(settings: Partial<QueueSettings>): Queue {
  return new Queue({
    name: 'q',
    settings: { ...defaultQueueSettings, ...settings },
    now: () => nowMs,
    settledCapacity: 100,
  });
}

interface PlainContent extends MessageContent {
  readonly properties: ApplicationProperties;
}

function content(messageId: string, more: Partial<PlainContent> = {}): PlainContent {
  return {
    messageId,
    sizeBytes: 10,
    properties: {},
    withApplicationProperties: properties => content(messageId, { ...more, properties }),
    encode: () => Buffer.alloc(0),
    ...more,
  };
}

function scheduled(messageId: string, inMs: number): PlainContent {
  return content(messageId, { scheduledAtMs: nowMs + inMs });
}

function send(...ids: string[]): void {
  queue.send(ids.map(id => content(id)));
}

function receive(from = queue): Lock {
  const lock = from.receive();
  if (!lock) throw new Error('the queue has no available message');
  return lock;
}

function idOf(lock: Lock): string {
  return lock.message.content.messageId;
}

function deadLetters(): Queue {
  return queue.deadLetters as Queue;
}

function pass(ms: number): void {
  nowMs += ms;
  queue.advance();
}
