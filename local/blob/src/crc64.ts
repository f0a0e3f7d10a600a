import type { IncomingHttpHeaders } from 'node:http';
import { storageError } from './storage-error.js';

/**
 * The CRC64 of a content in base64, as the x-ms-content-crc64 header has it: its eight bytes, the lowest first. Azure's
 * is the one of polynomial 0x9A6C9329AC4BC9B5 (reflected), begun and ended by inverting all bits (CRC-64/NVME).
 */
export function crc64Of(content: Uint8Array): string {
  // In two halves, for a number holds no 64 bits and BigInt is some twenty times as slow.
  let low = ~0;
  let high = ~0;
  for (let i = 0; i < content.length; i++) {
    const entry = ((low ^ (content[i] as number)) & 0xff) << 1;
    low = ((low >>> 8) | (high << 24)) ^ (TABLE[entry] as number);
    high = (high >>> 8) ^ (TABLE[entry + 1] as number);
  }
  const sum = Buffer.alloc(8);
  sum.writeInt32LE(~low, 0);
  sum.writeInt32LE(~high, 4);
  return sum.toString('base64');
}

/**
 * Compares the CRC64 that a PUT states in x-ms-content-crc64 with that of what arrived.
 *
 * @returns the CRC64 where one was stated, for the answer.
 * @throws StorageError Crc64Mismatch, InvalidHeaderValue for what is none, BothCrc64AndMd5HeaderPresent
 */
export function checkContentCrc64(headers: IncomingHttpHeaders, content: Uint8Array): string | undefined {
  const stated = headers['x-ms-content-crc64'];
  if (stated === undefined) return undefined;
  if (headers['content-md5'] !== undefined || headers['x-ms-blob-content-md5'] !== undefined) {
    throw storageError('BothCrc64AndMd5HeaderPresent');
  }
  if (Buffer.from(String(stated), 'base64').length !== 8) {
    throw storageError('InvalidHeaderValue', { detail: 'x-ms-content-crc64 must be the base64 of 8 bytes.' });
  }
  const actual = crc64Of(content);
  if (stated !== actual) throw storageError('Crc64Mismatch', { detail: `Stated: ${stated}, arrived: ${actual}.` });
  return actual;
}

/** Each byte's remainder, its lower half and its upper half, one behind the other. */
const TABLE = new Int32Array(512);
for (let byte = 0; byte < 256; byte++) {
  let remainder = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >> 1n) ^ (remainder & 1n ? 0x9a6c9329ac4bc9b5n : 0n);
  TABLE[2 * byte] = Number(BigInt.asIntN(32, remainder));
  TABLE[2 * byte + 1] = Number(BigInt.asIntN(32, remainder >> 32n));
}
