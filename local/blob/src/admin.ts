import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Registry } from 'prom-client';
import type { BlobContainer } from './blob-container.js';
import type { BlobStore } from './blob-store.js';
import { type Fault, readFault } from './faults.js';

/** What the admin endpoint tells of, and what it may do. */
export interface AdminOptions {
  readonly store: BlobStore;
  /** Makes the server fail, or recover; absent unless it was started to be tested with faults. */
  readonly fail: ((fault: Fault | undefined) => Promise<void>) | undefined;
  /** See metricsOf. */
  readonly metrics: () => Promise<Registry>;
}

/** A store's metrics, made when they are first asked for. */
export function metricsOf(store: BlobStore): AdminOptions['metrics'] {
  let registry: Promise<Registry> | undefined;
  return () => {
    registry ??= import('./metrics.js').then(({ blobMetrics }) => blobMetrics(store));
    return registry;
  };
}

/**
 * Answers the admin endpoint, which is outside the measured path: what is stored and when it was written, as JSON, and
 * `GET /metrics` for Prometheus. `GET /healthz`, `GET /containers`, `GET /containers/<name>/writes`, `DELETE /containers/<name>/blobs`; with faults also
 * `PUT /fault` (JSON) and `DELETE /fault`.
 */
export async function answerAdmin(
  options: AdminOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body, contentType } = await perform(options, request).catch(refusal);
  request.resume();
  const text = contentType === undefined ? JSON.stringify(body) : String(body);
  response.writeHead(status, {
    'Content-Type': contentType ?? 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Of a body that is text already; any other is sent as JSON. */
  readonly contentType?: string;
}

async function perform({ store, fail, metrics }: AdminOptions, request: IncomingMessage): Promise<AdminAnswer> {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /healthz') return { status: 200, body: { status: 'ok' } };
  if (asked === 'GET /metrics') {
    const registry = await metrics();
    return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
  }
  if (asked === 'GET /containers') return { status: 200, body: { containers: store.containers().map(state) } };
  if (fail && (asked === 'PUT /fault' || asked === 'DELETE /fault')) {
    const fault = asked === 'PUT /fault' ? readFault(await json(request)) : undefined;
    await fail(fault);
    return { status: 200, body: { fault: fault ?? null } };
  }
  const [, operation, name = ''] = /^(GET|DELETE) \/containers\/([^/]+)\/(?:writes|blobs)$/.exec(asked) ?? [];
  const writes = operation === 'GET' && asked.endsWith('/writes');
  const empty = operation === 'DELETE' && asked.endsWith('/blobs');
  if (!writes && !empty) return { status: 404, body: { error: `there is no "${asked}" here` } };
  const container = store.find(name);
  if (!container) return { status: 404, body: { error: `there is no container "${name}"` } };
  if (writes) return { status: 200, body: { writes: writesOf(container) } };
  container.empty();
  return { status: 200, body: state(container) };
}

function refusal(error: unknown): AdminAnswer {
  const isWrongUse = error instanceof TypeError || error instanceof SyntaxError;
  return { status: isWrongUse ? 400 : 500, body: { error: error instanceof Error ? error.message : String(error) } };
}

function state({ name, blobCount, sizeBytes, writes }: BlobContainer) {
  return { name, blobs: blobCount, sizeBytes, writes };
}

function writesOf(container: BlobContainer) {
  return Array.from(container.blobs(), blob => ({
    name: blob.name,
    sizeBytes: blob.body.length,
    contentMd5: blob.contentMd5,
    firstWrittenAtMs: blob.firstWrittenAtMs,
    lastWrittenAtMs: blob.lastWrittenAtMs,
    writes: blob.writes,
  }));
}
