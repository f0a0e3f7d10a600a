import { join } from 'node:path';
import { cacheDir } from '@order-bench/rig';
import { Command } from 'commander';
import { CannotBuild } from '../contenders/build.js';
import { listContenders } from '../contenders/contender.js';
import { prepare } from '../contenders/prepare.js';
import { withCheckout } from './with-checkout.js';

/** `bench build`: everything that a run needs, found or built. */
export function buildCommand(): Command {
  return new Command('build')
    .description(
      'build daprd, find or build the Spin host, and build every contender and its Order API, so that nothing is left for a run',
    )
    .action(async () => {
      process.exitCode = await withCheckout('bench build', async () => {
        for (const { name, dir, orderApi } of await listContenders()) {
          await buildIfPossible([name, ...(orderApi === undefined ? [] : [join(dir, orderApi)])]);
        }
        return 0;
      });
    });
}

/** What one contender lacks keeps nobody from the others. */
async function buildIfPossible(contenders: readonly string[]): Promise<void> {
  try {
    await prepare({ contenders, runtime: [] });
  } catch (error) {
    if (!(error instanceof CannotBuild)) throw error;
    console.error(`left out: ${error.message}`);
  }
}

/** `bench cache-dir`: where `bench build` keeps what it built from source. */
export function cacheDirCommand(): Command {
  return new Command('cache-dir')
    .description('print the folder that holds what was built from source')
    .action(() => console.log(cacheDir()));
}
