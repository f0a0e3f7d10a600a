import { beforeEach, describe, expect, it } from 'vitest';
import { checkEvents } from './event-check.js';
import type { QueueEvent } from './event-log.js';
import { Queue } from './queue.js';
import type { MessageContent } from './queue-message.js';
import { defaultQueueSettings } from './settings.js';

let nowMs: number;
let events: QueueEvent[];
let queue: Queue;

beforeEach(() => {
  nowMs = 1_000_000;
  events = [];
  queue = new Queue({
    name: 'q',
    settings: { ...defaultQueueSettings, maxDeliveryCount: 2 },
    now: () => nowMs,
    settledCapacity: 0,
    record: event => events.push(event),
  });
});

describe('the check of a broker’s event log', () => {
  it('finds nothing in the log of a real queue, whatever its consumers do', () => {
    queue.send([content('a'), content('b'), content('c'), content('d'), content('later', nowMs + 1_000)]);
    queue.complete(receive());
    queue.abandon(receive());
    queue.release(receive());
    queue.renew(receive());
    pass(60_000);
    queue.deadLetter(receive(), {});
    queue.defer(receive());
    for (const lock of queue.receiveDeferred([4])) queue.complete(lock);
    queue.receiveAndDelete();
    expect(queue.breakLocks()).toBe(0);
    expect(checkEvents(events)).toEqual({
      violations: [],
      remaining: ['b', 'c'].map(messageId =>
        expect.objectContaining({ queue: 'q/$DeadLetterQueue', messageId, state: 'free' }),
      ),
    });
  });

  it('takes a broken lock for the end of that lock', () => {
    queue.send([content('a')]);
    const broken = receive();
    expect(queue.breakLocks()).toBe(1);
    expect(() => queue.complete(broken)).toThrow('The lock supplied is invalid');
    queue.complete(receive());
    expect(checkEvents(events)).toEqual({ violations: [], remaining: [] });
  });

  it('tells what is left, and in which state', () => {
    queue.send([content('a'), content('b'), content('later', nowMs + 1_000)]);
    receive();
    expect(checkEvents(events).remaining).toEqual([
      { queue: 'q', messageId: 'a', sequenceNumber: 1, state: 'locked' },
      { queue: 'q', messageId: 'b', sequenceNumber: 2, state: 'free' },
      { queue: 'q', messageId: 'later', sequenceNumber: 3, state: 'scheduled' },
    ]);
  });

  it('has nothing left after a purge', () => {
    queue.send([content('a'), content('later', nowMs + 1_000)]);
    receive();
    queue.purge();
    expect(checkEvents(events)).toEqual({ violations: [], remaining: [] });
  });

  // Each takes the log of a sound history and doctors it as a defect of the broker would have written it.
  it.each<[string, (log: QueueEvent[]) => QueueEvent[], string]>([
    [
      'a message locked twice at once',
      log => insertAfter(log, 'locked', event => ({ ...event, lockToken: 'another' })),
      'message a (number 1) was locked, but it was locked by',
    ],
    [
      'a lock token used twice',
      log => [...log, { ...find(log, 'enqueued'), sequenceNumber: 9 }, { ...find(log, 'locked'), sequenceNumber: 9 }],
      'the lock token was used before',
    ],
    [
      'a lock settled twice',
      log => insertAfter(log, 'unlocked', event => event),
      'was completed, but that lock does not hold it: it was completed',
    ],
    [
      'a settlement by a lock that somebody else holds',
      log => log.map(event => (event.kind === 'unlocked' ? { ...event, lockToken: 'another' } : event)),
      'that lock does not hold it: it was locked by',
    ],
    [
      'a lock renewed after its end',
      log => [...log, { ...find(log, 'locked'), kind: 'renewed' }],
      'was renewed, but that lock does not hold it: it was not in the queue',
    ],
    [
      'a lock that ran out before its time',
      log => log.map(event => (event.kind === 'unlocked' ? { ...event, by: 'expired', atMs: nowMs + 59_000 } : event)),
      'was expired, but 1000 ms before its time',
    ],
    [
      'a message completed that does not leave',
      log => log.filter(({ kind }) => kind !== 'left'),
      'message a was completed and never left',
    ],
    [
      'a message that vanishes under its lock',
      log => log.filter(({ kind }) => kind !== 'unlocked'),
      'was completed, but it was locked by',
    ],
    [
      'a message delivered again after it was completed',
      log => [...log, { ...find(log, 'locked'), lockToken: 'another' }],
      'was locked, but it was not in the queue',
    ],
    [
      'a sequence number given twice',
      log => [find(log, 'enqueued'), ...log],
      'was enqueued, but its sequence number was there before',
    ],
    [
      'a scheduled message enqueued twice',
      log => [...log, { ...find(log, 'enqueued'), sequenceNumber: 8, scheduledAs: 7 }],
      'was enqueued, but it was not in the queue',
    ],
    [
      'a dead letter that never arrives',
      log =>
        log.map(event => {
          if (event.kind === 'unlocked') return { ...event, by: 'rejected' };
          return event.kind === 'left' ? { ...event, outcome: 'deadLettered' } : event;
        }),
      'was deadLettered, but it never reached the dead-letter queue',
    ],
    [
      'a dead letter from nowhere',
      log => [...log, { ...find(log, 'enqueued'), queue: 'q/$DeadLetterQueue' }],
      'nothing was dead-lettered under that number',
    ],
  ])('catches %s', (_, doctor, violation) => {
    queue.send([content('a')]);
    queue.complete(receive());
    expect(checkEvents(events).violations).toEqual([]);
    expect(checkEvents(doctor(events)).violations.join('\n')).toContain(violation);
  });
});

function content(messageId: string, scheduledAtMs?: number): MessageContent {
  const made: MessageContent = {
    messageId,
    sizeBytes: 1,
    ...(scheduledAtMs === undefined ? {} : { scheduledAtMs }),
    withApplicationProperties: () => made,
    encode: () => Buffer.alloc(0),
  };
  return made;
}

function receive() {
  const lock = queue.receive();
  if (!lock) throw new Error('nothing to receive');
  return lock;
}

function pass(durationMs: number): void {
  nowMs += durationMs;
  queue.advance();
}

function find<K extends QueueEvent['kind']>(log: readonly QueueEvent[], kind: K): QueueEvent & { kind: K } {
  return log.find(event => event.kind === kind) as QueueEvent & { kind: K };
}

function insertAfter<K extends QueueEvent['kind']>(
  log: readonly QueueEvent[],
  kind: K,
  make: (event: QueueEvent & { kind: K }) => QueueEvent,
): QueueEvent[] {
  const event = find(log, kind);
  return log.flatMap(each => (each === event ? [each, make(event)] : [each]));
}
