import { randomFillSync } from 'node:crypto';

const TOKEN_SIZE_BYTES = 16;

/** Random bytes for the next tokens: filling a block at once costs little more than filling one token. */
const block = Buffer.alloc(256 * TOKEN_SIZE_BYTES);
let used = block.length;

/** A lock token that nobody guesses, in the order of the wire's UUID. */
export function newLockToken(): Buffer {
  if (used === block.length) {
    randomFillSync(block);
    used = 0;
  }
  const token = Buffer.from(block.subarray(used, used + TOKEN_SIZE_BYTES));
  used += TOKEN_SIZE_BYTES;
  return token;
}
