import { describe, expect, it } from 'vitest';
import { busyShare, parseCoreTimes } from './core-times.js';

describe('the time of the cores', () => {
  const stat =
    'cpu  1000 20 300 5000 80 7 13 40 500 0\ncpu0 500 10 150 2500 40 3 6 20 250 0\n' +
    'cpu1 500 10 150 2500 40 4 7 20 250 0\nintr 12345\n';

  it('counts everything but idling and waiting for disks as busy, a guest’s time once', () => {
    expect(parseCoreTimes(stat, [0, 1])).toEqual({ busyMs: 13_800, totalMs: 64_600 });
  });

  it('is that of the cores that the run may use', () => {
    expect(parseCoreTimes(stat, [1])).toEqual({ busyMs: 6_910, totalMs: 32_310 });
  });

  it('is a share of all cores between two readings', () => {
    const before = { busyMs: 1000, totalMs: 10_000 };
    expect(busyShare(before, { busyMs: 1500, totalMs: 12_000 })).toBe(0.25);
    expect(busyShare(before, before)).toBeNull();
    expect(busyShare(null, null)).toBeNull();
  });
});
