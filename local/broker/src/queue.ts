import type { Clock } from './clock.js';
import { newCounters, type QueueCounters } from './counters.js';
import { DeadAlready, LockLost, MessageNotFound, QuotaExceeded } from './errors.js';
import type { EventOf, LockEnding, QueueEvent } from './event-log.js';
import { Heap, type HeapNode } from './heap.js';
import { newLockToken } from './lock-token.js';
import {
  type ApplicationProperties,
  type Lock,
  type MessageContent,
  type MessageOutcome,
  type MessageRecord,
  type QueueMessage,
  recordOf,
} from './queue-message.js';
import type { QueueSettings } from './settings.js';
import { SettledRing } from './settled-ring.js';

/** What a queue needs from outside. */
export interface QueueOptions {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly now: Clock;
  /** How many records of settled messages to keep. */
  readonly settledCapacity: number;
  /** Told of every event; absent unless the broker was started to be tested with faults. */
  readonly record?: (event: QueueEvent) => void;
}

/** Whom the queue tells what happens; both may be called in the middle of an operation and must not call back at once. */
export interface QueueEvents {
  /** A message became available to consumers. */
  available(): void;
  /** `advance` must be called at this time, milliseconds since the epoch, or later. */
  due(atMs: number): void;
}

/** Why a message is dead-lettered; Service Bus hands it to the reader of the dead letters as application properties. */
export interface DeadLetterReason {
  readonly reason?: string;
  readonly description?: string;
  readonly properties?: ApplicationProperties;
}

/**
 * One queue in memory, by the documented rules of Service Bus: first in first out by sequence number, peek-lock,
 * scheduling, deferral, expiry and a dead-letter queue. It knows no protocol and reads time only from its clock;
 * every operation is O(log n) in the live messages, but for listing.
 */
export class Queue {
  readonly name: string;
  counters: QueueCounters = newCounters();
  /** The `$DeadLetterQueue` of this queue; a dead-letter queue has none of its own. */
  readonly deadLetters: Queue | undefined;
  events: QueueEvents = { available() {}, due() {} };

  #settings: QueueSettings;
  readonly #now: Clock;
  /** Undefined, so that nothing is made to be told, unless events are recorded. */
  readonly #tell: ((message: QueueMessage, event: EventOf) => void) | undefined;
  readonly #settled: SettledRing;
  readonly #messages = new Map<number, QueueMessage>();
  readonly #available = new Heap<QueueMessage>();
  readonly #scheduled = new Heap<QueueMessage>();
  readonly #expiring = new Heap<QueueMessage>();
  readonly #lockExpiries = new Heap<Lock>();
  readonly #locks = new Map<string, Lock>();
  #deferred = 0;
  #sizeBytes = 0;
  #lastSequenceNumber = 0;

