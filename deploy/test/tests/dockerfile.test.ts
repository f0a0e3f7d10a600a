import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { describe, expect, test } from 'vitest';
import { IGNORED, sourcesOf, stagesOf } from '../src/image/dockerfile.js';

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

  test.each(['deploy/images/node.Dockerfile', 'deploy/images/daprd.Dockerfile'])(
    'of this checkout says in its .dockerignore what the builder without an engine leaves out: %s',
    async file => {
      const [build] = stagesOf(await readFile(join(checkoutDir, file), 'utf8'));
      expect(build && sourcesOf(build).length).toBeGreaterThan(0);
      const ignored = (await readFile(join(checkoutDir, `${file}.dockerignore`), 'utf8')).trim().split('\n');
      expect(ignored).toEqual(IGNORED);
    },
  );
});
