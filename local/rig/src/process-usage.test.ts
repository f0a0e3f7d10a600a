import { describe, expect, it } from 'vitest';
import { parsePsTime } from './process-usage.js';

describe('parsePsTime reads what ps prints on macOS and Linux', () => {
  it.each([
    ['0:01.50', 1_500],
    ['12:34.56', 754_560],
    ['01:02:03', 3_723_000],
    ['2-01:02:03', 176_523_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parsePsTime(text)).toBe(ms);
  });
});
