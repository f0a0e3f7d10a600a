import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command } from 'commander';
import { execa } from 'execa';
import { findContender } from '../contenders/contender.js';
import { newContender } from '../contenders/new-contender.js';
import { placeText } from './results-folder.js';
import { withCheckout } from './with-checkout.js';

/** `bench new-contender`: one's own app in the comparison, from one that is there. */
export function newContenderCommand(): Command {
  return new Command('new-contender')
    .description(
      'make a contender of your own in apps/<name>, as a copy of one that is there, ready to be changed and run',
    )
    .argument('<name>', 'of the new one')
    .option('--from <contender>', 'the one that is copied', 'express-ts')
    .addHelpText('after', '\nExit codes: 0, 1 where it could not be built, 2 wrong use.')
    .action(async (name: string, { from }: { readonly from: string }) => {
      process.exitCode = await withCheckout('bench new-contender', ({ signal }) => make(name, from, signal));
    });
}

async function make(name: string, from: string, signal: AbortSignal): Promise<number> {
  const original = await findContender(from);
  const dir = await newContender({ name, from: original, appsDir: join(checkoutDir, 'apps') });
  process.stderr.write(`${placeText(dir)} is a copy of ${original.name}\n`);
  if (existsSync(join(dir, 'tsconfig.json'))) await addToBuild(name);
  const steps = [
    { says: 'linking its packages', command: ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'] },
    { says: 'compiling', command: ['npm', 'run', '--silent', 'build'] },
  ];
  for (const { says, command } of steps) {
    process.stderr.write(`${says}\n`);
    await execa(command[0] ?? '', command.slice(1), {
      cwd: checkoutDir,
      stdio: ['ignore', 2, 2],
      cancelSignal: signal,
    });
  }
  console.log(
    [
      `Run it beside the original:  make bench CONTENDERS="${original.name} ${name}"`,
      `Its tests:                   node node_modules/vitest/vitest.mjs run apps/${name}`,
      'What it may say of itself:   docs/contenders.md',
    ].join('\n'),
  );
  return 0;
}

/** Where `tsc -b` finds what it compiles, and what the tests are compiled against. */
const PROJECTS = ['tsconfig.json', 'tsconfig.tests.json'];
/** Stands in both; what is new comes before it. */
const NEXT = '{ "path": "generator" }';

async function addToBuild(name: string): Promise<void> {
  for (const project of PROJECTS) {
    const file = join(checkoutDir, project);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(NEXT, `{ "path": "apps/${name}" },\n    ${NEXT}`));
  }
}
