import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { UsageError } from '../text/usage-error.js';
import { buildContender, CannotBuild } from './build.js';
import type { Runtime } from './runtime.js';

const OWN: Runtime = { name: 'own', kind: 'other', version: null, command: [], env: {}, info: null };

function build(script: string): Promise<void> {
  const contender = {
    ...{ name: 'mine', description: 'somebody else’s app', runtime: 'own', healthPath: '/healthz', dir: tmpdir() },
    ...{ start: ['./app'], build: ['sh', '-c', script] },
  };
  return buildContender({ contender, runtime: OWN });
}

it('a contender is built by its own command, in its folder', async () => {
  await build(`test "$PWD" -ef '${tmpdir()}'`);
});

it('a build that ends with 69 says what this machine lacks', async () => {
  const refused = build('echo "there is no compiler" >&2; exit 69');
  await expect(refused).rejects.toThrow(CannotBuild);
  await expect(refused).rejects.toThrow("mine can't be built here: there is no compiler");
});

it('a build that fails otherwise shows the end of its output', async () => {
  const failed = build('echo "undefined: frobnicate" >&2; exit 1');
  await expect(failed).rejects.toThrow(UsageError);
  await expect(failed).rejects.toThrow(/^building mine in .* failed:\nundefined: frobnicate$/);
});
