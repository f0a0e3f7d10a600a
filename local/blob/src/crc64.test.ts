import { expect, it } from 'vitest';
import { crc64Of } from './crc64.js';

// The second is the check value of CRC-64/NVME; the last two are among the vectors of the Azure SDK for Java.
it.each([
  ['', 0n],
  ['123456789', 0xae8b14860a799888n],
  ['Hello World!', 208_604_604_655_264_165n],
  ['123456789!@#$%^&*()', 2_153_758_901_452_455_624n],
])('the CRC64 of %j is %i', (content, expected) => {
  expect(Buffer.from(crc64Of(Buffer.from(content)), 'base64').readBigUInt64LE()).toBe(expected);
});
