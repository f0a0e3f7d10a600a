import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';

/** Text in quotes of every kind; comments are left out before. */
const QUOTED = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const COMMENT = /^\s*(?:\/?\*|\/\/).*$/gm;

interface Said {
  readonly file: string;
  readonly text: string;
}

let said: readonly Said[];
beforeAll(async () => {
  const folders = ['bench/src', 'generator/src', 'local/rig/src'].map(folder => join(checkoutDir, folder));
  const files = await Promise.all(
    folders.map(async folder => (await readdir(folder, { recursive: true })).map(file => join(folder, file))),
  );
  const sources = files.flat().filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const texts = await Promise.all(
    sources.map(async file => {
      const code = (await readFile(file, 'utf8')).replaceAll(COMMENT, '');
      return (code.match(QUOTED) ?? []).map(text => ({ file, text }));
    }),
  );
  said = texts.flat();
});

const named = (pattern: RegExp) => [
  ...new Set(said.flatMap(({ text }) => [...text.matchAll(pattern)].map(match => match[1] ?? ''))),
];

it('messages say it in usual words', () => {
  const unusual =
    /way of an order|good dead-lettered|an instance a request|\b(?:CPU|ms|times) an order\b|\ba run's way\b/;
  // The report's words have tests of their own.
  expect(said.filter(({ file, text }) => !file.includes('/report/') && unusual.test(text))).toEqual([]);
});

/** Names of the commands in a help text. */
async function commandsOf(program: string): Promise<string[]> {
  const { stdout } = await execa(join(checkoutDir, program), ['--help']);
  return [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)].map(
    ([, name]) => name ?? '',
  );
}

describe('commands that messages name can be typed as they stand:', () => {
  it('make targets', async () => {
    const makefile = await readFile(join(checkoutDir, 'Makefile'), 'utf8');
    const targets = [...makefile.matchAll(/^([a-z0-9-]+):/gm)].map(([, target]) => target);
    // `make` is a word of English, too.
    const words = ['a', 'an', 'n', 'it', 'sure'];
    const there = named(/\bmake ([a-z][a-z0-9-]*)/g).filter(target => !words.includes(target));
    expect(there.length).toBeGreaterThan(10);
    expect(there.filter(target => !targets.includes(target))).toEqual([]);
  });

  it.each([
    ['bench', 'bench/bin/bench.js'],
    ['rig', 'bench/bin/rig.js'],
    ['order-generator', 'generator/bin/order-generator.js'],
  ])('%s', async (name, program) => {
    const commands = await commandsOf(program);
    const there = named(new RegExp(`node_modules/\\.bin/${name} ([a-z][a-z0-9-]*)`, 'g'));
    expect(there.filter(command => !commands.includes(command))).toEqual([]);
    // Without its path none is found: only what holds a checkout is called by its short name.
    expect(named(new RegExp(`(?:run|see|try|with|by) ['"\`(]*(${name} (?:${commands.join('|')}))\\b`, 'g'))).toEqual(
      [],
    );
  });
});
