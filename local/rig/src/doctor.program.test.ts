import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from './doctor.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** What the doctor says in these surroundings, the first of each subject; `limits` is run by a shell before it. */
async function findings(env: NodeJS.ProcessEnv, limits = ':'): Promise<Map<string, Finding>> {
  const module = new URL('../dist/doctor.js', import.meta.url).href;
  // Anything may be busy: it would look for longer else.
  const script = `const { examine } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(await examine(1)));`;
  const args = ['-c', `${limits}; exec "$0" "$@"`, process.execPath, '--input-type=module', '--eval', script];
  const { stdout } = await execa('sh', args, { env });
  const found: Finding[] = JSON.parse(stdout);
  return new Map(found.reverse().map(finding => [finding.subject, finding]));
}

describe.runIf(process.platform === 'linux')('the doctor', () => {
  it('names what is wrong with a machine, and what to do about each', async () => {
    const found = await findings(
      { TMPDIR: join(dir, 'x'.repeat(100)), DAPRD: join(dir, 'no-daprd'), XDG_CACHE_HOME: join(dir, 'cache') },
      'ulimit -n 256; command -v taskset >/dev/null && taskset -cp "$(taskset -cp $$ | sed "s/.*[:,-] *//")" $$ >/dev/null',
    );
    expect(found.get('open files')).toEqual({
      subject: 'open files',
      verdict: 'failure',
      detail: '256',
      remedy: 'raise the limit: ulimit -Hn 1024, or more',
    });
    expect(found.get('temporary')).toMatchObject({
      verdict: 'failure',
      detail: expect.stringMatching(/ bytes long, and a folder of sockets may have 79: set TMPDIR to a shorter path$/),
    });
    expect(found.get('daprd')).toMatchObject({
      verdict: 'failure',
      detail: expect.stringMatching(/^DAPRD names .*no-daprd, which is no program/),
      remedy: expect.stringMatching(/^Set DAPRD/),
    });
    expect(found.get('cores')).toMatchObject({ verdict: 'warning', detail: '1' });
    expect(found.get('checkout')).toMatchObject({ verdict: 'ok' });
  });

  it.each([
    ['relative', { XDG_CACHE_HOME: 'cache', HOME: '' }],
    ['not to be written', { XDG_CACHE_HOME: '/dev/null/cache' }],
  ])('tells of a cache folder that is %s, beside all that it finds else', async (_, env) => {
    const found = await findings({ ...env, TMPDIR: dir });
    expect(found.get('disk')).toMatchObject({ verdict: 'failure', remedy: expect.stringContaining('XDG_CACHE_HOME') });
    expect(found.get('temporary')).toMatchObject({ verdict: 'ok' });
  });
});
