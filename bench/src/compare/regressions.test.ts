import { describe, expect, it } from 'vitest';
import type { RunResult } from '../result.js';
import { endedAs, exampleRuns } from './example-runs.js';
import { holdAgainst } from './regressions.js';

const base = exampleRuns({ id: 'base', drainMs: { a: 10_000, b: 8_000 }, blocks: 10, seed: 1 });
const later = (drainMs: Record<string, number>, changes = {}) =>
  exampleRuns({ id: 'later', drainMs, blocks: 10, seed: 2, ...changes });
const regressions = (now: readonly RunResult[], thresholdPercent = 5) =>
  holdAgainst(base, now, { thresholdPercent })
    .rows.filter(({ isRegression }) => isRegression)
    .map(({ contender, metric }) => `${contender} ${metric}`);

describe('the regression gate', () => {
  it('passes what is the same', () => {
    const { rows, noClaim } = holdAgainst(base, later({ a: 10_000, b: 8_000 }), { thresholdPercent: 5 });
    expect(noClaim).toBeNull();
    expect(rows).toHaveLength(10);
    expect(rows.every(row => row.verdict === '~' && !row.isRegression)).toBe(true);
  });

  it('finds a contender that became slower by more than the threshold', () => {
    expect(regressions(later({ a: 10_000, b: 9_000 }))).toEqual(['b t100Ms', 'b steadyOrdersPerSecond']);
  });

  it('lets a decided difference below the threshold pass, and one for the better', () => {
    const now = later({ a: 10_300, b: 6_000 });
    expect(holdAgainst(base, now, { thresholdPercent: 5 }).rows[0]).toMatchObject({
      contender: 'a',
      metric: 't100Ms',
      verdict: 'worse',
      isRegression: false,
    });
    expect(regressions(now)).toEqual([]);
    expect(regressions(now, 1)).toEqual(['a t100Ms', 'a steadyOrdersPerSecond']);
  });

  it('decides nothing on a few runs', () => {
    const few = later({ a: 20_000 }).slice(0, 2);
    expect(regressions(few)).toEqual([]);
  });

  it('counts runs that do not end as the slowest', () => {
    const lost = later({ a: 10_000 }).map(run => endedAs(run, 'incomplete'));
    expect(regressions(lost)).toContain('a t100Ms');
  });

  it('makes no claim where more than 10 % are void', () => {
    const busy = later({ a: 20_000, b: 8_000 }).map((run, index) => (index % 4 === 1 ? endedAs(run, 'void') : run));
    const gate = holdAgainst(base, busy, { thresholdPercent: 5 });
    expect(gate.noClaim).toContain('void');
    expect(gate.rows.some(({ isRegression }) => isRegression)).toBe(false);
  });

  it('refuses runs of other contenders, another machine or other orders', () => {
    expect(() => regressions(later({ c: 10_000 }))).toThrow('no contender in common');
    const [run] = later({ a: 10_000 });
    if (!run) throw new Error('no run');
    const elsewhere = { ...run, environment: { ...run.environment, cpu: 'Another CPU' } };
    expect(() => regressions([elsewhere])).toThrow(/not measured alike .*Another CPU/);
    const more = { ...run, orders: { ...run.orders, count: 5000 } };
    expect(() => regressions([more])).toThrow(/5000 orders/);
  });
});
