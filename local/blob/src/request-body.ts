import type { IncomingMessage } from 'node:http';
import { storageError } from './storage-error.js';

/** The largest body taken: the size up to which @azure/storage-blob uploads in a single Put Blob. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;

/**
 * Reads a request's body into one buffer of its size. Small ones come out of Node's shared pool, so that a hundred
 * thousand stored orders are not as many separate allocations.
 *
 * @throws StorageError RequestBodyTooLarge, or MissingContentLengthHeader for a chunked body, which the service refuses.
 * @throws Error when the client leaves before the body is whole.
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (request.headers['transfer-encoding'] !== undefined) throw storageError('MissingContentLengthHeader');
  const sizeBytes = Number(request.headers['content-length'] ?? 0);
  if (sizeBytes > LARGEST_BODY_BYTES) {
    throw storageError('RequestBodyTooLarge', {
      detail: `It takes ${LARGEST_BODY_BYTES} bytes, and no uploads in blocks.`,
      headers: { Connection: 'close' },
    });
  }
  if (sizeBytes === 0) return EMPTY;
  const body = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      filled += chunk.copy(body, filled);
    });
    request.once('end', () => resolve(body));
    request.once('error', reject);
  });
}

const EMPTY = Promise.resolve(Buffer.alloc(0));
