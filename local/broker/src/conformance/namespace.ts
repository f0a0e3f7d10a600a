import { ServiceBusClient } from '@azure/service-bus';
import { type Broker, startBroker } from '../broker.js';
import type { QueueSettings } from '../settings.js';

/** What the broker's HTTP endpoint says about one queue. */
export interface QueueState {
  readonly active: number;
  readonly scheduled: number;
  readonly locked: number;
  readonly deferred: number;
  readonly deadLettered: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** A broker with an Azure client on it: what the conformance suite runs against. */
export interface Namespace {
  readonly broker: Broker;
  readonly bus: ServiceBusClient;
  /** Creates a queue of its own for a test. @returns its name. */
  createQueue(settings?: Partial<QueueSettings>): Promise<string>;
  stateOf(queue: string): Promise<QueueState>;
  close(): Promise<void>;
}

/** Starts a namespace. The client does not retry, so that every refusal is seen. */
export async function openNamespace(): Promise<Namespace> {
  const broker = await startBroker();
  const bus = new ServiceBusClient(broker.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });
  const queues = `http://127.0.0.1:${broker.httpPort}/queues`;
  let created = 0;
  return {
    broker,
    bus,
    async createQueue(settings = {}) {
      const name = `Queue-${++created}`;
      const response = await fetch(`${queues}/${name}`, { method: 'PUT', body: JSON.stringify(settings) });
      if (!response.ok) throw new Error(`PUT ${name} answered ${response.status}: ${await response.text()}`);
      return name;
    },
    async stateOf(queue) {
      return (await fetch(`${queues}/${queue}`)).json() as Promise<QueueState>;
    },
    async close() {
      await bus.close();
      await broker.close();
    },
  };
}
