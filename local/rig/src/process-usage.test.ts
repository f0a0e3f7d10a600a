import { describe, expect, it } from 'vitest';
import { cpuTimes, parsePsTime } from './process-usage.js';

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

describe('the CPU time in /proc/<pid>/stat', () => {
  it('is that of the process and of its waited-for children, in user and kernel mode', () => {
    const stat =
      '4242 (node (main) x) S 1 4242 4242 0 -1 4194304 9 0 0 0 150 40 7 3 20 0 11 0 100 1000 200 0'
        .split(') ')
        .at(-1) ?? '';
    expect(cpuTimes(stat.split(' '))).toEqual({ userCpuMs: 1_570, systemCpuMs: 430 });
  });
});
