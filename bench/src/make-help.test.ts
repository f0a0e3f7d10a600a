import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { expect, it } from 'vitest';

it('make help lists every target that says what it does, in 80 columns', async () => {
  const makefile = await readFile(join(checkoutDir, 'Makefile'), 'utf8');
  const described = [...makefile.matchAll(/^([^\s:]+):.* ## /gm)].map(([, target]) => target);
  const { stdout } = await execa('make', ['help'], { cwd: checkoutDir });
  const listed = [...stdout.matchAll(/^ {2}make (\S+)/gm)].map(([, target]) => target);
  expect(listed).toEqual(described);
  expect(listed).toContain('k6');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
