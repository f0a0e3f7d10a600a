import { APP_IDS, type AppId } from '@order-bench/orders';
import { findDaprd } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { prepareContenders, type Wanted } from '../contenders/prepare.js';
import { API_PLANS } from '../edge/api-plans.js';
import { measureBreakpoint } from '../edge/breakpoint.js';
import { measureColdStart } from '../edge/cold-start.js';
import { measureDensity } from '../edge/density.js';
import type { Behind } from '../edge/edge.js';
import { findK6 } from '../edge/find-k6.js';
import { measureK6Test } from '../edge/k6-test.js';
import type { MeasurementOptions } from '../edge/measurement.js';
import { k6Tests } from '../edge/run-k6.js';
import { seriesOf } from '../edge/series.js';
import { compareBreakpoints } from '../judge/compare-breakpoints.js';
import { pairsOf } from '../judge/plan-pairs.js';
import { planSight } from '../judge/plan-sight.js';
import type { RigHolder } from '../plans/runner.js';
import type { K6Result, K6Run, K6Series } from '../results/k6-result.js';
import { planId } from '../results/plan-id.js';
import { splitCores } from '../sites/cores.js';
import { integer, runtimeFlag, share } from '../text/flags.js';
import { listed } from '../text/format.js';
import { UsageError } from '../text/usage-error.js';
import { breakpointTable } from './breakpoint-table.js';
import { measureApis } from './k6-api.js';
import { measureRepetition } from './k6-repetition.js';
import { makeResultsFolder, resultsFlag } from './results-folder.js';
import { withCheckout } from './with-checkout.js';

interface K6Flags extends Wanted {
  readonly test: string;
  readonly roles: readonly AppId[];
  readonly runs: number;
  readonly rate?: number;
  readonly durationS?: number;
  readonly clients?: number;
  readonly holdS: number;
  readonly p99LimitMs: number;
  readonly warmUpS?: number;
  readonly starts: number;
  readonly instances: readonly number[];
  readonly behind: Behind['kind'];
  readonly daprLatencyMs: number;
  readonly daprErrorShare: number;
  readonly port?: number;
  readonly seed: number;
  readonly results: string;
}

/** What is measured without a script of its own. */
const MEASUREMENTS = ['cold-start', 'density'];
/** As the tests' shapes have it. */
const P99_LIMIT_MS = 25;
const WARM_UP_S = 10;
/** Repetitions are many, and short. */
const API_WARM_UP_S = 4;
const THRESHOLD_FAILED = 99;
const MOST_INSTANCES = 1_000;

/** `bench k6`: the contenders' HTTP edges alone, under k6. */
export function k6Command(): Command {
  return new Command('k6')
    .description('how much load each contender takes at its HTTP edge, alone, with a stub or daprd behind it')
    .option('--test <name>', `a test of k6/src/tests or api-tests, or ${MEASUREMENTS.join(', ')}`, 'smoke')
    .option('--contenders <names...>', 'names (see make contenders) or folders with a contender.json', [
      'spin-ts',
      'express-ts',
    ])
    .addOption(runtimeFlag())
    .addOption(
      new Option('--roles <roles...>', 'app ids').choices(APP_IDS).default(['distributor', 'receiver-express']),
    )
    .option('--runs <n>', 'repetitions, interleaved in an order drawn from the seed', integer(1), 1)
    .option('--rate <n>', 'orders a second; what a test makes of it stands in k6/src/shapes.ts', integer(1))
    .option('--duration-s <s>', "seconds of a test's main part", integer(1))
    .option('--clients <n>', 'clients: how many, each with one order in hand at a time; 1 unless given', integer(1))
    .option('--hold-s <s>', 'breakpoint: seconds that a rate must be held', integer(2), 60)
    .option('--p99-limit-ms <ms>', 'breakpoint: within what 99 % of the answers must come', integer(1), P99_LIMIT_MS)
    .option(
      '--warm-up-s <s>',
      `seconds of load before a test, ${WARM_UP_S} unless given, none before smoke; of an api test ${API_WARM_UP_S}, shared among its parts`,
      integer(0),
    )
    .option('--starts <n>', 'cold-start: starts under each condition', integer(1), 20)
    .option('--instances <list>', 'density: how many side by side', counts, [1, 2, 5, 10, 20, 50, 100])
    .addOption(
      new Option('--behind <what>', "what answers the app's calls: a stub, or daprd with the rig's queues and blobs")
        .choices(['dapr-null', 'daprd'])
        .default('dapr-null'),
    )
    .option('--dapr-latency-ms <ms>', 'how long the stub takes for an answer', integer(0), 0)
    .option('--dapr-error-share <share>', 'share of the calls that the stub fails, 0 to 1', share, 0)
    .option('--port <n>', 'where the app listens; a free port unless given', integer(1, 65_535))
    .option('--seed <n>', 'decides the orders, and the order of the repetitions', integer(0), 1)
    .addOption(resultsFlag('folder for results; these are kept in k6/<id>'))
    .addHelpText(
      'after',
      "\nExit codes: 0 done (a breakpoint search always ends by a rate that fails), 1 void, 2 wrong use or missing tool,\n99 a test's threshold failed (k6's own), 130 interrupted.",
    )
    .action(async (flags: K6Flags, command: Command) => {
      process.exitCode = await withCheckout('bench k6', session => measureAll(flags, givenFlags(command), session));
    });
}

/** Those that the user gave, as `--roles`. */
function givenFlags(command: Command): string[] {
  return command.options
    .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map(({ long }) => long ?? '');
}

