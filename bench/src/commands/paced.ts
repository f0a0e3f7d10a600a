import { cpus } from 'node:os';
import { join } from 'node:path';
import { checkoutDir, machineSize, type Tool } from '@order-bench/rig';
import { Command, InvalidArgumentError } from 'commander';
import { integer, runtimeFlag } from '../flags.js';
import { prepare, type ReadyContender, type Wanted } from '../prepare.js';
import { PrintedLog, summary } from '../print.js';
import { readResults } from '../read-results.js';
import { isCorrect, type RunResult } from '../result.js';
import { writeResult } from '../result-file.js';
import { makeResultsFolder } from '../results-folder.js';
import { run } from '../run.js';
import { BURST, type RunPlan } from '../run-plan.js';
import { runtimeTitle } from '../runtime.js';
import { type SteadyRate, storedSteadyRate } from '../steady-rate.js';
import { textTable } from '../text-table.js';
import { addTuningFlags, type TuningFlags, tuningOf } from '../tuning-flags.js';
import { describeVoidRules } from '../void-rules.js';
import { type CheckoutSession, withCheckout } from '../with-checkout.js';

interface PacedFlags extends Pick<TuningFlags, 'warmUp'>, Wanted {
  readonly shares: readonly number[];
  readonly durationS: number;
  readonly orders: number;
  readonly seed: number;
  readonly results: string;
}

const EXPRESS_SHARE = 0.5;
/** After the last order's time; at these rates nothing should be left by then. */
const TIMEOUT_MS = 600_000;

/** `bench paced`: latencies of each contender at shares of its own steady rate. */
export function pacedCommand(): Command {
  return addTuningFlags(new Command('paced'), ['warmUp'])
    .description('latencies of each contender at 50, 70 and 90 % of its steady rate, a result file a run')
    .option('--contenders <names...>', 'names (see `bench contenders`) or folders with a contender.json', [
      'spin-ts',
      'express-ts',
    ])
    .addOption(runtimeFlag())
    .option('--shares <percents>', 'of the steady rate, as in 50,70,90', parseShares, [50, 70, 90])
    .option('--duration-s <s>', 'how long orders come', integer(1), 30)
    .option('--orders <n>', 'orders of the burst that gives a steady rate where no result does', integer(2_000), 10_000)
    .option('--seed <n>', 'decides the orders; the same seed gives the same', integer(0), 1)
    .option('--results <dir>', 'folder of result files: steady rates are read from it', join(checkoutDir, 'results'))
    .addHelpText(
      'after',
      `\nThe steady rate is the median of the contender's newest bursts in --results.\n${describeVoidRules()}\n` +
        'Exit codes: 0 complete and correct, 1 incomplete or incorrect, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: PacedFlags) => {
      process.exitCode = await withCheckout('bench paced', session => runAll(flags, session));
    });
}

async function runAll(flags: PacedFlags, session: CheckoutSession): Promise<number> {
  await makeResultsFolder(flags.results);
  const { daprd, contenders } = await prepare(flags);
  const results: RunResult[] = [];
  let hasFailed = false;
  for (const ready of contenders.values()) {
    const { name } = ready.contender;
    const runner = { ready, daprd, flags, session };
    const steady = await steadyRate(runner);
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
      results.push(await runOne(runner, plan, Math.max(1, Math.round(ratePerSecond * flags.durationS))));
    }
  }
  if (results.length > 0) console.log(latencyTable(results));
  return !hasFailed && results.every(isCorrect) ? 0 : 1;
}

interface Runner {
  readonly ready: ReadyContender;
  readonly daprd: Tool;
  readonly flags: PacedFlags;
  readonly session: CheckoutSession;
}

/** From stored results, else from a burst that is measured and stored now; undefined, and said, where that fails. */
async function steadyRate(runner: Runner): Promise<SteadyRate | undefined> {
  const { ready, flags } = runner;
  const { contender, runtime } = ready;
  const stored = storedSteadyRate(await readResults(flags.results), {
    contender: contender.name,
    host: runtimeTitle(runtime),
    replicas: contender.replicas ?? 1,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: machineSize().cores,
  });
  if (stored) return stored;
  process.stderr.write(`${contender.name}: no burst of it in ${flags.results}, so one of ${flags.orders} orders\n`);
  const result = await runOne(runner, BURST, flags.orders);
  if (result.status === 'complete' && result.drain) {
    return { ordersPerSecond: result.drain.steadyOrdersPerSecond, resultIds: [result.id] };
  }
  const reason = result.status === 'complete' ? 'orders went astray' : result.reason;
  process.stderr.write(`error: ${contender.name} has no steady rate: its burst is ${result.status}, ${reason}\n`);
  return undefined;
}

async function runOne({ ready, daprd, flags, session }: Runner, plan: RunPlan, count: number): Promise<RunResult> {
  session.signal.throwIfAborted();
  const log = new PrintedLog();
  const result = await run({
    ...ready,
    daprd,
    plan,
    count,
    seed: flags.seed,
    expressShare: EXPRESS_SHARE,
    malformed: 0,
    blobs: 'local',
    tuning: tuningOf(flags),
    timeoutMs: TIMEOUT_MS,
    log,
    signal: session.signal,
    onRig: session.setRig,
  }).finally(() => log.end());
  process.stderr.write(`${summary(result)}\n  stored in ${await writeResult(result, flags.results)}\n\n`);
  return result;
}

function latencyTable(results: readonly RunResult[]): string {
  const header = ['contender', 'share', 'orders/s', 'p50', 'p90', 'p99', 'p99.9', 'max', 'status', 'correct'];
  const rows = results.map(result => {
    const latency = result.status === 'incomplete' ? undefined : result.latency;
    const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latency ?? {};
    return [
      result.contender,
      latency ? `${Math.round((latency.shareOfSteadyRate ?? 0) * 100)} %` : '-',
      latency ? String(latency.ratePerSecond) : '-',
      ...[p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map(ms => (ms === undefined ? '-' : `${ms.toFixed(1)} ms`)),
      result.status,
      isCorrect(result) ? 'yes' : 'NO',
    ];
  });
  return textTable([header, ...rows]);
}

function parseShares(text: string): number[] {
  const percents = text.split(',').map(Number);
  if (!percents.every(percent => Number.isInteger(percent) && percent >= 1 && percent <= 200)) {
    throw new InvalidArgumentError('it takes whole percents from 1 to 200, as in 50,70,90.');
  }
  return percents;
}
