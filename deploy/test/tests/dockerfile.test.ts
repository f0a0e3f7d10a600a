import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { sourcesOf, stagesOf } from '../src/image/dockerfile.js';
import { ignoredBy } from '../src/image/dockerignore.js';

describe('a Dockerfile', () => {
  test('is read by stages, without comments, and with continued lines as one', () => {
    const text = [
      '# first',
      'FROM --platform=$BUILDPLATFORM a:1 AS build',
      'COPY x/ y ./',
      'RUN one \\',
      ' && two',
      'FROM b',
    ];
    expect(stagesOf(text.join('\n'))).toEqual([
      {
        image: 'a:1',
        name: 'build',
        instructions: [
          { keyword: 'COPY', text: 'x/ y ./' },
          { keyword: 'RUN', text: 'one && two' },
        ],
      },
      { image: 'b', name: undefined, instructions: [] },
    ]);
  });

  test('that does not begin with FROM is refused', () => {
    expect(() => stagesOf('RUN true')).toThrow('begins with FROM');
  });

  test.each(['node', 'daprd'])('is given what Docker is given by its .dockerignore: %s', async image => {
    const file = `deploy/images/${image}.Dockerfile`;
    const isIgnored = await ignoredBy(file);
    // The patterns are few, and mean to git what they mean to Docker.
    const ignored = await tracked('--ignored', `--exclude-from=${file}.dockerignore`);
    const all = await tracked();
    expect(all.filter(isIgnored)).toEqual(ignored);
    const [build] = stagesOf(await readFile(join(checkoutDir, file), 'utf8'));
    const sources = build ? sourcesOf(build) : [];
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources)
      expect(
        all.some(path => path.startsWith(source) && !isIgnored(path)),
        source,
      ).toBe(true);
  });
});

async function tracked(...flags: readonly string[]): Promise<string[]> {
  const { stdout } = await execa('git', ['ls-files', '--cached', ...flags], { cwd: checkoutDir, stdin: 'ignore' });
  return stdout.split('\n').filter(path => path !== '');
}
