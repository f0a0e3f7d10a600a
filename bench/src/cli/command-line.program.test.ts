import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const run = (command: string, args: readonly string[]) =>
  execa(join(checkoutDir, 'bench/bin', `${command}.js`), args, { reject: false, all: true });

it.each(['bench', 'rig'])('%s tells its version', async command => {
  const { exitCode, stdout } = await run(command, ['--version']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});

it.each([
  ['bench', ['rn'], ["unknown command 'rn'", 'Did you mean run?', 'see node_modules/.bin/bench --help']],
  ['bench', ['run', '--order', '5'], ['Did you mean --orders?', 'see node_modules/.bin/bench run --help']],
  ['bench', ['dlq', 'lst'], ['Did you mean list?', 'see node_modules/.bin/bench dlq --help']],
  ['bench', ['sweep', '--vary', 'handlers=4', '8'], ['separated by blanks', 'by commas (--vary handlers=4,8)']],
  ['rig', ['upp'], ['Did you mean up?', 'see node_modules/.bin/rig --help']],
])('%s %j is answered with the next step', async (command, args, says) => {
  const { exitCode, all } = await run(command, args);
  expect(exitCode).toBe(2);
  for (const text of says) expect(all).toContain(text);
});

it.each(['bench', 'rig'])('%s calls itself by what can be typed', async command => {
  expect((await run(command, ['--help'])).stdout).toContain(`Usage: node_modules/.bin/${command} [options] [command]`);
});
