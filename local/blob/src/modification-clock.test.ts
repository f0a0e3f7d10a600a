import { describe, expect, it } from 'vitest';
import { etagOf, ModificationClock } from './modification-clock.js';

describe('ETags', () => {
  it('are the ticks since year one, as in the sample that Azure documents', () => {
    const lastModifiedMs = Date.parse('Wed, 09 Sep 2009 09:20:02 GMT');
    const sampleTicks = 0x8cbff45d8a29a19n;
    const sinceEpochTicks = sampleTicks - 62_135_596_800_000n * 10_000n;
    const wholeMs = Number(sinceEpochTicks / 10_000n);
    expect(etagOf(wholeMs, Number(sinceEpochTicks % 10_000n))).toBe('"0x8CBFF45D8A29A19"');
    expect(wholeMs - (wholeMs % 1000)).toBe(lastModifiedMs);
  });
});

describe('the modification clock', () => {
  it('shows one time in all its forms', () => {
    const clock = new ModificationClock(() => Date.parse('2009-09-09T09:20:02.500Z') + 0.25);
    expect(clock.next()).toEqual({
      atMs: Date.parse('2009-09-09T09:20:02.500Z') + 0.25,
      secondMs: Date.parse('2009-09-09T09:20:02Z'),
      lastModified: 'Wed, 09 Sep 2009 09:20:02 GMT',
      etag: etagOf(Date.parse('2009-09-09T09:20:02.500Z'), 2500),
    });
  });

  it('never gives one time twice, whether the clock stands still or goes back', () => {
    const readings = [1000.9999, 1000.9999, 1000.9999, 999, 1001.5];
    const clock = new ModificationClock(() => readings.shift() ?? 2000);
    const ticks = Array.from({ length: 6 }, () => BigInt(clock.next().etag.slice(1, -1)));
    for (let i = 1; i < ticks.length; i++) expect(ticks[i]).toBeGreaterThan(ticks[i - 1] as bigint);
  });
});
