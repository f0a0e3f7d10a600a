#!/usr/bin/env node
import { join } from 'node:path';
import { cacheDir, checkoutDir, findDaprd, findSpin, type Rig } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { buildContender } from './build.js';
import { findContender, listContenders, usesSpin } from './contender.js';
import { exitOnWrongUse, integer, share } from './flags.js';
import { PrintedLog, summary, table } from './print.js';
import { isCorrect, type RunResult } from './result.js';
import { writeResult } from './result-file.js';
import { run } from './run.js';
import { spinHost } from './spin-host.js';
import { withCheckout } from './with-checkout.js';

interface RunFlags {
  readonly orders: number;
  readonly contenders: readonly string[];
  readonly seed: number;
  readonly expressShare: number;
  readonly malformed: number;
  readonly blobs: 'local' | 'azurite';
  readonly latencyMs: number;
  readonly timeoutS: number;
  readonly results: string;
}

const program = new Command('bench')
  .description(
    'Measures how fast, and at what cost, contenders move orders through Service Bus, Dapr and Blob Storage.',
  )
  .exitOverride(exitOnWrongUse);

program
  .command('run')
  .description('one burst for each contender, every order verified, a result file a run')
  .option('--contenders <names...>', 'names (see `bench contenders`) or folders with a contender.json', [
    'spin-ts',
    'express-ts',
  ])
  .option('--orders <n>', 'valid orders in the burst', integer(1), 10_000)
  .option('--seed <n>', 'decides the orders; the same seed gives the same', integer(0), 1)
  .option('--express-share <share>', 'share of the orders that go express, 0 to 1', share, 0.5)
  .option(
    '--malformed <n>',
    'mix in n malformed messages and make n of the orders hostile; such a run is checked, not timed',
    integer(0),
    0,
  )
  .addOption(new Option('--blobs <store>', 'where orders are written').choices(['local', 'azurite']).default('local'))
  .option('--latency-ms <ms>', 'delay each queue and blob operation, for Azure-like conditions', integer(0), 0)
  .option('--timeout-s <s>', 'give the drain up after this many seconds', integer(1), 600)
  .option('--results <dir>', 'folder for result files', join(checkoutDir, 'results'))
  .addHelpText(
    'after',
    '\nExit codes: 0 complete and correct, 1 incomplete or incorrect, 2 wrong use or missing tool, 130 interrupted.',
  )
  .action(async (flags: RunFlags) => {
    process.exitCode = await withCheckout('bench run', session => runAll(flags, session));
  });

program
  .command('contenders')
  .description('list the contenders of this checkout')
  .action(async () => {
    for (const { name, description } of await listContenders()) console.log(`${name.padEnd(18)} ${description}`);
  });

program
  .command('build')
  .description('find or build daprd and the Spin host, and build every contender, so that nothing is left for a run')
  .action(async () => {
    process.exitCode = await withCheckout('bench build', async () => {
      await findDaprd();
      const spin = await findSpin();
      for (const contender of await listContenders()) await buildContender(contender, spin);
      return 0;
    });
  });

program
  .command('cache-dir')
  .description('print the folder that holds what was built from source')
  .action(() => console.log(cacheDir()));

await program.parseAsync();

interface Session {
  readonly signal: AbortSignal;
  setRig(rig: Rig): void;
}

async function runAll(flags: RunFlags, { signal, setRig }: Session): Promise<number> {
  const contenders = await Promise.all(flags.contenders.map(findContender));
  const daprd = await findDaprd();
  const spin = contenders.some(usesSpin) ? await findSpin() : undefined;
  for (const contender of contenders) await buildContender(contender, spin);
  const host = spin && (await spinHost(spin));
  const results: RunResult[] = [];
  for (const [index, contender] of contenders.entries()) {
    const log = new PrintedLog();
    process.stderr.write(`${contender.name} (run ${index + 1} of ${contenders.length}): ${contender.description}\n`);
    const result = await run({
      contender,
      count: flags.orders,
      seed: flags.seed,
      expressShare: flags.expressShare,
      malformed: flags.malformed,
      blobs: flags.blobs,
      latencyMs: flags.latencyMs,
      timeoutMs: flags.timeoutS * 1000,
      daprd,
      ...(host && usesSpin(contender) ? { spin: host } : {}),
      log,
      signal,
      onRig: setRig,
    }).finally(() => log.end());
    results.push(result);
    console.log(summary(result));
    console.log(`  stored in ${await writeResult(result, flags.results)}\n`);
  }
  console.log(table(results));
  return results.every(isCorrect) ? 0 : 1;
}
