import { tracingFrom } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { type Contender, DESCRIPTOR, findContender } from '../contenders/contender.js';
import { splitContender } from '../contenders/runtime.js';
import { TUNING_FLAGS } from '../contenders/tuning-flags.js';
import { calibrationOf } from '../judge/calibration.js';
import { calibrationSentences } from '../judge/calibration-text.js';
import type { Comparison } from '../judge/comparison.js';
import { comparisonOf } from '../judge/comparison.js';
import { costFigures, costSentences } from '../judge/cost-of.js';
import { baseName, calibrationNames, costNames } from '../judge/plan-pairs.js';
import { regressionsIn } from '../judge/regressions.js';
import { buildBase, findBase } from '../plans/base-build.js';
import { runBase } from '../plans/base-run.js';
import { comparisonTable, contenderTable } from '../plans/comparison-table.js';
import { withCoreThief } from '../plans/core-thief.js';
import { measurePlan } from '../plans/measure-plan.js';
import { prepareRunner, type RigHolder, type Runner, type RunnerRun } from '../plans/runner.js';
import { COST_OF, type ComparisonPlan, type PlannedBase, type PlannedCost } from '../results/comparison-file.js';
import { planId } from '../results/plan-id.js';
import type { RunResult } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { NEWEST, type StoredComparison } from '../results/stored-comparison.js';
import type { RunLog } from '../run/run-log.js';
import { describeVoidRules } from '../run/void-rules.js';
import { integer } from '../text/flags.js';
import { UsageError } from '../text/usage-error.js';
import { costRuns } from './cost-runs.js';
import { findComparison } from './find-comparison.js';
import { followedRunner } from './followed-runner.js';
import { LiveTable } from './live-table.js';
import { planText } from './plan-text.js';
import { makeResultsFolder } from './results-folder.js';
import { addRunFlags, EXPRESS_SHARE, type RunFlags, timeoutMsOf } from './run-flags.js';
import { withCheckout } from './with-checkout.js';
import { withoutCheckout } from './without-checkout.js';

interface CompareFlags extends Omit<RunFlags, 'contenders'> {
  readonly contenders?: readonly string[];
  readonly runs: number;
  readonly coolDownS: number;
  readonly comparison?: string;
  readonly calibrate: boolean;
  readonly base?: string;
  readonly costOf?: PlannedCost['what'];
}

const COMPARED = ['spin-ts', 'spin-ts-settings', 'express-ts', 'express-ts-fetch', 'null-ts'];
const CALIBRATED = ['express-ts'];
/** Of each core, from the delayed runs of a calibration. */
const DELAY_SHARE = 0.05;
const INCOMPLETE = 1;
const REGRESSION = 3;

/** `bench compare`: contenders against each other in randomised complete blocks, against a base, or one against itself. */
export function compareCommand(): Command {
  return addRunFlags(new Command('compare'), {
    contenders: undefined,
    orders: ['valid orders in each burst', 10_000],
    seed: 'decides the orders, and the order within each block',
    results: 'folder for results; a comparison is kept in comparisons/<id>',
  })
    .description('contenders against each other in randomised blocks; says which differences the runs decide')
    .option('--runs <n>', 'runs of each contender, one per block; fixed beforehand', integer(1), 12)
    .option('--cool-down-s <s>', 'wait as many seconds between two runs', integer(0), 5)
    .option('--comparison <id>', `run nothing: print this stored comparison, or '${NEWEST}'`)
    .option(
      '--calibrate',
      `how sure this is: one contender (default: ${CALIBRATED}) against itself, and against itself with ${DELAY_SHARE * 100} % of each core taken away`,
      false,
    )
    .option('--base <commit>', 'regression gate: each contender against itself, built from this commit')
    .addOption(
      new Option(
        '--cost-of <what>',
        `one contender (default: ${CALIBRATED}) against itself, with the live page open, its orders traced, or each order written published as an event`,
      ).choices(COST_OF),
    )
    .addHelpText(
      'after',
      `\nCompared unless named: ${COMPARED.join(' ')}.\n${describeVoidRules()} It is repeated at the end of its block.\n` +
        'Exit codes: 0 complete and correct, 1 incomplete, incorrect or too many void, 2 wrong use or missing tool,\n' +
        '3 decidedly more time or CPU than the base, 130 interrupted.',
    )
    .action(async (flags: CompareFlags) => {
      process.exitCode =
        flags.comparison !== undefined
          ? await withoutCheckout(() => readStored(flags))
          : await withCheckout('bench compare', session => measure(flags, session));
    });
}

