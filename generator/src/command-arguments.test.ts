import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseArrival, parseCount, parseDuration, parseSeed, parseShare, parseTime } from './command-arguments.js';

describe("the command's arguments", () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
  ])('read %s as a duration', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('read times, arrivals, counts, seeds and shares', () => {
    expect(parseTime('2030-01-31T12:00:00+01:00')).toBe(Date.UTC(2030, 0, 31, 11));
    expect(parseArrival('burst')).toEqual({ kind: 'burst' });
    expect(parseArrival('constant:62.5')).toEqual({ kind: 'constant', ratePerSecond: 62.5 });
    expect([parseCount('10000'), parseSeed('0'), parseShare('0.25')]).toEqual([10_000, 0, 0.25]);
  });

  it('refuse a time that is past, with the time that it is', () => {
    expect(() => parseTime('2020-01-01T00:00:00Z')).toThrow(/It is past \(now: 20.*Z\)\. Give a later one, or --in 5s/);
  });

  it.each([
    { parse: parseDuration, texts: ['5', 's', '-5s', '5 s', ''] },
    { parse: parseTime, texts: ['tomorrow', '2030-01-31', '2030-01-31T12:00:00', '2030-13-01T00:00:00Z'] },
    { parse: parseArrival, texts: ['constant', 'constant:0', 'constant:-1', 'constant:x', 'ramp'] },
    { parse: parseCount, texts: ['0', '-1', '1.5', '1e3', ''] },
    { parse: parseSeed, texts: ['-1', '4294967296', 'x', ''] },
    { parse: parseShare, texts: ['1.1', '-0.1', '', 'half'] },
  ])('refuse what $parse.name cannot read', ({ parse, texts }) => {
    for (const text of texts) expect(() => parse(text), text).toThrow(InvalidArgumentError);
  });
});