async function measureAll(flags: K6Flags, given: readonly string[], session: RigHolder): Promise<number> {
  const { signal } = session;
  const tests = [...(await k6Tests()), ...Object.keys(API_PLANS), ...MEASUREMENTS];
  if (!tests.includes(flags.test)) throw new UsageError(`no test '${flags.test}': there are ${tests.join(', ')}`);
  if (Object.hasOwn(API_PLANS, flags.test)) {
    mustSuitApi(flags.test, given);
    await makeResultsFolder(flags.results);
    return exitCodeOf(await measureApis({ ...flags, warmUpS: flags.warmUpS ?? API_WARM_UP_S }, session));
  }
  if (flags.clients !== undefined && flags.test !== 'clients')
    throw new UsageError('--clients goes with --test clients');
  if (flags.behind === 'daprd') mustSuitDaprd(flags);
  await makeResultsFolder(flags.results);
  const contenders = await prepareContenders(flags);
  const behind = await behindOf(flags);
  const k6 = await findK6();
  const cores = await splitCores();
  const id = planId(new Date());
  const results: K6Result[] = [];
  if (flags.test === 'breakpoint') tellWhatIsDecided(flags);
  for (const { contender, role, series } of seriesOf({ ...flags, id, contenders: [...contenders.keys()] })) {
    const ready = contenders.get(contender);
    if (!ready) continue;
    const title = `${contender}, ${role}, repetition ${series.block} of ${flags.runs}`;
    const measureOne = (told: Pick<MeasurementOptions, 'runDir' | 'say'>) =>
      measure(flags, {
        ...{ ...told, k6, ready, role, behind, cores, series, signal, seed: flags.seed },
        ...(flags.port === undefined ? {} : { port: flags.port }),
      });
    results.push(await measureRepetition({ title, id, results: flags.results }, measureOne));
  }
  const comparison = compareBreakpoints(results).filter(({ contenders: sound }) => sound.length > 0);
  if (comparison.length > 0) console.log(`\n${breakpointTable(comparison)}`);
  return exitCodeOf(results);
}

/** What all tests of an Order API take. */
const API_FLAGS = [
  '--test',
  '--contenders',
  '--runtime',
  '--runs',
  '--rate',
  '--duration-s',
  '--warm-up-s',
  '--seed',
  '--results',
];

/** What an import, which is one job, has no use for. */
const OPEN_RATE_FLAGS = ['--rate', '--duration-s'];

/** @throws UsageError naming what is of one app alone, or of a rate where there is none. */
function mustSuitApi(test: string, given: readonly string[]): void {
  const isImport = API_PLANS[test]?.some(({ lines }) => lines !== undefined);
  const useless = given.filter(flag => !API_FLAGS.includes(flag) || (isImport && OPEN_RATE_FLAGS.includes(flag)));
  if (useless.length > 0)
    throw new UsageError(`${test} is of a whole Order API on the rig: leave out ${listed(useless)}`);
}

/** @throws UsageError naming what only the stub can do. */
function mustSuitDaprd({ test, port, daprLatencyMs, daprErrorShare }: K6Flags): void {
  if (MEASUREMENTS.includes(test)) throw new UsageError(`${test} is of the app by itself: leave out --behind daprd`);
  if (port !== undefined || daprLatencyMs > 0 || daprErrorShare > 0)
    throw new UsageError('--port, --dapr-latency-ms and --dapr-error-share go with --behind dapr-null');
}

async function behindOf({ behind, daprLatencyMs, daprErrorShare }: K6Flags): Promise<Behind> {
  return behind === 'daprd'
    ? { kind: behind, tool: await findDaprd() }
    : { kind: behind, latencyMs: daprLatencyMs, errorShare: daprErrorShare };
}

/** Too few repetitions are said to be before hours go by. */
function tellWhatIsDecided({ contenders, runs, seed }: K6Flags): void {
  const pairs = pairsOf(contenders).length;
  const { canDecide, leastRuns } = planSight({ comparisons: pairs, runs, seed });
  if (pairs > 0 && !canDecide)
    process.stderr.write(
      `${runs} repetitions of ${contenders.length} contenders can't decide which holds more: that takes --runs ${leastRuns} or more\n`,
    );
}

function measure(flags: K6Flags, options: MeasurementOptions & { readonly series: K6Series }): Promise<K6Result> {
  const { test, rate, durationS, clients, holdS, p99LimitMs, warmUpS = WARM_UP_S } = flags;
  const asked = {
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    ...(durationS === undefined ? {} : { durationS }),
  };
  switch (test) {
    case 'breakpoint':
      return measureBreakpoint({ ...options, ...asked, holdS, p99LimitMs });
    case 'cold-start':
      return measureColdStart({ ...options, starts: flags.starts });
    case 'density':
      return measureDensity({ ...options, ...asked, instances: flags.instances });
    default:
      return measureK6Test({
        ...options,
        test: { test, ...asked, ...(test === 'clients' && { clients: clients ?? 1 }) },
        warmUpS: test === 'smoke' ? 0 : warmUpS,
      });
  }
}

function exitCodeOf(results: readonly K6Result[]): number {
  if (results.some(result => runsOf(result).some(({ exitCode }) => exitCode === THRESHOLD_FAILED)))
    return THRESHOLD_FAILED;
  return results.some(({ status }) => status === 'void') ? 1 : 0;
}

/** Those whose thresholds a test is about. */
function runsOf(result: K6Result): readonly K6Run[] {
  if (result.kind === 'k6-test') return [result.run];
  return result.kind === 'k6-api' ? result.parts.map(({ run }) => run) : [];
}

/** `1,2,5` as numbers. */
function counts(text: string): readonly number[] {
  return text.split(',').map(integer(1, MOST_INSTANCES));
}
