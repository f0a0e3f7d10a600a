import { cpus } from 'node:os';
import { machineSize } from '@order-bench/rig';
import { Command, InvalidArgumentError } from 'commander';
import type { Contender } from '../contenders/contender.js';
import { TUNING_FLAGS } from '../contenders/tuning-flags.js';
import type { RigHolder, Runner } from '../plans/runner.js';
import { type SteadyRate, storedSteadyRate } from '../plans/steady-rate.js';
import { planId } from '../results/plan-id.js';
import { readResults } from '../results/read-results.js';
import type { RunResult } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { BURST, type RunPlan } from '../run/run-plan.js';
import { describeVoidRules } from '../run/void-rules.js';
import { integer } from '../text/flags.js';
import { followedRunner } from './followed-runner.js';
import { printedLog } from './printed-log.js';
import { makeResultsFolder, placeText } from './results-folder.js';
import { addRunFlags, CONTENDERS, EXPRESS_SHARE, type RunFlags, timeoutMsOf, verboseFlag } from './run-flags.js';
import { latencyTable } from './run-table.js';
import { runLine, stands, summary } from './run-text.js';
import { withCheckout } from './with-checkout.js';

interface PacedFlags extends RunFlags {
  readonly shares: readonly number[];
  readonly durationS: number;
  readonly verbose: boolean;
}

/** `bench paced`: latencies of each contender at shares of its own steady rate. */
export function pacedCommand(): Command {
  return addRunFlags(new Command('paced'), {
    contenders: CONTENDERS,
    orders: ['orders of the burst that gives a steady rate where no result does', 10_000],
    seed: 'decides the orders; the same seed gives the same',
    results: 'folder for results: steady rates are read from it, and these are kept in paced/<id>',
  })
    .description('latencies of each contender at 50, 70 and 90 % of its steady rate, a result file for each run')
    .option('--shares <percents>', 'of the steady rate, as in 50,70,90', parseShares, [50, 70, 90])
    .option('--duration-s <s>', 'how long orders come', integer(1), 30)
    .addOption(verboseFlag())
    .addHelpText(
      'after',
      `\nThe steady rate is the median of the contender's newest bursts in --results; on a cluster one is measured first.\n${describeVoidRules()}\n` +
        'Exit codes: 0 complete and correct, 1 incomplete, incorrect or void, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: PacedFlags) => {
      process.exitCode = await withCheckout('bench paced', session => runAll(flags, session));
    });
}

async function runAll(flags: PacedFlags, session: RigHolder): Promise<number> {
  await makeResultsFolder(flags.results);
  const runner = await followedRunner({ command: 'bench paced', flags, blobs: 'local', session });
  const dir = planDir(flags.results, 'paced', planId(new Date()));
  const results: RunResult[] = [];
  let hasFailed = false;
  for (const contender of runner.contenders) {
    const { name } = contender;
    const own = { runner, contender, flags, dir };
    const steady = await steadyRate(own);
    if (!steady) {
      hasFailed = true;
      continue;
    }
    const rate = steady.ordersPerSecond;
    process.stderr.write(`${name}: ${rate.toFixed(1)} orders/s steady, from ${steady.resultIds.join(', ')}\n`);
    for (const percent of flags.shares) {
      const ratePerSecond = Math.max(0.1, Math.round((rate * percent) / 10) / 10);
      const plan: RunPlan = { mode: 'paced', ratePerSecond, shareOfSteadyRate: percent / 100 };
      process.stderr.write(`${name}: ${ratePerSecond} orders/s for ${flags.durationS} s, ${percent} %\n`);
      results.push(await runOne(own, plan, Math.max(1, Math.round(ratePerSecond * flags.durationS))));
    }
  }
  process.stderr.write(`stored in ${placeText(dir)}\n\n`);
  if (results.length > 0) console.log(latencyTable(results));
  return !hasFailed && results.every(stands) ? 0 : 1;
}

interface Paced {
  readonly runner: Runner;
  readonly contender: Contender;
  readonly flags: PacedFlags;
  /** Where its runs are stored. */
  readonly dir: string;
}

/** From stored results, else from a burst that is measured and stored now; undefined, and said, where that fails. */
async function steadyRate(paced: Paced): Promise<SteadyRate | undefined> {
  const { runner, contender, flags } = paced;
  const host = runner.hostOf(contender);
  // A stored burst is of the contender's own settings.
  const isTuned = TUNING_FLAGS.some(({ key }) => key !== 'warmUp' && flags[key] !== undefined);
  const stored =
    host === null || isTuned
      ? undefined
      : storedSteadyRate(await readResults(flags.results), {
          contender: contender.name,
          host,
          replicas: contender.replicas ?? 1,
          cpu: cpus()[0]?.model ?? 'unknown',
          cores: machineSize().cores,
        });
  if (stored) return stored;
  process.stderr.write(
    `${contender.name}: no burst of it in ${placeText(flags.results)}, so one of ${flags.orders} orders\n`,
  );
  const result = await runOne(paced, BURST, flags.orders);
  if (result.status === 'complete') {
    return { ordersPerSecond: result.drain.steadyOrdersPerSecond, resultIds: [result.id] };
  }
  process.stderr.write(
    `error: ${contender.name} has no steady rate: its burst is ${result.status}, ${result.reason}\n`,
  );
  return undefined;
}

async function runOne({ runner, contender, flags, dir }: Paced, plan: RunPlan, count: number): Promise<RunResult> {
  const log = printedLog();
  const result = await runner
    .run({
      contender,
      plan,
      count,
      seed: flags.seed,
      expressShare: EXPRESS_SHARE,
      malformed: 0,
      tuning: flags,
      timeoutMs: timeoutMsOf(flags, count),
      log,
    })
    .finally(() => log.end());
  await writeResult(result, dir);
  process.stderr.write(`  ${flags.verbose ? summary(result) : runLine(result)}\n`);
  return result;
}

function parseShares(text: string): number[] {
  const percents = text.split(',').map(Number);
  if (!percents.every(percent => Number.isInteger(percent) && percent >= 1 && percent <= 200)) {
    throw new InvalidArgumentError('it takes whole percents from 1 to 200, as in 50,70,90.');
  }
  return percents;
}
