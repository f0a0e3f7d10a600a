import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command, InvalidArgumentError } from 'commander';
import { addTargetFlags, type TargetFlags } from '../azure/target-flags.js';
import { type BaseRuns, baseRuns } from '../compare/base-runs.js';
import { calibrate } from '../compare/calibrate.js';
import { calibrationText } from '../compare/calibration-text.js';
import { type ComparisonPlan, writeComparison } from '../compare/comparison-file.js';
import { comparisonTable, gateTable } from '../compare/comparison-table.js';
import { LiveTable } from '../compare/live-table.js';
import { measurePlan } from '../compare/measure-plan.js';
import { planText } from '../compare/plan-text.js';
import { holdAgainst } from '../compare/regressions.js';
import { folderSet } from '../compare/result-set.js';
import { comparisonOf, NEWEST, readComparison, type StoredComparison } from '../compare/stored-comparison.js';
import type { Contender } from '../contender.js';
import { integer, runtimeFlag } from '../flags.js';
import type { Wanted } from '../prepare.js';
import { writeResult } from '../result-file.js';
import { prepareRunner } from '../runner.js';
import { addTuningFlags, TUNING_FLAGS } from '../tuning-flags.js';
import { UsageError } from '../usage-error.js';
import { describeVoidRules } from '../void-rules.js';
import { type CheckoutSession, withCheckout } from '../with-checkout.js';
import { withoutCheckout } from '../without-checkout.js';

interface CompareFlags extends TargetFlags, Wanted {
  readonly runs: number;
  readonly orders: number;
  readonly seed: number;
  readonly coolDownS: number;
  readonly timeoutS: number;
  readonly comparison?: string;
  readonly calibrate: boolean;
  readonly base?: string;
  readonly threshold: number;
  readonly results: string;
}

const EXPRESS_SHARE = 0.5;
const INCOMPLETE = 1;
const REGRESSION = 3;

/** `bench compare`: contenders against each other in randomised complete blocks, or against a base. */
export function compareCommand(): Command {
  return addTargetFlags(addTuningFlags(new Command('compare')))
    .description('contenders against each other in randomised blocks; says which differences the runs decide')
    .option('--contenders <names...>', 'names (see `bench contenders`) or folders with a contender.json', [
      'spin-ts',
      'spin-ts-settings',
      'express-ts',
      'express-ts-fetch',
      'null-ts',
    ])
    .addOption(runtimeFlag())
    .option('--runs <n>', 'runs of each contender, one a block; fixed beforehand', integer(1), 10)
    .option('--orders <n>', 'valid orders in each burst', integer(1), 10_000)
    .option('--seed <n>', 'decides the orders, and the order within each block', integer(0), 1)
    .option('--cool-down-s <s>', 'wait as many seconds between two runs', integer(0), 5)
    .option('--timeout-s <s>', 'give a drain up after this many seconds', integer(1), 600)
    .option('--comparison <id>', `run nothing: take this stored comparison, or '${NEWEST}'`)
    .option('--calibrate', 'run nothing: tell how often a stored comparison (the newest) decides wrongly', false)
    .option('--base <base>', 'hold it against a git commit, a results folder or a comparison: the regression gate')
    .option('--threshold <percent>', 'a decided difference up to this is no regression', percent, 5)
    .option('--results <dir>', 'folder for results; comparisons are kept in comparisons/', join(checkoutDir, 'results'))
    .addHelpText(
      'after',
      `\n${describeVoidRules()} It is repeated at the end of its block.\n` +
        'Exit codes: 0 complete and correct, 1 incomplete, incorrect or too many void, 2 wrong use or missing tool,\n' +
        '3 regression against the base, 130 interrupted.',
    )
    .action(async (flags: CompareFlags) => {
      process.exitCode =
        flags.comparison !== undefined || flags.calibrate
          ? await withoutCheckout(() => readStored(flags))
          : await withCheckout('bench compare', session => measure(flags, session));
    });
}

async function readStored({ comparison = NEWEST, ...flags }: CompareFlags): Promise<number> {
  const stored = await readComparison(await folderSet(flags.results), comparison);
  if (!stored) {
    throw new UsageError(
      `there is no comparison '${comparison}' in ${flags.results}: measure one first (make compare)`,
    );
  }
  if (!flags.calibrate) return conclude(stored, await baseOf(flags), flags.threshold);
  const calibration = calibrate(stored.results, stored.record.plan);
  console.log(calibrationText(calibration));
  console.log(`stored in ${await writeComparison({ ...stored.record, calibration }, flags.results)}`);
  return 0;
}

async function measure(flags: CompareFlags, session: CheckoutSession): Promise<number> {
  const base = await baseOf(flags);
  const runner = await prepareRunner({ flags, blobs: 'local', session });
  const byName = new Map(runner.contenders.map(contender => [contender.name, contender]));
  const plan = planOf(flags, [...byName.keys()]);
  const id = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
  process.stderr.write(`comparison ${id}\n${planText(plan)}\n\n`);
  const stored = await measurePlan({
    id,
    plan,
    signal: session.signal,
    display: new LiveTable(),
    resultsDir: flags.results,
    store: result => writeResult(result, flags.results),
    run: (contender, log) =>
      runner.run({
        contender: byName.get(contender) as Contender,
        count: plan.orders,
        seed: plan.seed,
        expressShare: EXPRESS_SHARE,
        malformed: 0,
        tuning: plan.tuning,
        timeoutMs: flags.timeoutS * 1000,
        log,
      }),
  });
  return conclude(stored, base, flags.threshold);
}

/** Prints what a comparison says, and holds it against a base where there is one. */
function conclude(stored: StoredComparison, base: BaseRuns | undefined, thresholdPercent: number): number {
  const { record, results } = stored;
  const comparison = comparisonOf(stored);
  console.log(`comparison ${record.id} (${record.status})\n\n${comparisonTable(comparison)}`);
  const gate = base && holdAgainst(base.results, results, { thresholdPercent });
  if (gate) console.log(`\nagainst ${base.title}\n${gateTable(gate)}`);
  if (gate?.rows.some(({ isRegression }) => isRegression)) return REGRESSION;
  const isSound = record.status === 'complete' && comparison.lastRuns === 0 && comparison.noClaim === null;
  return isSound && (gate?.noClaim ?? null) === null ? 0 : INCOMPLETE;
}

function baseOf({ base, results }: CompareFlags): Promise<BaseRuns> | undefined {
  return base === undefined ? undefined : baseRuns(base, results);
}

function planOf(flags: CompareFlags, contenders: readonly string[]): ComparisonPlan {
  const { runs, orders, seed, coolDownS } = flags;
  const tuning = Object.fromEntries(
    TUNING_FLAGS.filter(({ key }) => flags[key] !== undefined).map(({ key }) => [key, flags[key]]),
  );
  return { contenders, runs, orders, seed, coolDownS, tuning };
}

function percent(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('it takes a number from 0 on.');
  return number;
}
