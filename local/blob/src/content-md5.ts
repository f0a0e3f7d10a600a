import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { storageError } from './storage-error.js';

/** The MD5 of a content in base64, as the Content-MD5 header has it. */
export function md5Of(content: Buffer): string {
  return createHash('md5').update(content).digest('base64');
}

/**
 * Compares the MD5 that a PUT states, in Content-MD5 or x-ms-blob-content-md5, with that of what arrived.
 *
 * @throws StorageError InvalidMd5 or Md5Mismatch
 */
export function checkContentMd5(headers: IncomingHttpHeaders, actual: string): void {
  for (const stated of [headers['content-md5'], headers['x-ms-blob-content-md5']]) {
    if (stated === undefined || stated === actual) continue;
    const bytes = Buffer.from(String(stated), 'base64');
    if (bytes.length !== 16 || bytes.toString('base64') !== stated) throw storageError('InvalidMd5');
    throw storageError('Md5Mismatch', { detail: `Stated: ${stated}, arrived: ${actual}.` });
  }
}
