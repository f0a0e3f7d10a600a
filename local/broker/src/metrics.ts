import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { QueueCounters } from './counters.js';
import type { Entities } from './entities.js';
import type { Queue } from './queue.js';

/**
 * The broker's figures for Prometheus. All are read when they are asked for: nothing is done for a message, and a broker that
 * nobody asks does not even load this module.
 */
export function brokerMetrics(entities: Entities): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'order_bench_queue_messages',
    help: 'Messages in a queue now, by their state; those of its dead-letter queue too',
    labelNames: ['queue', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { queue } of entities.queues()) {
        for (const [state, count] of statesOf(queue)) this.set({ queue: queue.name, state }, count);
      }
    },
  });
  new Gauge({
    name: 'order_bench_queue_size_bytes',
    help: 'Size of the messages in a queue now, its dead letters included',
    labelNames: ['queue'],
    registers,
    collect() {
      this.reset();
      for (const { queue } of entities.queues()) this.set({ queue: queue.name }, queue.sizeBytes);
    },
  });
  for (const [name, help] of Object.entries(COUNTED)) {
    const key = name as keyof QueueCounters;
    new Counter({
      name: `order_bench_queue_${snakeCase(key)}_total`,
      help: `${help}; from 0 again when the queue is purged`,
      labelNames: ['queue'],
      registers,
      collect() {
        this.reset();
        for (const { queue } of entities.queues()) this.inc({ queue: queue.name }, queue.counters[key]);
      },
    });
  }
  return registry;
}

/** What each counter of a queue counts. */
const COUNTED: Readonly<Record<keyof QueueCounters, string>> = {
  sent: 'Messages accepted, scheduled ones included',
  scheduled: 'Messages accepted for a later time',
  cancelled: 'Scheduled messages that were cancelled',
  delivered: 'Deliveries, repeated ones included',
  redelivered: 'Deliveries of a message that was delivered before',
  completed: 'Messages completed',
  abandoned: 'Deliveries abandoned',
  released: 'Deliveries given back without counting as one',
  deferred: 'Messages deferred',
  deadLettered: 'Messages dead-lettered',
  expired: 'Messages whose time to live ran out',
  locksExpired: 'Locks that ran out',
  locksRenewed: 'Locks renewed',
  quotaRefusals: 'Sends refused because the queue was full',
};

function statesOf(queue: Queue): [string, number][] {
  return [
    ['active', queue.activeCount],
    ['locked', queue.lockedCount],
    ['scheduled', queue.scheduledCount],
    ['deferred', queue.deferredCount],
    ['dead_lettered', queue.deadLetters?.messageCount ?? 0],
  ];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