  constructor(options: QueueOptions, subqueue?: 'deadLetters') {
    this.name = options.name;
    this.#settings = options.settings;
    this.#now = options.now;
    const { record } = options;
    this.#tell =
      record &&
      (({ sequenceNumber, content: { messageId } }, event) =>
        record({ atMs: this.#now(), queue: this.name, messageId, sequenceNumber, ...event }));
    this.#settled = new SettledRing(options.settledCapacity);
    this.deadLetters =
      subqueue === 'deadLetters'
        ? undefined
        : new Queue({ ...options, name: `${options.name}/$DeadLetterQueue` }, 'deadLetters');
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  /** New settings hold for what comes; locks and times to live that began keep their end. */
  changeSettings(settings: QueueSettings): void {
    this.#settings = settings;
    this.deadLetters?.changeSettings(settings);
  }

  get activeCount(): number {
    return this.#available.size;
  }

  get scheduledCount(): number {
    return this.#scheduled.size;
  }

  get lockedCount(): number {
    return this.#locks.size;
  }

  get deferredCount(): number {
    return this.#deferred;
  }

  /** Every live message of this queue, dead letters apart. */
  get messageCount(): number {
    return this.#messages.size;
  }

  /** Bytes held, dead letters included. */
  get sizeBytes(): number {
    return this.#sizeBytes + (this.deadLetters?.sizeBytes ?? 0);
  }

  /**
   * Takes messages in, all or none, those with a time to come as scheduled ones.
   *
   * @returns their sequence numbers; a scheduled message gets another one when it becomes available.
   * @throws QuotaExceeded when they do not fit.
   */
  send(contents: readonly MessageContent[]): number[] {
    this.checkRoom(contents);
    return this.accept(contents);
  }

  /** @throws QuotaExceeded when messages do not fit. */
  checkRoom(contents: readonly MessageContent[]): void {
    const addedBytes = contents.reduce((sum, content) => sum + content.sizeBytes, 0);
    if (this.sizeBytes + addedBytes <= this.#settings.maxSizeBytes) return;
    this.counters.quotaRefusals++;
    throw new QuotaExceeded(this.name, this.sizeBytes, this.#settings.maxSizeBytes);
  }

  /** Takes messages in as `send` does, full or not: what a topic has accepted is not lost on its way to a subscription. */
  accept(contents: readonly MessageContent[]): number[] {
    const nowMs = this.#now();
    const sequenceNumbers = contents.map(content => this.#accept(content, nowMs));
    if (this.#available.size > 0) this.events.available();
    return sequenceNumbers;
  }

  /**
   * Removes scheduled messages, all or none.
   *
   * @throws MessageNotFound when one is not scheduled, or not any more.
   */
  cancelScheduled(sequenceNumbers: readonly number[]): void {
    const messages = [...new Set(sequenceNumbers)].map(each => this.#find(each, 'scheduled'));
    for (const message of messages) {
      this.counters.cancelled++;
      this.#remove(message, 'cancelled');
    }
  }

  /** Locks the first available message; undefined when there is none. */
  receive(): Lock | undefined {
    const message = this.#available.pop();
    return message && this.#lock(message);
  }

  /** Removes the first available message and hands it over; undefined when there is none. */
  receiveAndDelete(): QueueMessage | undefined {
    const message = this.#available.pop();
    if (message) {
      this.#countDelivery(message);
      this.#removeReceived(message);
    }
    return message;
  }

  /**
   * Locks deferred messages, all or none.
   *
   * @throws MessageNotFound when one is not deferred, or its time to live has passed.
   */
  receiveDeferred(sequenceNumbers: readonly number[]): Lock[] {
    return this.#takeDeferred(sequenceNumbers).map(message => this.#lock(message));
  }

  /** Removes deferred messages and hands them over, all or none; throws as `receiveDeferred` does. */
  receiveAndDeleteDeferred(sequenceNumbers: readonly number[]): QueueMessage[] {
    const messages = this.#takeDeferred(sequenceNumbers);
    for (const message of messages) {
      this.#countDelivery(message);
      this.#removeReceived(message);
    }
    return messages;
  }

  /** The lock with this token, in the order of the wire's UUID; throws LockLost when there is none. */
  lockByToken(token: Buffer): Lock {
    const lock = this.#locks.get(lockKey(token));
    if (!lock) throw new LockLost(this.name);
    return lock;
  }

  /** Removes the message for good. Throws LockLost, as every settlement does, when the lock is gone. */
  complete(lock: Lock): void {
    this.#unlock(lock, 'completed');
    this.counters.completed++;
    this.#remove(lock.message, 'completed');
  }

  /** Gives the message back to its place, counts the delivery, and dead-letters it when that was the last one allowed. */
  abandon(lock: Lock, properties?: ApplicationProperties): void {
    this.#unlock(lock, 'abandoned');
    this.counters.abandoned++;
    this.#modify(lock.message, properties);
    this.#countFailure(lock.message);
  }

  /** Gives the message back to its place as if it had not been delivered. */
  release(lock: Lock): void {
    this.#unlock(lock, 'released');
    this.counters.released++;
    this.#putBack(lock.message);
  }

  /** Sets the message aside, and counts the delivery: from now on it is received by its sequence number only. */
  defer(lock: Lock, properties?: ApplicationProperties): void {
    this.#unlock(lock, 'deferred');
    this.counters.deferred++;
    this.#modify(lock.message, properties);
    this.#countAttempt(lock.message);
    lock.message.wasDeferred = true;
    this.#putBack(lock.message);
  }

  /** Moves the message to the dead-letter queue. @throws DeadAlready in a dead-letter queue; the message stays locked. */
  deadLetter(lock: Lock, why: DeadLetterReason): void {
    if (!this.deadLetters) throw new DeadAlready(this.name);
    this.#unlock(lock, 'rejected');
    this.#moveToDeadLetters(lock.message, why);
  }

  /** Starts the lock's time anew. @returns when it will run out, milliseconds since the epoch. */
  renew(lock: Lock): number {
    if (!lock.expiry) throw new LockLost(this.name);
    this.#lockExpiries.remove(lock.expiry);
    this.counters.locksRenewed++;
    const untilMs = this.#startLock(lock);
    this.#tell?.(lock.message, { kind: 'renewed', lockToken: hex(lock), untilMs });
    return untilMs;
  }

  /** Ends every lock now, as if its time had run out, for tests with faults. @returns how many there were. */
  breakLocks(): number {
    const locks = [...this.#locks.values()];
    for (const lock of locks) this.#endLock(lock, 'broken');
    return locks.length;
  }

  /** Does what is due by now: enqueues scheduled messages, ends locks, expires messages. */
  advance(): void {
    const nowMs = this.#now();
    this.#enqueueScheduled(nowMs);
    this.#endLocks(nowMs);
    this.#expire(nowMs);
  }

  /** When `advance` has work next, milliseconds since the epoch. */
  get nextDueAtMs(): number | undefined {
    const times = [this.#scheduled.first, this.#lockExpiries.first, this.#expiring.first].map(node => node?.key);
    const dueAtMs = Math.min(...times.filter(time => time !== undefined));
    return dueAtMs === Number.POSITIVE_INFINITY ? undefined : dueAtMs;
  }

  /** Live messages in any state from a sequence number on, in order, without locking them. O(live messages). */
  peek(fromSequenceNumber: number, count: number): QueueMessage[] {
    return [...this.#messages.values()]
      .filter(message => message.sequenceNumber >= fromSequenceNumber)
      .sort((a, b) => a.sequenceNumber - b.sequenceNumber)
      .slice(0, count);
  }

  /** The settled messages still remembered, then the live ones. */
  records(): MessageRecord[] {
    return [...this.#settled.list(), ...this.peek(0, this.#messages.size).map(recordOf)];
  }

  /** Drops every message, dead letters too, and sets the counters to zero. Locks on dropped messages are lost. */
  purge(): void {
    for (const message of this.#messages.values()) this.#tell?.(message, { kind: 'left', outcome: 'purged' });
    for (const lock of this.#locks.values()) delete lock.expiry;
    for (const heap of [this.#available, this.#scheduled, this.#expiring, this.#lockExpiries]) heap.clear();
    this.#locks.clear();
    this.#messages.clear();
    this.#settled.clear();
    this.#deferred = 0;
    this.#sizeBytes = 0;
    this.counters = newCounters();
    this.deadLetters?.purge();
  }

  #accept(content: MessageContent, nowMs: number): number {
    const sequenceNumber = ++this.#lastSequenceNumber;
    const { scheduledAtMs } = content;
    const isScheduled = scheduledAtMs !== undefined && scheduledAtMs > nowMs;
    const message: QueueMessage = {
      content,
      sequenceNumber,
      state: 'scheduled',
      wasDeferred: false,
      wasScheduled: isScheduled,
      deliveryCount: 0,
      enqueuedAtMs: nowMs,
      ...(scheduledAtMs === undefined ? {} : { scheduledAtMs }),
    };
    this.#messages.set(sequenceNumber, message);
    this.#sizeBytes += content.sizeBytes;
    this.counters.sent++;
    if (isScheduled) {
      this.counters.scheduled++;
      this.#tell?.(message, { kind: 'scheduled' });
      message.place = this.#scheduled.push(message, scheduledAtMs);
      this.events.due(scheduledAtMs);
    } else {
      this.#enqueue(message, nowMs);
      this.#tell?.(message, { kind: 'enqueued' });
    }
    return sequenceNumber;
  }

  #enqueue(message: QueueMessage, nowMs: number): void {
    message.enqueuedAtMs = nowMs;
    const timeToLiveMs = Math.min(
      message.content.timeToLiveMs ?? Number.POSITIVE_INFINITY,
      this.#settings.defaultTimeToLiveMs ?? Number.POSITIVE_INFINITY,
    );
    if (timeToLiveMs < Number.POSITIVE_INFINITY) {
      message.expiresAtMs = nowMs + timeToLiveMs;
      message.expiry = this.#expiring.push(message, message.expiresAtMs);
      this.events.due(message.expiresAtMs);
    }
    message.state = 'active';
    message.place = this.#available.push(message, message.sequenceNumber);
  }

  #enqueueScheduled(nowMs: number): void {
    let enqueued = 0;
    for (const message of takeDue(this.#scheduled, nowMs)) {
      // By the service's documentation a scheduled message is appended as if it were sent now, with a new number.
      const scheduledAs = message.sequenceNumber;
      this.#messages.delete(scheduledAs);
      message.sequenceNumber = ++this.#lastSequenceNumber;
      this.#messages.set(message.sequenceNumber, message);
      this.#enqueue(message, nowMs);
      this.#tell?.(message, { kind: 'enqueued', scheduledAs });
      enqueued++;
    }
    if (enqueued > 0) this.events.available();
  }

  #endLocks(nowMs: number): void {
    for (const lock of takeDue(this.#lockExpiries, nowMs)) this.#endLock(lock, 'expired');
  }

  #endLock(lock: Lock, by: 'expired' | 'broken'): void {
    this.#unlock(lock, by);
    this.counters.locksExpired++;
    this.#countFailure(lock.message);
  }

  #expire(nowMs: number): void {
    for (const message of takeDue(this.#expiring, nowMs)) {
      delete message.expiry;
      // A locked message may still be completed, and by the documentation a deferred one expires when it is asked for.
      if (message.state === 'active') this.#removeExpired(message);
    }
  }

  #lock(message: QueueMessage): Lock {
    this.#countDelivery(message);
    message.state = 'locked';
    delete message.place;
    const lock: Lock = { token: newLockToken(), message };
    this.#locks.set(lockKey(lock.token), lock);
    const untilMs = this.#startLock(lock);
    this.#tell?.(message, { kind: 'locked', lockToken: hex(lock), untilMs });
    return lock;
  }

  #startLock(lock: Lock): number {
    const untilMs = this.#now() + this.#settings.lockDurationMs;
    lock.message.lockedUntilMs = untilMs;
    lock.expiry = this.#lockExpiries.push(lock, untilMs);
    this.events.due(untilMs);
    return untilMs;
  }

  #unlock(lock: Lock, by: LockEnding): void {
    if (!lock.expiry) throw new LockLost(this.name);
    this.#lockExpiries.remove(lock.expiry);
    delete lock.expiry;
    delete lock.message.lockedUntilMs;
    this.#locks.delete(lockKey(lock.token));
    this.#tell?.(lock.message, { kind: 'unlocked', lockToken: hex(lock), by });
  }

  #countDelivery(message: QueueMessage): void {
    this.counters.delivered++;
    if (message.firstDeliveredAtMs === undefined) message.firstDeliveredAtMs = this.#now();
    else this.counters.redelivered++;
  }

  /** By the live tests of the SDKs a dead letter keeps the count that it came with, however often it is given back. */
  #countAttempt(message: QueueMessage): void {
    if (this.deadLetters) message.deliveryCount++;
  }

  #countFailure(message: QueueMessage): void {
    this.#countAttempt(message);
    if (this.deadLetters && message.deliveryCount >= this.#settings.maxDeliveryCount) {
      this.#moveToDeadLetters(message, {
        reason: 'MaxDeliveryCountExceeded',
        description: `The message was delivered ${message.deliveryCount} times and never completed.`,
      });
    } else {
      this.#putBack(message);
    }
  }

  #putBack(message: QueueMessage): void {
    if (message.wasDeferred) {
      message.state = 'deferred';
      this.#deferred++;
    } else if (message.expiresAtMs !== undefined && message.expiresAtMs <= this.#now()) {
      this.#removeExpired(message);
    } else {
      message.state = 'active';
      message.place = this.#available.push(message, message.sequenceNumber);
      this.events.available();
    }
  }

  #takeDeferred(sequenceNumbers: readonly number[]): QueueMessage[] {
    const nowMs = this.#now();
    const messages = [...new Set(sequenceNumbers)].map(each => this.#find(each, 'deferred'));
    const expired = messages.filter(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs <= nowMs);
    for (const message of expired) {
      this.#deferred--;
      this.#removeExpired(message);
    }
    if (expired[0]) throw new MessageNotFound(this.name, expired[0].sequenceNumber, 'deferred');
    this.#deferred -= messages.length;
    return messages;
  }

  #find(sequenceNumber: number, state: 'scheduled' | 'deferred'): QueueMessage {
    const message = this.#messages.get(sequenceNumber);
    if (message?.state !== state) throw new MessageNotFound(this.name, sequenceNumber, state);
    return message;
  }

  #modify(message: QueueMessage, properties: ApplicationProperties | undefined): void {
    if (!properties || Object.keys(properties).length === 0) return;
    this.#sizeBytes -= message.content.sizeBytes;
    message.content = message.content.withApplicationProperties(properties);
    this.#sizeBytes += message.content.sizeBytes;
  }

  #removeExpired(message: QueueMessage): void {
    this.counters.expired++;
    if (this.#settings.deadLetteringOnMessageExpiration) {
      this.#moveToDeadLetters(message, {
        reason: 'TTLExpiredException',
        description: 'The time to live of the message ran out before it was completed.',
      });
    } else {
      this.#remove(message, 'expired');
    }
  }

  #removeReceived(message: QueueMessage): void {
    this.counters.completed++;
    this.#remove(message, 'receivedAndDeleted');
  }

