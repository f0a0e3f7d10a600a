import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Entities } from './entities.js';
import type { Entity } from './entity.js';
import { QueueNotFound } from './errors.js';
import type { Faults } from './faults.js';
import { isLocalHost } from './local-host.js';
import { type QueueSettings, readQueueSettings } from './settings.js';

/** What the HTTP endpoint needs. */
export interface HttpServerOptions {
  readonly entities: Entities;
  /** Settings of a queue that is created without its own. */
  readonly defaults: QueueSettings;
  /** Absent unless the broker was started to be tested with faults. */
  readonly faults?: Faults;
  /** What other machines call this one; absent where none may call. */
  readonly hostName?: string;
}

/** The local view of the broker: health, queues with their counters, messages with their times, metrics for Prometheus. */
export function createHttpServer(options: HttpServerOptions): Server {
  const served = { ...options, metrics: metricsOf(options.entities) };
  const server = createServer((request, response) => {
    route(served, request).then(
      answer => send(response, answer),
      (error: unknown) => send(response, refusal(error)),
    );
  });
  // Only the client ends a connection: after a pause of this process, Node would close idle ones under the next request.
  server.keepAliveTimeout = 0;
  return server;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Of a body that is text already; any other is sent as JSON. */
  readonly contentType?: string;
}

interface Served extends HttpServerOptions {
  readonly metrics: () => Promise<Registry>;
}

/** The metrics, made when they are first asked for. */
function metricsOf(entities: Entities): Served['metrics'] {
  let registry: Promise<Registry> | undefined;
  return () => {
    registry ??= import('./metrics.js').then(({ brokerMetrics }) => brokerMetrics(entities));
    return registry;
  };
}

async function route(options: Served, request: IncomingMessage): Promise<Answer> {
  const { entities, defaults, faults, hostName, metrics } = options;
  if (!isLocalHost(request.headers.host, hostName))
    return { status: 421, body: { error: 'the Host header names another machine: call 127.0.0.1 or localhost' } };
  const path = new URL(request.url ?? '/', 'http://broker').pathname;
  const [root, name, leaf, leafName, ...more] = path.split('/').filter(Boolean).map(decodeURIComponent);
  const parts = [request.method, root, name && ':name', leaf, leafName && ':name'];
  const found = more.length > 0 ? '' : parts.filter(Boolean).join(' ');
  switch (found) {
    case 'GET healthz':
      return { status: 200, body: { status: 'ok' } };
    case 'GET metrics': {
      const registry = await metrics();
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    }
    case 'GET queues':
      return { status: 200, body: { queues: entities.all().map(describeQueue) } };
    case 'GET queues :name':
      return { status: 200, body: describeQueue(entities.byName(String(name))) };
    case 'PUT queues :name': {
      const isNew = entities.put(String(name), readQueueSettings(await readJson(request), defaults));
      return { status: isNew ? 201 : 200, body: describeQueue(entities.byName(String(name))) };
    }
    case 'GET topics':
      return { status: 200, body: { topics: entities.topics().map(describeTopic) } };
    case 'PUT topics :name': {
      const isNew = entities.putTopic(String(name), readQueueSettings(await readJson(request), defaults));
      return { status: isNew ? 201 : 200, body: describeTopic(entities.byName(String(name))) };
    }
    case 'PUT topics :name subscriptions :name': {
      const settings = readQueueSettings(await readJson(request), defaults);
      const { entity, isNew } = entities.putSubscription(String(name), String(leafName), settings);
      return { status: isNew ? 201 : 200, body: describeQueue(entity) };
    }
    case 'GET queues :name messages':
      return { status: 200, body: { messages: entities.byName(String(name)).queue.records() } };
    case 'DELETE queues :name messages':
      entities.byName(String(name)).queue.purge();
      return { status: 204 };
    default:
      return (faults && (await fail(faults, entities, request))) ?? notFound(request);
  }
}

/** The routes of a broker that was started to be tested with faults; undefined for any other. */
async function fail(faults: Faults, entities: Entities, request: IncomingMessage): Promise<Answer | undefined> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /events':
      return { status: 200, body: { events: faults.events } };
    case 'PUT /faults/acknowledgement-delay':
      faults.delayAcknowledgements(readDelayMs(await readJson(request)));
      return { status: 204 };
    case 'POST /faults/drop-connections':
      return { status: 200, body: { dropped: faults.dropConnections() } };
    case 'POST /faults/break-locks':
      return {
        status: 200,
        body: { broken: entities.queues().reduce((sum, { queue }) => sum + queue.breakLocks(), 0) },
      };
    default:
      return undefined;
  }
}

function notFound({ method, url }: IncomingMessage): Answer {
  return { status: 404, body: { error: `no ${method} ${url} here; see local/broker/README.md` } };
}

function readDelayMs(given: unknown): number {
  const { delayMs } = given as { delayMs?: unknown };
  if (!Number.isSafeInteger(delayMs) || (delayMs as number) < 0) {
    throw new TypeError('delayMs must be a whole number of milliseconds, 0 or more');
  }
  return delayMs as number;
}

function describeQueue({ queue }: Entity) {
  return {
    name: queue.name,
    settings: queue.settings,
    active: queue.activeCount,
    // As Service Bus counts under this name, and KEDA scales by: with those that a receiver holds.
    activeMessageCount: queue.activeCount + queue.lockedCount,
    scheduled: queue.scheduledCount,
    locked: queue.lockedCount,
    deferred: queue.deferredCount,
    deadLettered: queue.deadLetters?.messageCount ?? 0,
    sizeBytes: queue.sizeBytes,
    counters: queue.counters,
  };
}

function describeTopic({ queue, subscriptions }: Entity) {
  return { name: queue.name, subscriptions: subscriptions?.names ?? [], scheduled: queue.scheduledCount };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}

function refusal(error: unknown): Answer {
  if (error instanceof QueueNotFound) return { status: 404, body: { error: error.message } };
  if (error instanceof TypeError || error instanceof SyntaxError || error instanceof URIError) {
    return { status: 400, body: { error: error.message } };
  }
  return { status: 500, body: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
}

function send(response: ServerResponse, { status, body, contentType }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response
    .writeHead(status, { 'content-type': contentType ?? 'application/json' })
    .end(contentType === undefined ? JSON.stringify(body) : String(body));
}
