import { execFileSync } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { coresOfLimit, machineSize, parseCores } from './machine-size.js';

test.each([
  ['200000 100000\n', 2],
  ['150000 100000\n', 2],
  ['50000 100000\n', 1],
  ['max 100000\n', Number.POSITIVE_INFINITY],
  ['', Number.POSITIVE_INFINITY],
])('a CPU limit of %j comes to %d cores', (cpuMax, cores) => {
  expect(coresOfLimit(cpuMax)).toBe(cores);
});

test('a kernel’s list of cores is read', () => {
  expect(parseCores('0-3,8')).toEqual([0, 1, 2, 3, 8]);
  expect(parseCores('5')).toEqual([5]);
});

test('no more than the machine has', () => {
  const { cores, memoryBytes } = machineSize();
  expect(cores).toBeLessThanOrEqual(availableParallelism());
  expect(memoryBytes).toBeLessThanOrEqual(totalmem());
});

test.runIf(process.platform === 'linux')('one core where a process may use no more', () => {
  const module = new URL('../dist/machine-size.js', import.meta.url).href;
  const script = `import { machineSize } from ${JSON.stringify(module)}; console.log(machineSize().cores);`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  expect(execFileSync('taskset', ['--cpu-list', '0', ...node], { encoding: 'utf8' })).toBe('1\n');
});
