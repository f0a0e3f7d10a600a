import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';
import { expect, it, vi } from 'vitest';
import { startBrokerProcess } from '../adversary/broker-process.js';
import type { QueueSettings } from '../settings.js';

/** Another namespace to run the suite against, in place of a broker of its own: one of Azure, or Microsoft's emulator. */
const OTHER = process.env.CONFORMANCE_CONNECTION_STRING;

/** A test that only the broker can pass: it needs settings or sizes that the service refuses, or what the broker has not. */
export const itOfBroker: (title: string, test: () => Promise<void>) => void = it.skipIf(OTHER !== undefined);

/** What the broker's HTTP endpoint says about one queue or subscription; of these the service tells the scheduled and the dead-lettered. */
export interface QueueState {
  readonly active: number;
  readonly scheduled: number;
  readonly locked: number;
  readonly deferred: number;
  readonly deadLettered: number;
  readonly counters: Readonly<Record<string, number>>;
}

type ExpectedState = Partial<Omit<QueueState, 'counters'>> & { readonly counters?: Readonly<Record<string, unknown>> };

/** A namespace with an Azure client on it: what the conformance suite runs against. */
export interface Namespace {
  readonly connectionString: string;
  readonly bus: ServiceBusClient;
  /** Creates a queue of its own for a test. @returns its name. */
  createQueue(settings?: Partial<QueueSettings>): Promise<string>;
  /** Creates a topic of its own for a test, with subscriptions of these names. @returns its name. */
  createTopic(subscriptions: readonly string[], settings?: Partial<QueueSettings>): Promise<string>;
  /** Expects that a queue, or `<topic>/Subscriptions/<name>`, is in a state now, as far as the namespace tells it. */
  expectState(queue: string, expected: ExpectedState): Promise<void>;
  /** Waits until it is. */
  untilState(queue: string, expected: ExpectedState): Promise<void>;
  close(): Promise<void>;
}

/** How a namespace's queues and topics are made and looked at. */
interface Administration {
  readonly connectionString: string;
  create(queue: string, settings: Partial<QueueSettings>): Promise<void>;
  createTopic(topic: string): Promise<void>;
  createSubscription(topic: string, name: string, settings: Partial<QueueSettings>): Promise<void>;
  stateOf(queue: string): Promise<Partial<QueueState>>;
  close(made: { readonly queues: readonly string[]; readonly topics: readonly string[] }): Promise<void>;
}

/** Opens a namespace. The client does not retry, so that every refusal is seen. */
export async function openNamespace(): Promise<Namespace> {
  const administration = OTHER === undefined ? await ownBroker() : otherNamespace(OTHER);
  const { connectionString } = administration;
  const bus = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });
  const queues: string[] = [];
  const topics: string[] = [];
  const distinction = OTHER === undefined ? '' : `${Date.now()}-`;
  const expectState = async (queue: string, expected: ExpectedState) => {
    const state = await administration.stateOf(queue);
    const told = Object.fromEntries(Object.entries(expected).filter(([name]) => name in state));
    expect(state).toMatchObject(told);
  };
  const untilState = (queue: string, expected: ExpectedState) =>
    vi.waitFor(() => expectState(queue, expected), { timeout: 20_000 });
  return {
    connectionString,
    bus,
    async createQueue(settings = {}) {
      const queue = `Queue-${distinction}${queues.length + 1}`;
      queues.push(queue);
      await administration.create(queue, settings);
      return queue;
    },
    async createTopic(subscriptions, settings = {}) {
      const topic = `Topic-${distinction}${topics.length + 1}`;
      topics.push(topic);
      await administration.createTopic(topic);
      for (const name of subscriptions) await administration.createSubscription(topic, name, settings);
      return topic;
    },
    // The service counts with some delay.
    expectState: OTHER === undefined ? expectState : untilState,
    untilState,
    async close() {
      await bus.close();
      await administration.close({ queues, topics });
    },
  };
}

async function ownBroker(): Promise<Administration> {
  const broker = await startBrokerProcess();
  const put = async (path: string, settings: Partial<QueueSettings> = {}) => {
    const response = await fetch(`${broker.httpUrl}/${path}`, { method: 'PUT', body: JSON.stringify(settings) });
    if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`);
  };
  return {
    connectionString: broker.connectionString,
    create: (queue, settings) => put(`queues/${queue}`, settings),
    createTopic: topic => put(`topics/${topic}`),
    createSubscription: (topic, name, settings) => put(`topics/${topic}/subscriptions/${name}`, settings),
    async stateOf(queue) {
      const response = await fetch(`${broker.httpUrl}/queues/${encodeURIComponent(queue)}`);
      return response.json() as Promise<QueueState>;
    },
    close: () => broker.close(),
  };
}

function otherNamespace(connectionString: string): Administration {
  const client = new ServiceBusAdministrationClient(connectionString);
  if (connectionString.includes('UseDevelopmentEmulator=true')) client.pipeline.addPolicy(byPlainHttp);
  return {
    connectionString,
    async create(queue, settings) {
      await client.createQueue(queue, optionsOf(settings));
    },
    async createTopic(topic) {
      await client.createTopic(topic);
    },
    async createSubscription(topic, name, settings) {
      await client.createSubscription(topic, name, optionsOf(settings));
    },
    async stateOf(queue) {
      const [topic = '', subscription] = queue.split('/Subscriptions/');
      if (subscription !== undefined) {
        const properties = await client.getSubscriptionRuntimeProperties(topic, subscription);
        return { active: properties.activeMessageCount, deadLettered: properties.deadLetterMessageCount };
      }
      const properties = await client.getQueueRuntimeProperties(queue);
      return { scheduled: properties.scheduledMessageCount, deadLettered: properties.deadLetterMessageCount };
    },
    async close({ queues, topics }) {
      for (const queue of queues) await client.deleteQueue(queue);
      for (const topic of topics) await client.deleteTopic(topic);
    },
  };
}

/** The settings that the service has as well. */
function optionsOf(settings: Partial<QueueSettings>) {
  const { lockDurationMs = 60_000, maxDeliveryCount = 10, deadLetteringOnMessageExpiration = false } = settings;
  return { lockDuration: `PT${lockDurationMs / 1000}S`, maxDeliveryCount, deadLetteringOnMessageExpiration };
}

/** Microsoft's emulator is administered by plain HTTP on a port of its own, which this SDK does not know. */
const byPlainHttp: Parameters<ServiceBusAdministrationClient['pipeline']['addPolicy']>[0] = {
  name: 'byPlainHttp',
  sendRequest(request, next) {
    const url = new URL(request.url);
    url.protocol = 'http:';
    url.port = '5300';
    request.url = url.href;
    request.allowInsecureConnection = true;
    return next(request);
  },
};
