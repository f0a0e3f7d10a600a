import { cacheDir } from '@order-bench/rig';
import { Command } from 'commander';
import { listContenders } from '../contenders/contender.js';
import { prepare } from '../contenders/prepare.js';
import { withCheckout } from './with-checkout.js';

/** `bench build`: everything that a run needs, found or built. */
export function buildCommand(): Command {
  return new Command('build')
    .description(
      'build daprd, find or build the Spin host, and build every contender, so that nothing is left for a run',
    )
    .action(async () => {
      process.exitCode = await withCheckout('bench build', async () => {
        await prepare({ contenders: (await listContenders()).map(({ name }) => name), runtime: [] });
        return 0;
      });
    });
}

/** `bench cache-dir`: where `bench build` keeps what it built from source. */
export function cacheDirCommand(): Command {
  return new Command('cache-dir')
    .description('print the folder that holds what was built from source')
    .action(() => console.log(cacheDir()));
}
