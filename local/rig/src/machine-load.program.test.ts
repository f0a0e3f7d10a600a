import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadText, machineLoad } from './machine-load.js';

test.runIf(process.platform === 'linux')('a machine that is not quiet enough names who keeps it busy', async () => {
  const busy = spawn(process.execPath, ['--eval', 'for (;;);']);
  try {
    // No second is as quiet as that.
    const { busyShare, busiest } = await machineLoad({ quietShare: -1, mostSeconds: 1 });
    expect(busyShare).toBeGreaterThan(0);
    // On a machine with more to do it need not be among the busiest.
    const shares = busiest.map(({ coreShare }) => coreShare);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  } finally {
    busy.kill();
  }
});

test('its load is told with the limit and the busiest processes', () => {
  const busiest = [
    { pid: 12, name: 'cargo build', coreShare: 0.98 },
    { pid: 13, name: 'node', coreShare: 0.3 },
  ];
  expect(loadText({ busyShare: 0.64, busiest }, 0.1)).toBe(
    '64 % of all cores are busy, at most 10 % may be: cargo build (process 12) 98 % of a core, node (process 13) 30 % of a core',
  );
});
