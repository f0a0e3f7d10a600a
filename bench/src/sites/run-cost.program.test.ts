import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { residentBytes } from './run-cost.js';

test('resident memory is told by process, this one included; a process that has ended has none', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const own = { role: 'app', pid: child.pid ?? 0, restarts: 0, logFile: '' } as const;
  const processes = [{ ...own, name: 'distributor' }];
  try {
    const running = await residentBytes({ processes });
    expect(Object.keys(running)).toEqual(['distributor', 'bench']);
    expect(Math.min(...Object.values(running))).toBeGreaterThan(10 * 2 ** 20);
  } finally {
    child.kill('SIGKILL');
  }
  await exited;
  expect(Object.keys(await residentBytes({ processes }))).toEqual(['bench']);
});