  #moveToDeadLetters(message: QueueMessage, why: DeadLetterReason): void {
    this.#modify(message, {
      ...why.properties,
      ...(why.reason === undefined ? {} : { DeadLetterReason: why.reason }),
      ...(why.description === undefined ? {} : { DeadLetterErrorDescription: why.description }),
    });
    this.counters.deadLettered++;
    this.#remove(message, 'deadLettered');
    if (this.deadLetters) this.deadLetters.#adopt(message);
  }

  /** A dead letter keeps its sequence number, its count of deliveries and its times, and lives for ever. */
  #adopt(dead: QueueMessage): void {
    const message: QueueMessage = {
      content: dead.content,
      sequenceNumber: dead.sequenceNumber,
      state: 'active',
      wasDeferred: false,
      wasScheduled: false,
      deliveryCount: dead.deliveryCount,
      enqueuedAtMs: dead.enqueuedAtMs,
    };
    this.#messages.set(message.sequenceNumber, message);
    this.#sizeBytes += message.content.sizeBytes;
    message.place = this.#available.push(message, message.sequenceNumber);
    this.#tell?.(message, { kind: 'enqueued' });
    this.events.available();
  }

  #remove(message: QueueMessage, outcome: MessageOutcome): void {
    this.#messages.delete(message.sequenceNumber);
    this.#sizeBytes -= message.content.sizeBytes;
    if (message.expiry) this.#expiring.remove(message.expiry);
    if (message.place) {
      this.#available.remove(message.place);
      this.#scheduled.remove(message.place);
    }
    this.#settled.add({ ...recordOf(message), state: 'settled', settledAtMs: this.#now(), outcome });
    this.#tell?.(message, { kind: 'left', outcome });
  }
}

function lockKey(token: Buffer): string {
  return token.toString('latin1');
}

function hex({ token }: Lock): string {
  return token.toString('hex');
}

/** Takes out, one by one, what is due by a time. */
function* takeDue<T>(heap: Heap<T>, nowMs: number): Generator<T> {
  for (let node: HeapNode<T> | undefined = heap.first; node && node.key <= nowMs; node = heap.first) {
    heap.pop();
    yield node.item;
  }
}
