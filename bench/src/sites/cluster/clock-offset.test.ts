import { describe, expect, it } from 'vitest';
import { clockOffset } from './clock-offset.js';

/** This machine's clock, moved on by each reading's way there and back. */
function clocks(aheadMs: number, ways: readonly { readonly thereMs: number; readonly backMs: number }[]) {
  let nowMs = 1_000_000;
  const left = ways.values();
  return {
    now: () => nowMs,
    read: async () => {
      const { value: way } = left.next();
      if (!way) return undefined;
      nowMs += way.thereMs;
      const remoteMs = nowMs + aheadMs;
      nowMs += way.backMs;
      return remoteMs;
    },
  };
}

describe('the offset of a remote clock', () => {
  it('is that of the quickest reading', async () => {
    const { now, read } = clocks(250, [
      { thereMs: 80, backMs: 2 },
      { thereMs: 3, backMs: 3 },
      { thereMs: 1, backMs: 40 },
    ]);
    expect(await clockOffset(read, now)).toEqual({ offsetMs: 250, uncertaintyMs: 3 });
  });

  it('is never further off than it says', async () => {
    const { now, read } = clocks(-100, [{ thereMs: 10, backMs: 0 }]);
    const offset = await clockOffset(read, now);
    expect(Math.abs((offset?.offsetMs ?? 0) + 100)).toBeLessThanOrEqual(offset?.uncertaintyMs ?? 0);
  });

  it('is unknown where no answer holds a time', async () => {
    expect(await clockOffset(async () => undefined)).toBeNull();
  });
});
