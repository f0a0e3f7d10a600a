import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Queue } from './queue.js';
import type { Lock, MessageContent } from './queue-message.js';
import { defaultQueueSettings } from './settings.js';

const LOCK_MS = 100;
const MAX_DELIVERIES = 3;

/** What the documentation says about one message, in the plainest form. */
interface ModelMessage {
  id: string;
  order: number;
  state: 'active' | 'scheduled' | 'locked' | 'deferred' | 'dead' | 'gone';
  dueAtMs: number;
  deliveryCount: number;
  wasDeferred: boolean;
  lock?: Lock;
}

interface Model {
  nowMs: number;
  sent: number;
  order: number;
  messages: ModelMessage[];
}

interface Real {
  readonly clock: { nowMs: number };
  readonly queue: Queue;
}

type Command = fc.Command<Model, Real>;

class Send implements Command {
  constructor(readonly inMs: number) {}
  check = () => true;
  run(model: Model, { queue }: Real): void {
    const id = `message-${model.sent++}`;
    const dueAtMs = model.nowMs + this.inMs;
    const [sequenceNumber = 0] = queue.send([content(id, this.inMs > 0 ? dueAtMs : undefined)]);
    model.order = sequenceNumber;
    const state = this.inMs > 0 ? 'scheduled' : 'active';
    model.messages.push({ id, order: sequenceNumber, state, dueAtMs, deliveryCount: 0, wasDeferred: false });
    expectSame(model, queue);
  }
  toString = () => `send(in ${this.inMs} ms)`;
}

class Receive implements Command {
  check = () => true;
  run(model: Model, { queue }: Real): void {
    const [expected] = model.messages.filter(({ state }) => state === 'active').toSorted((a, b) => a.order - b.order);
    const lock = queue.receive();
    expect(lock?.message.content.messageId).toBe(expected?.id);
    if (expected && lock) lockInModel(model, expected, lock);
    expectSame(model, queue);
  }
  toString = () => 'receive';
}

class ReceiveDeferred implements Command {
  check = (model: Readonly<Model>) => model.messages.some(({ state }) => state === 'deferred');
  run(model: Model, { queue }: Real): void {
    const message = model.messages.find(({ state }) => state === 'deferred') as ModelMessage;
    const [lock] = queue.receiveDeferred([message.order]);
    lockInModel(model, message, lock as Lock);
    expectSame(model, queue);
  }
  toString = () => 'receiveDeferred';
}

class Settle implements Command {
  constructor(
    readonly how: 'complete' | 'abandon' | 'release' | 'defer' | 'deadLetter' | 'renew',
    readonly pick: number,
  ) {}
  check = (model: Readonly<Model>) => model.messages.some(({ state }) => state === 'locked');
  run(model: Model, { queue }: Real): void {
    const locked = model.messages.filter(({ state }) => state === 'locked');
    const message = locked[this.pick % locked.length] as ModelMessage;
    const lock = message.lock as Lock;
    if (this.how === 'deadLetter') queue.deadLetter(lock, {});
    else queue[this.how](lock);
    if (this.how === 'complete') message.state = 'gone';
    if (this.how === 'deadLetter') message.state = 'dead';
    if (this.how === 'abandon') failInModel(message);
    if (this.how === 'renew') message.dueAtMs = model.nowMs + LOCK_MS;
    if (this.how === 'defer') {
      message.wasDeferred = true;
      message.deliveryCount++;
    }
    if (this.how === 'release' || this.how === 'defer') message.state = message.wasDeferred ? 'deferred' : 'active';
    expectSame(model, queue);
  }
  toString = () => `${this.how}(${this.pick})`;
}

class Pass implements Command {
  constructor(readonly ms: number) {}
  check = () => true;
  run(model: Model, { queue, clock }: Real): void {
    model.nowMs += this.ms;
    clock.nowMs = model.nowMs;
    queue.advance();
    const due = model.messages.filter(({ dueAtMs }) => dueAtMs <= model.nowMs);
    for (const message of due.filter(({ state }) => state === 'scheduled').toSorted(byDueTime)) {
      message.state = 'active';
      message.order = ++model.order;
    }
    for (const message of due.filter(({ state }) => state === 'locked')) failInModel(message);
    expectSame(model, queue);
  }
  toString = () => `pass(${this.ms} ms)`;
}

it('behaves as the plain model, whatever is done to it', () => {
  const commands = fc.commands(
    [
      fc.constantFrom(0, 0, 0, 50, 150).map(inMs => new Send(inMs)),
      fc.constant(new Receive()),
      fc.constant(new ReceiveDeferred()),
      fc
        .tuple(fc.constantFrom('complete', 'abandon', 'release', 'defer', 'deadLetter', 'renew'), fc.nat(20))
        .map(([how, pick]) => new Settle(how, pick)),
      fc.integer({ min: 1, max: LOCK_MS }).map(ms => new Pass(ms)),
    ],
    { maxCommands: 100, size: 'max' },
  );
  fc.assert(
    fc.property(commands, sequence => {
      const clock = { nowMs: 1000 };
      const queue = new Queue({
        name: 'q',
        settings: { ...defaultQueueSettings, lockDurationMs: LOCK_MS, maxDeliveryCount: MAX_DELIVERIES },
        now: () => clock.nowMs,
        settledCapacity: 0,
      });
      fc.modelRun(
        () => ({ model: { nowMs: 1000, sent: 0, order: 0, messages: [] }, real: { clock, queue } }),
        sequence,
      );
    }),
    { numRuns: 200 },
  );
});

function lockInModel(model: Model, message: ModelMessage, lock: Lock): void {
  message.state = 'locked';
  message.lock = lock;
  message.dueAtMs = model.nowMs + LOCK_MS;
}

function failInModel(message: ModelMessage): void {
  message.deliveryCount++;
  if (message.deliveryCount >= MAX_DELIVERIES) message.state = 'dead';
  else message.state = message.wasDeferred ? 'deferred' : 'active';
}

function byDueTime(a: ModelMessage, b: ModelMessage): number {
  return a.dueAtMs - b.dueAtMs || a.order - b.order;
}

function expectSame({ messages }: Model, queue: Queue): void {
  const count = (wanted: ModelMessage['state']) => messages.filter(({ state }) => state === wanted).length;
  expect({
    active: queue.activeCount,
    scheduled: queue.scheduledCount,
    locked: queue.lockedCount,
    deferred: queue.deferredCount,
    dead: queue.deadLetters?.messageCount,
    sizeBytes: queue.sizeBytes,
  }).toEqual({
    active: count('active'),
    scheduled: count('scheduled'),
    locked: count('locked'),
    deferred: count('deferred'),
    dead: count('dead'),
    sizeBytes: messages.length - count('gone'),
  });
}

function content(messageId: string, scheduledAtMs: number | undefined): MessageContent {
  const plain: MessageContent = {
    messageId,
    sizeBytes: 1,
    ...(scheduledAtMs === undefined ? {} : { scheduledAtMs }),
    withApplicationProperties: () => plain,
    encode: () => Buffer.alloc(0),
  };
  return plain;
}
