#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { type BrokerOptions, startBroker } from './broker.js';
import { defaultQueueSettings } from './settings.js';

interface Flags {
  readonly port: number;
  readonly httpPort: number;
  readonly hostName?: string;
  readonly queue: readonly string[];
  readonly topic: Readonly<Record<string, readonly string[]>>;
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
  readonly defaultTtlMs?: number;
  readonly maxSizeBytes: number;
  readonly deadLetterOnExpiration: boolean;
  readonly latencyMs: number;
  readonly settled: number;
  readonly faults: boolean;
}

const program = new Command('broker')
  .description('An AMQP 1.0 server on this machine that the Azure SDKs and daprd take for Azure Service Bus.')
  .option('--port <port>', 'AMQP port; 0 takes a free one', wholeNumber(0), 5672)
  .option('--http-port <port>', 'port of the HTTP endpoint; 0 takes a free one', wholeNumber(0), 5673)
  .option(
    '--host-name <name>',
    'what other machines call this one: listen on every address, not on 127.0.0.1 alone (there is no authorization)',
  )
  .option('--queue <name>', 'queue to create; may be repeated', (name, names: string[]) => [...names, name], [])
  .option('--topic <name:subscription,...>', 'topic to create, with its subscriptions; may be repeated', addTopic, {})
  .option(
    '--lock-duration-ms <ms>',
    'how long a received message stays locked',
    wholeNumber(1),
    defaultQueueSettings.lockDurationMs,
  )
  .option(
    '--max-delivery-count <n>',
    'deliveries before a message is dead-lettered',
    wholeNumber(1),
    defaultQueueSettings.maxDeliveryCount,
  )
  .option('--default-ttl-ms <ms>', 'longest time to live of a message; none by default', wholeNumber(1))
  .option('--max-size-bytes <bytes>', 'how much a queue may hold', wholeNumber(1), defaultQueueSettings.maxSizeBytes)
  .option('--dead-letter-on-expiration', 'dead-letter expired messages instead of dropping them', false)
  .option('--latency-ms <ms>', 'delay added to each operation', wholeNumber(0), 0)
  .option('--settled <n>', 'records of settled messages that each queue keeps', wholeNumber(0), 20_000)
  .option('--faults', 'fail on demand over HTTP, and keep a log of every event; for tests', false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

const flags = program.parse().opts<Flags>();

try {
  const broker = await startBroker(optionsOf(flags));
  console.log(`broker: AMQP on 127.0.0.1:${broker.port}, HTTP on http://127.0.0.1:${broker.httpPort}`);
  console.log(`broker: ${broker.connectionString}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => broker.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(`broker: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function optionsOf(given: Flags): BrokerOptions {
  return {
    port: given.port,
    httpPort: given.httpPort,
    ...(given.hostName === undefined ? {} : { hostName: given.hostName }),
    queues: given.queue,
    topics: given.topic,
    queueSettings: {
      lockDurationMs: given.lockDurationMs,
      maxDeliveryCount: given.maxDeliveryCount,
      ...(given.defaultTtlMs === undefined ? {} : { defaultTimeToLiveMs: given.defaultTtlMs }),
      maxSizeBytes: given.maxSizeBytes,
      deadLetteringOnMessageExpiration: given.deadLetterOnExpiration,
    },
    latencyMs: given.latencyMs,
    settledCapacity: given.settled,
    faults: given.faults,
  };
}

function addTopic(text: string, topics: Flags['topic']): Flags['topic'] {
  const [name = '', subscriptions = ''] = text.split(':');
  return { ...topics, [name]: subscriptions.split(',').filter(Boolean) };
}

function wholeNumber(least: number): (text: string) => number {
  return text => {
    const number = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return number;
  };
}
