import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The map of CONTRIBUTING.md, from the top down: a folder may import those below it. */
const ROWS = [
  ['cli'],
  ['live'],
  ['report'],
  ['edge', 'chaos', 'dlq', 'cost'],
  ['plans'],
  ['sites'],
  ['run'],
  ['verify'],
  ['workload', 'figures'],
  ['judge'],
  ['results'],
  ['contenders'],
  ['text'],
];
const FOLDERS = ROWS.flat();
/** A program of its own, which nothing imports. */
const PROGRAMS = ['direct'];

describe('make lint', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'layers-'));
    mkdirSync(join(copy, 'bench'));
    for (const file of ['.gitignore', 'biome.json', 'bench/biome.json'])
      copyFileSync(join(checkoutDir, file), join(copy, file));
    for (const folder of FOLDERS) write(`${folder}/here.ts`, 'export const here = 1;\n');
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  function write(file: string, text: string): void {
    mkdirSync(join(copy, 'bench/src', file, '..'), { recursive: true });
    writeFileSync(join(copy, 'bench/src', file), text);
  }

  it('knows every folder of bench/src', () => {
    const folders = readdirSync(join(checkoutDir, 'bench/src'), { withFileTypes: true }).filter(entry =>
      entry.isDirectory(),
    );
    expect(folders.map(({ name }) => name).sort()).toEqual([...FOLDERS, ...PROGRAMS].sort());
  });

  it('refuses every import upwards or beside, names the map, and takes every one downwards', async () => {
    const refused: string[] = [];
    for (const [row, from] of ROWS.flatMap((folders, index) => folders.map(folder => [index, folder] as const))) {
      for (const to of FOLDERS.filter(folder => folder !== from)) {
        write(`${from}/${to}.ts`, `import { here } from '../${to}/here.js';\n\nexport const there = here;\n`);
        if (ROWS.slice(0, row + 1).some(folders => folders.includes(to))) refused.push(`bench/src/${from}/${to}.ts`);
      }
    }
    const found = await lint();
    expect(found.map(({ path }) => path).sort()).toEqual(refused.sort());
    for (const { message } of found) expect(message).toMatch(/may not import it: see the map in CONTRIBUTING\.md/);
  });

  it('refuses two files that import each other', async () => {
    write('judge/hen.ts', "import { egg } from './egg.js';\n\nexport const hen = () => egg;\n");
    write('judge/egg.ts', "import { hen } from './hen.js';\n\nexport const egg = () => hen;\n");
    const cycles = (await lint()).filter(({ category }) => category === 'lint/suspicious/noImportCycles');
    expect(cycles.map(({ path }) => path).sort()).toEqual(['bench/src/judge/egg.ts', 'bench/src/judge/hen.ts']);
  });

  interface Finding {
    readonly category: string;
    readonly path: string;
    readonly message: string;
  }

  async function lint(): Promise<Finding[]> {
    const report = join(copy, 'report.json');
    const { exitCode, all } = await execa(
      join(checkoutDir, 'node_modules/.bin/biome'),
      ['lint', '--error-on-warnings', '--max-diagnostics=none', '--reporter=json', `--reporter-file=${report}`],
      { cwd: copy, reject: false, all: true },
    );
    expect(exitCode, all).toBe(1);
    const { diagnostics } = JSON.parse(readFileSync(report, 'utf8')) as {
      diagnostics: { category: string; message: string; location: { path: string } }[];
    };
    rmSync(report);
    return diagnostics.map(({ category, message, location }) => ({ category, message, path: location.path }));
  }
});
