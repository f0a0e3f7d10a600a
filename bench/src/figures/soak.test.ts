import { describe, expect, it } from 'vitest';
import { exampleSoak } from '../../test-kit/example-result.js';
import { summary } from '../cli/run-text.js';
import { RESULT_FORMAT } from '../results/result-file.js';
import { soakOf } from './soak.js';

describe('a soak', () => {
  it('holds the minute after the first against the last full one', () => {
    expect(soakOf(exampleSoak([20, 10, 12, 15]))).toEqual({
      first: { minute: 2, p99Ms: 10, appRssBytes: 330_000_000 },
      last: { minute: 4, p99Ms: 15, appRssBytes: 360_000_000 },
    });
  });

  it('leaves a last minute out that is not full', () => {
    const result = exampleSoak([20, 10, 12, 99]);
    const short = { ...result, orders: { ...result.orders, count: result.orders.count - 1 } };
    expect(soakOf(short)?.last).toMatchObject({ minute: 3, p99Ms: 12 });
  });

  it('has nothing to say of runs without two such minutes, or without minutes', () => {
    expect(soakOf(exampleSoak([20, 10]))).toBeNull();
    const { minutes, ...older } = exampleSoak([20, 10, 12]);
    expect(soakOf(older)).toBeNull();
  });

  it('does not call a sum of processes whole where one was not read', () => {
    const result = exampleSoak([20, 10, 12]);
    const minutes = (result.minutes ?? []).map(minute =>
      minute.minute === 3 ? { ...minute, rssBytes: { distributor: 1 } } : minute,
    );
    expect(soakOf({ ...result, minutes })?.last.appRssBytes).toBeNull();
  });

  it('is one line of a run’s summary, with numbers and no verdict', () => {
    expect(summary(exampleSoak([20, 10, 12, 15]))).toContain(
      '\n  minute 2 -> minute 4: p99 10.0 -> 15.0 ms (+50.0 %), app memory 315 MiB -> 343 MiB (+9.1 %)\n',
    );
    expect(summary(exampleSoak([20, 10]))).not.toContain('minute 2');
  });
});

describe('a result file', () => {
  const text = (value: object) => JSON.stringify(value);
  const result = exampleSoak([20, 10, 12]);
  const { minutes, ...older } = result;

  it('may have minutes, and need not', () => {
    expect(RESULT_FORMAT.parse(text(result), 'new.json')).toEqual(result);
    expect(RESULT_FORMAT.parse(text(older), 'old.json')).toEqual(older);
  });

  it('has no minutes of a run without a latency', () => {
    const { latency, ...untimed } = result;
    expect(() => RESULT_FORMAT.parse(text(untimed), 'a.json')).toThrow('only a run with a latency has minutes');
  });

  it('has nothing in its minutes that is not of the published shape', () => {
    const [first] = minutes ?? [];
    const wrong = { ...result, minutes: [{ ...first, orders: 0, extra: 1 }] };
    expect(() => RESULT_FORMAT.parse(text(wrong), 'a.json')).toThrow(
      /minutes\.0\.orders: .*minutes\.0\.extra is no known field/,
    );
  });
});