async function readStored({ comparison = NEWEST, results, ...flags }: CompareFlags): Promise<number> {
  const [measuring] = specialPlans(flags);
  if (measuring !== undefined) throw new UsageError(`${measuring} measures, --comparison runs nothing: leave one out`);
  return conclude((await findComparison(results, comparison)).stored);
}

/** What is to be run, and how one run of each name is done. */
interface PlannedRuns {
  readonly plan: ComparisonPlan;
  readonly run: (name: string, log: RunLog) => Promise<RunResult>;
}

async function measure(flags: CompareFlags, session: RigHolder): Promise<number> {
  mustFit(flags);
  await makeResultsFolder(flags.results);
  const { plan, run } = await plannedRuns(flags, session);
  const id = planId(new Date());
  const dir = planDir(flags.results, 'comparisons', id);
  process.stderr.write(`comparison ${id}\n${planText(plan)}\n\n`);
  const stored = await measurePlan({
    id,
    plan,
    signal: session.signal,
    display: new LiveTable(),
    dir,
    store: result => writeResult(result, dir),
    run,
  });
  return conclude(stored);
}

/** @throws UsageError naming what does not go together. */
function mustFit(flags: CompareFlags): void {
  const { contenders, target, base, costOf, live } = flags;
  const [plan, other] = specialPlans(flags);
  if (plan === undefined) return;
  if (other !== undefined) throw new UsageError(`${plan} and ${other} are two plans: leave one out`);
  if (base === undefined && contenders && contenders.length !== 1) throw new UsageError(`${plan} takes one contender`);
  if (target !== 'local') throw new UsageError(`${plan} runs on this machine: leave out --target ${target}`);
  if (costOf !== undefined && live !== false) throw new UsageError('--live is on in every run: leave out --cost-of');
  if (costOf === 'tracing' && !tracingFrom(process.env))
    throw new UsageError('--cost-of tracing needs a collector: name it by OTEL_EXPORTER_OTLP_ENDPOINT');
}

/** Said before anything is built. @throws UsageError naming a contender that has no switch for events. */
async function mustPublish(contenders: readonly string[]): Promise<void> {
  for (const contender of contenders) {
    const { name, env = {} } = await findContender(splitContender(contender).nameOrFolder);
    if (Object.values(env).some(value => value.includes('{events}'))) continue;
    throw new UsageError(`${name} publishes no events: no env of its ${DESCRIPTOR} has {events}, as express-ts has`);
  }
}

/** The flags that make something else of a comparison. */
function specialPlans({ calibrate, base, costOf }: Pick<CompareFlags, 'calibrate' | 'base' | 'costOf'>): string[] {
  return [
    ...(calibrate ? ['--calibrate'] : []),
    ...(base === undefined ? [] : ['--base']),
    ...(costOf === undefined ? [] : ['--cost-of']),
  ];
}

async function plannedRuns(flags: CompareFlags, session: RigHolder): Promise<PlannedRuns> {
  const { calibrate, costOf } = flags;
  const contenders = flags.contenders ?? (calibrate || costOf !== undefined ? CALIBRATED : COMPARED);
  if (costOf !== undefined) {
    if (costOf === 'events') await mustPublish(contenders);
    const runner = await prepareRunner({ flags: { ...flags, contenders }, blobs: 'local', session });
    return runsForCost(flags, costOf, runner);
  }
  // Said before anything is built.
  const base = flags.base === undefined ? null : await findBase(flags.base);
  const runner = await followedRunner({
    command: 'bench compare',
    flags: { ...flags, contenders },
    blobs: 'local',
    session,
  });
  const byName = new Map(runner.contenders.map(contender => [contender.name, contender]));
  if (calibrate) return calibrationRuns(flags, runner);
  const typed = new Map(runner.contenders.map(({ name }, index) => [name, contenders[index] ?? name]));
  if (base) return runsBesideBase(flags, { runner, byName, typed, base, session });
  const plan = planOf(flags, [...byName.keys()]);
  return { plan, run: (name, log) => runner.run(oneRun(flags, plan, { contender: byName.get(name), log })) };
}

/** One contender under three names; beside the runs of the third a share of each core is taken. */
function calibrationRuns(flags: CompareFlags, { contenders: [contender], run }: Runner): PlannedRuns {
  if (!contender) throw new UsageError('--calibrate takes one contender');
  const { first, second, delayed } = calibrationNames(contender.name);
  const calibration = { contender: contender.name, delayShare: DELAY_SHARE };
  const plan = { ...planOf(flags, [first, second, delayed]), calibration };
  return {
    plan,
    run: async (name, log) => {
      const options = oneRun(flags, plan, { contender, log });
      const result =
        name === delayed
          ? await withCoreThief({ share: DELAY_SHARE, run: onRig => run({ ...options, onRig }) })
          : await run(options);
      return { ...result, contender: name };
    },
  };
}

