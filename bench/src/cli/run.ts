import { Command, Option } from 'commander';
import type { RigHolder } from '../plans/runner.js';
import { planId } from '../results/plan-id.js';
import type { RunResult } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { BURST, parseArrival, type RunPlan } from '../run/run-plan.js';
import { describeVoidRules } from '../run/void-rules.js';
import { integer, share } from '../text/flags.js';
import { UsageError } from '../text/usage-error.js';
import { followedRunner } from './followed-runner.js';
import { printedLog } from './printed-log.js';
import { makeResultsFolder, placeText } from './results-folder.js';
import { addRunFlags, CONTENDERS, EXPRESS_SHARE, type RunFlags, timeoutMsOf, verboseFlag } from './run-flags.js';
import { latencyTable, runTable } from './run-table.js';
import { runLine, stands, summary } from './run-text.js';
import { verdictLine } from './verdict-line.js';
import { withCheckout } from './with-checkout.js';

interface OneRunFlags extends RunFlags {
  readonly expressShare: number;
  readonly malformed: number;
  readonly arrival: RunPlan;
  readonly mode: 'burst' | 'cold';
  readonly blobs: 'local' | 'azurite';
  readonly verbose: boolean;
}

/** `bench run`: one run for each contender, a burst unless said otherwise. */
export function runCommand(): Command {
  return addRunFlags(new Command('run'), {
    contenders: CONTENDERS,
    orders: ['valid orders', 10_000],
    seed: 'decides the orders; the same seed gives the same',
    results: 'folder for results; these are kept in single/<id>',
  })
    .description('one run for each contender, every order verified, a result file for each')
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
    .option('--express-share <share>', 'share of the orders that go express, 0 to 1', share, EXPRESS_SHARE)
    .option(
      '--malformed <n>',
      'mix in n malformed messages and make n of the orders hostile; such a run is checked, not timed',
      integer(0),
      0,
    )
    .addOption(new Option('--blobs <store>', 'where orders are written').choices(['local', 'azurite']).default('local'))
    .addOption(verboseFlag())
    .addHelpText(
      'after',
      `\n${describeVoidRules()}\n` +
        'Exit codes: 0 complete and correct, 1 incomplete, incorrect or void, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: OneRunFlags) => {
      process.exitCode = await withCheckout('bench run', session => runAll(flags, session));
    });
}

async function runAll(flags: OneRunFlags, session: RigHolder): Promise<number> {
  const plan = planOf(flags);
  await makeResultsFolder(flags.results);
  const runner = await followedRunner({ command: 'bench run', flags, blobs: flags.blobs, session });
  const dir = planDir(flags.results, 'single', planId(new Date()));
  const results: RunResult[] = [];
  for (const [index, contender] of runner.contenders.entries()) {
    const { name, description } = contender;
    const log = printedLog();
    process.stderr.write(`${name}, run ${index + 1} of ${runner.contenders.length}: ${description}\n`);
    const result = await runner
      .run({
        contender,
        count: flags.orders,
        seed: flags.seed,
        expressShare: flags.expressShare,
        malformed: flags.malformed,
        plan,
        tuning: flags,
        timeoutMs: timeoutMsOf(flags, flags.orders),
        log,
      })
      .finally(() => log.end());
    results.push(result);
    await writeResult(result, dir);
    process.stderr.write(`  ${flags.verbose ? summary(result) : runLine(result)}\n`);
  }
  process.stderr.write(`stored in ${placeText(dir)}\n\n`);
  console.log(plan.mode === 'paced' ? latencyTable(results) : `${runTable(results)}\n\n${verdictLine(results)}`);
  return results.every(stands) ? 0 : 1;
}

function planOf({ arrival, mode, malformed, target, blobs }: OneRunFlags): RunPlan {
  if (target !== 'local' && blobs !== 'local') throw new UsageError('--blobs is for --target local');
  if (arrival.mode !== 'paced') return { mode };
  if (mode === 'cold') throw new UsageError('a cold run is a burst: leave out --mode cold or --arrival');
  if (malformed > 0)
    throw new UsageError('a run with malformed orders is not timed: leave out --malformed or --arrival');
  return arrival;
}
