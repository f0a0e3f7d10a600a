import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseSwitches, switchesByGroup, switchesSince } from './context-switches.js';
import { readProc } from './proc.js';

describe('context switches', () => {
  it('are read from a thread’s status, where the one name ends with the other', () => {
    const status = 'Name:\tnode\nThreads:\t11\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t7\n';
    expect(parseSwitches(status)).toEqual({ voluntary: 150, involuntary: 7 });
  });

  it('are counted between two readings, a new thread’s from its start and an ended one’s not at all', () => {
    const before = new Map([
      [1, { voluntary: 100, involuntary: 10 }],
      [2, { voluntary: 500, involuntary: 50 }],
    ]);
    const after = new Map([
      [1, { voluntary: 130, involuntary: 11 }],
      [3, { voluntary: 4, involuntary: 2 }],
    ]);
    expect(switchesSince(before, after)).toEqual({ voluntary: 34, involuntary: 3 });
  });

  it.runIf(process.platform === 'linux')('of this process grow as it waits, over all of its threads', async () => {
    // Vitest's worker is in the group of the terminal or of the runner: whichever it is, the group is alive.
    const stat = readProc('/proc/self/stat');
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
    const before = switchesByGroup(new Set([group]))?.get(group) ?? new Map();
    for (let i = 0; i < 5; i++) await delay(2);
    const after = switchesByGroup(new Set([group]))?.get(group) ?? new Map();
    expect(after.size).toBeGreaterThan(1);
    expect(switchesSince(before, after).voluntary).toBeGreaterThan(0);
  });
});
