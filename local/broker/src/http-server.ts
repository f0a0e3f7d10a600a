import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Entities } from './entities.js';
import type { Entity } from './entity.js';
import { QueueNotFound } from './errors.js';
import { type QueueSettings, readQueueSettings } from './settings.js';

/** What the HTTP endpoint needs. */
export interface HttpServerOptions {
  readonly entities: Entities;
  /** Settings of a queue that is created without its own. */
  readonly defaults: QueueSettings;
}

/** The local view of the broker: health, queues with their counters, messages with their times. */
export function createHttpServer(options: HttpServerOptions): Server {
  return createServer((request, response) => {
    route(options, request).then(
      answer => send(response, answer),
      (error: unknown) => send(response, refusal(error)),
    );
  });
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

async function route({ entities, defaults }: HttpServerOptions, request: IncomingMessage): Promise<Answer> {
  const path = new URL(request.url ?? '/', 'http://broker').pathname;
  const [root, name, leaf, ...more] = path.split('/').filter(Boolean).map(decodeURIComponent);
  const found = more.length > 0 ? '' : [request.method, root, name && ':name', leaf].filter(Boolean).join(' ');
  switch (found) {
    case 'GET healthz':
      return { status: 200, body: { status: 'ok' } };
    case 'GET queues':
      return { status: 200, body: { queues: entities.list().map(describeQueue) } };
    case 'GET queues :name':
      return { status: 200, body: describeQueue(entities.byName(String(name))) };
    case 'PUT queues :name': {
      const isNew = entities.put(String(name), readQueueSettings(await readJson(request), defaults));
      return { status: isNew ? 201 : 200, body: describeQueue(entities.byName(String(name))) };
    }
    case 'GET queues :name messages':
      return { status: 200, body: { messages: entities.byName(String(name)).queue.records() } };
    case 'DELETE queues :name messages':
      entities.byName(String(name)).queue.purge();
      return { status: 204 };
    default:
      return { status: 404, body: { error: `no ${request.method} ${path} here; see local/broker/README.md` } };
  }
}

function describeQueue({ queue }: Entity) {
  return {
    name: queue.name,
    settings: queue.settings,
    active: queue.activeCount,
    scheduled: queue.scheduledCount,
    locked: queue.lockedCount,
    deferred: queue.deferredCount,
    deadLettered: queue.deadLetters?.messageCount ?? 0,
    sizeBytes: queue.sizeBytes,
    counters: queue.counters,
  };
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

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
