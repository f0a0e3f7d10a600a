import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerAccount } from './account-operations.js';
import type { Answer } from './answer.js';
import { answerBlob } from './blob-operations.js';
import type { BlobRequest } from './blob-request.js';
import type { BlobStore } from './blob-store.js';
import { answerContainer } from './container-operations.js';
import type { Faults } from './faults.js';
import { readBody } from './request-body.js';
import { parseTarget } from './request-target.js';
import { checkSharedKey } from './shared-key.js';
import { errorXml, StorageError, storageError } from './storage-error.js';

/** One request of the Blob REST API with what it takes to answer it. */
export interface BlobExchange {
  readonly store: BlobStore;
  readonly latencyMs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Absent unless the server was started to be tested with faults. */
  readonly faults?: Faults;
}

/** Answers one request of the Blob REST API; every failure becomes an answer in the service's form. */
export async function answerBlobRequest(exchange: BlobExchange): Promise<void> {
  const { request, response } = exchange;
  const requestId = randomUUID();
  let answer: Answer;
  try {
    answer = await perform(exchange);
  } catch (error) {
    if (request.destroyed && !request.complete) return; // The client left in the middle of its body: nobody listens.
    answer = refusal(asStorageError(error), requestId);
  }
  const { status, headers, body } = answer;
  headers['x-ms-request-id'] = requestId;
  headers['x-ms-version'] = String(request.headers['x-ms-version'] ?? OLDEST_VERSION);
  const clientRequestId = request.headers['x-ms-client-request-id'];
  if (clientRequestId !== undefined) headers['x-ms-client-request-id'] = String(clientRequestId);
  headers['Content-Length'] ??= body === undefined ? 0 : Buffer.byteLength(body);
  if (status === 304) delete headers['Content-Length'];
  if (exchange.faults?.current?.kind === 'half-answer') return cutShort(response, answer);
  response.writeHead(status, headers);
  if (body === undefined || request.method === 'HEAD') response.end();
  else response.end(body);
}

/** Signatures were made differently before this version. */
const OLDEST_VERSION = '2015-02-21';

/** Announces a body of twice the length that it sends, and cuts the connection. */
function cutShort(response: ServerResponse, { status, headers, body = HALF_A_BODY }: Answer): void {
  headers['Content-Length'] = 2 * Buffer.byteLength(body);
  response.writeHead(status, headers);
  response.write(body, () => response.destroy());
}

const HALF_A_BODY = '<?xml version="1.0" encoding="utf-8"?>';

async function perform({ store, latencyMs, request, faults }: BlobExchange): Promise<Answer> {
  const { method = 'GET', headers, rawHeaders } = request;
  const target = parseTarget(request.url ?? '/');
  checkSharedKey({ method, headers, target });
  checkVersion(headers['x-ms-version']);
  const fault = faults?.current;
  if (fault?.kind === 'refuse') throw storageError(fault.status === 503 ? 'ServerBusy' : 'InternalError');
  const delayMs = latencyMs + (fault?.kind === 'slow' ? fault.delayMs : 0);
  // The delay passes while the body arrives and before anything takes effect, as a way to a farther server would.
  const arriving = readBody(request);
  const [body] = delayMs > 0 ? await Promise.all([arriving, delay(delayMs)]) : [await arriving];
  const blobRequest: BlobRequest = { method, headers, rawHeaders, target, body };
  if (target.blob !== undefined) return answerBlob(store, blobRequest);
  if (target.container !== undefined) return answerContainer(store, blobRequest);
  return answerAccount(store, blobRequest);
}

function checkVersion(version: string | string[] | undefined): void {
  if (version === undefined) return;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(version)) || String(version) < OLDEST_VERSION) {
    throw storageError('InvalidHeaderValue', { detail: `x-ms-version must be ${OLDEST_VERSION} or later.` });
  }
}

function asStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  process.stderr.write(`blob server: ${error instanceof Error ? error.stack : String(error)}\n`);
  return storageError('InternalError', { detail: 'See its standard error.' });
}

function refusal(error: StorageError, requestId: string): Answer {
  const headers: Record<string, string | number> = { ...error.headers, 'x-ms-error-code': error.code };
  headers['Content-Type'] = 'application/xml';
  return { status: error.status, headers, body: errorXml(error, requestId) };
}
