import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { cpuTimes, memoryBytes, parsePsTime, peakMemoryByGroup, restartPeakMemory } from './process-usage.js';

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

describe('the memory in /proc/<pid>/status', () => {
  const status = 'Name:\tnode\nVmPeak:\t 1000 kB\nVmHWM:\t   80 kB\nVmRSS:\t   72 kB\nRssAnon:\t   60 kB\n';

  it('is what is resident now, and what was at most', () => {
    expect(memoryBytes(status, 'VmRSS')).toBe(72 * 1024);
    expect(memoryBytes(status, 'VmHWM')).toBe(80 * 1024);
  });

  it('is nothing for a zombie, which has no such lines', () => {
    expect(memoryBytes('Name:\tnode\nState:\tZ (zombie)\n', 'VmRSS')).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('the peak memory of a process', () => {
  it('begins anew when it is asked to', async () => {
    const script =
      'let held = Buffer.alloc(128 << 20, 1); held = null; gc(); console.log(process.memoryUsage.rss()); setInterval(() => {}, 1e3)';
    const child = spawn(process.execPath, ['--expose-gc', '-e', script], { detached: true });
    try {
      await once(child.stdout, 'data');
      const groups = new Set([child.pid ?? 0]);
      const peakBytes = async () => (await peakMemoryByGroup(groups)).get(child.pid ?? 0)?.bytes;
      expect(await peakBytes()).toBeGreaterThan(128 << 20);
      restartPeakMemory(groups);
      expect(await peakBytes()).toBeLessThan(128 << 20);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('counts what processes share once among them', async () => {
    // Three processes of one program: its code and libraries, some 40 MiB, are theirs together.
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['-e', 'console.log(process.memoryUsage.rss()); setInterval(() => {}, 1e3)'], {
        detached: true,
      }),
    );
    try {
      const resident = await Promise.all(
        children.map(async ({ stdout }) => Number((await once(stdout, 'data')) as [Buffer])),
      );
      const peaks = await peakMemoryByGroup(new Set(children.map(({ pid = 0 }) => pid)));
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect([...peaks.values()].map(({ source }) => source)).toEqual(['pss', 'pss', 'pss']);
      expect(sum([...peaks.values()].map(({ bytes }) => bytes))).toBeLessThan(sum(resident) - (20 << 20));
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
});
