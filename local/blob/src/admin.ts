import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobContainer } from './blob-container.js';
import type { BlobStore } from './blob-store.js';

/**
 * Answers the admin endpoint, which is outside the measured path: what is stored and when it was written, as JSON.
 * `GET /healthz`, `GET /containers`, `GET /containers/<name>/writes`, `DELETE /containers/<name>/blobs`.
 */
export function answerAdmin(store: BlobStore, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const { status, body } = perform(store, `${request.method} ${request.url}`);
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function perform(store: BlobStore, asked: string): { status: number; body: unknown } {
  if (asked === 'GET /healthz') return { status: 200, body: { status: 'ok' } };
  if (asked === 'GET /containers') return { status: 200, body: { containers: store.containers().map(state) } };
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
