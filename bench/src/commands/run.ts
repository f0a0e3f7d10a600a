import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { addTargetFlags, type TargetFlags } from '../azure/target-flags.js';
import { integer, runtimeFlag, share } from '../flags.js';
import type { Wanted } from '../prepare.js';
import { PrintedLog, summary, table } from '../print.js';
import { isCorrect, type RunResult } from '../result.js';
import { writeResult } from '../result-file.js';
import { makeResultsFolder } from '../results-folder.js';
import { BURST, parseArrival, type RunPlan } from '../run-plan.js';
import { prepareRunner } from '../runner.js';
import { addTuningFlags } from '../tuning-flags.js';
import { UsageError } from '../usage-error.js';
import { describeVoidRules } from '../void-rules.js';
import { type CheckoutSession, withCheckout } from '../with-checkout.js';

interface RunFlags extends TargetFlags, Wanted {
  readonly orders: number;
  readonly seed: number;
  readonly expressShare: number;
  readonly malformed: number;
  readonly arrival: RunPlan;
  readonly mode: 'burst' | 'cold';
  readonly blobs: 'local' | 'azurite';
  readonly timeoutS: number;
  readonly results: string;
}

/** `bench run`: one run for each contender, a burst unless said otherwise. */
export function runCommand(): Command {
  return addTargetFlags(addTuningFlags(new Command('run')))
    .description('one run for each contender, every order verified, a result file a run')
    .option('--contenders <names...>', 'names (see `bench contenders`) or folders with a contender.json', [
      'spin-ts',
      'express-ts',
    ])
    .addOption(runtimeFlag())
    .option('--orders <n>', 'valid orders', integer(1), 10_000)
    .addOption(
      new Option('--arrival <how>', 'burst, or constant:<orders a second> for latencies at that rate')
        .argParser(parseArrival)
        .default(BURST, 'burst'),
    )
    .addOption(
      new Option('--mode <mode>', 'cold: the first burst after a start, without a warm-up')
        .choices(['burst', 'cold'])
        .default('burst'),
    )
    .option('--seed <n>', 'decides the orders; the same seed gives the same', integer(0), 1)
    .option('--express-share <share>', 'share of the orders that go express, 0 to 1', share, 0.5)
    .option(
      '--malformed <n>',
      'mix in n malformed messages and make n of the orders hostile; such a run is checked, not timed',
      integer(0),
      0,
    )
    .addOption(new Option('--blobs <store>', 'where orders are written').choices(['local', 'azurite']).default('local'))
    .option('--timeout-s <s>', 'give the drain up after this many seconds', integer(1), 600)
    .option('--results <dir>', 'folder for result files', join(checkoutDir, 'results'))
    .addHelpText(
      'after',
      `\n${describeVoidRules()}\n` +
        'Exit codes: 0 complete and correct, 1 incomplete or incorrect, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: RunFlags) => {
      process.exitCode = await withCheckout('bench run', session => runAll(flags, session));
    });
}

async function runAll(flags: RunFlags, session: CheckoutSession): Promise<number> {
  const plan = planOf(flags);
  await makeResultsFolder(flags.results);
  const runner = await prepareRunner({ flags, blobs: flags.blobs, session });
  const results: RunResult[] = [];
  for (const [index, contender] of runner.contenders.entries()) {
    const { name, description } = contender;
    const log = new PrintedLog();
    process.stderr.write(`${name} (run ${index + 1} of ${runner.contenders.length}): ${description}\n`);
    const result = await runner
      .run({
        contender,
        count: flags.orders,
        seed: flags.seed,
        expressShare: flags.expressShare,
        malformed: flags.malformed,
        plan,
        tuning: flags,
        timeoutMs: flags.timeoutS * 1000,
        log,
      })
      .finally(() => log.end());
    results.push(result);
    console.log(summary(result));
    console.log(`  stored in ${await writeResult(result, flags.results)}\n`);
  }
  console.log(table(results));
  return results.every(isCorrect) ? 0 : 1;
}

function planOf({ arrival, mode, malformed, target, blobs }: RunFlags): RunPlan {
  if (target === 'azure' && blobs !== 'local') throw new UsageError('--blobs is for --target local');
  if (arrival.mode !== 'paced') return { mode };
  if (mode === 'cold') throw new UsageError('a cold run is a burst: leave out --mode cold or --arrival');
  if (malformed > 0)
    throw new UsageError('a run with malformed orders is not timed: leave out --malformed or --arrival');
  return arrival;
}