/** One contender under two names: with something on, and without it. */
async function runsForCost(flags: CompareFlags, what: PlannedCost['what'], runner: Runner): Promise<PlannedRuns> {
  const [contender] = runner.contenders;
  if (!contender) throw new UsageError('--cost-of takes one contender');
  const costOf = { contender: contender.name, what };
  const names = costNames(costOf);
  const plan = { ...planOf(flags, [names.off, names.on]), costOf };
  const runs = await costRuns(what, runner);
  return {
    plan,
    run: async (name, log) => {
      const run = name === names.on ? runs.on : runs.off;
      return { ...(await run(oneRun(flags, plan, { contender, log }))), contender: name };
    },
  };
}

interface BaseOptions {
  readonly runner: Runner;
  readonly byName: ReadonlyMap<string, Contender>;
  /** Each contender as it was typed: what the base's command takes. */
  readonly typed: ReadonlyMap<string, string>;
  readonly base: PlannedBase;
  readonly session: RigHolder;
}

/** Each contender, and beside it the base's by the base's own command. */
async function runsBesideBase(
  flags: CompareFlags,
  { runner, byName, typed, base: planned, session: { signal } }: BaseOptions,
): Promise<PlannedRuns> {
  const base = await buildBase({ base: planned, signal, say: text => process.stderr.write(`base: ${text}\n`) });
  const ofBase = new Map([...byName.keys()].map(name => [baseName(name, base.commit), name]));
  const names = [...byName.keys()].flatMap(name => [name, baseName(name, base.commit)]);
  const plan = { ...planOf(flags, names), base: planned };
  const { orders, seed, tuning } = plan;
  return {
    plan,
    run: (name, log) => {
      const own = ofBase.get(name);
      if (own === undefined) return runner.run(oneRun(flags, plan, { contender: byName.get(name), log }));
      log.step(`running the base's own bench run in ${base.dir}`);
      const contender = typed.get(own) ?? own;
      const timeoutS = timeoutMsOf(flags, orders) / 1000;
      return runBase({ base, name, contender, runtime: flags.runtime, orders, seed, tuning, timeoutS, signal });
    },
  };
}

function oneRun(
  flags: CompareFlags,
  { orders, seed, tuning }: ComparisonPlan,
  { contender, log }: { readonly contender: Contender | undefined; readonly log: RunLog },
): RunnerRun {
  if (!contender) throw new RangeError('a plan names a contender that it was not made with');
  const timeoutMs = timeoutMsOf(flags, orders);
  return { contender, count: orders, seed, expressShare: EXPRESS_SHARE, malformed: 0, tuning, timeoutMs, log };
}

/** Prints what a comparison says. */
function conclude(stored: StoredComparison): number {
  const { record } = stored;
  const { calibration, costOf } = record.plan;
  const comparison = comparisonOf(stored);
  console.log(`comparison ${record.id} (${record.status})\n`);
  console.log(calibration || costOf ? reportOfOne(stored, comparison) : comparisonTable(comparison));
  const regressions = record.plan.base ? regressionsIn(comparison) : [];
  if (regressions.length > 0) {
    console.log(`\nREGRESSION against ${record.plan.base?.ref}: ${regressions.join('; ')}`);
    return REGRESSION;
  }
  return record.status === 'complete' && comparison.lastRuns === 0 && comparison.noClaim === null ? 0 : INCOMPLETE;
}

/** Of one contender under several names. */
function reportOfOne(stored: StoredComparison, { contenders, noClaim }: Comparison): string {
  const { calibration } = stored.record.plan;
  return [
    contenderTable(contenders),
    '',
    ...(calibration ? calibrationSentences(calibrationOf(stored)) : costSentences(costFigures(stored))),
    ...(noClaim === null ? [] : [`NO CLAIM: ${noClaim}.`]),
  ].join('\n');
}

function planOf(flags: CompareFlags, contenders: readonly string[]): ComparisonPlan {
  const { runs, orders, seed, coolDownS } = flags;
  const tuning = Object.fromEntries(
    TUNING_FLAGS.filter(({ key }) => flags[key] !== undefined).map(({ key }) => [key, flags[key]]),
  );
  return { contenders, runs, orders, seed, coolDownS, tuning };
}
