import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP_IDS } from '@order-bench/orders';
import { checkoutDir, findDaprd, type Tool } from '@order-bench/rig';
import { Command, InvalidArgumentError, Option } from 'commander';
import { chaosDrain } from '../chaos/chaos-drain.js';
import { ChaosLog, chaosSummary } from '../chaos/chaos-log.js';
import { FULL_DEVICE, faultKinds } from '../chaos/fault-kinds.js';
import { FAULTS_A_SEED, faultSchedule } from '../chaos/fault-schedule.js';
import { RELIABILITY_FILE, renewReliabilityTable } from '../chaos/reliability-table.js';
import type { ReadyContender } from '../contenders/build.js';
import { prepare, type Wanted } from '../contenders/prepare.js';
import { prepareApi } from '../contenders/prepare-api.js';
import { runtimeTitle } from '../contenders/runtime.js';
import type { RigHolder } from '../plans/runner.js';
import { readChaosResults, writeChaosResult } from '../results/chaos-file.js';
import { CHAOS_SCHEMA_VERSION, type ChaosResult } from '../results/chaos-result.js';
import { describeMachine } from '../sites/environment.js';
import { failureText } from '../text/failure-text.js';
import { integer, runtimeFlag } from '../text/flags.js';
import { UsageError } from '../text/usage-error.js';
import { API_QUEUES } from '../workload/order-api.js';
import { pipelineOf } from '../workload/pipeline.js';
import { makeResultsFolder, mustBePublished, placeText, resultsFlag } from './results-folder.js';
import { withCheckout } from './with-checkout.js';
import { withoutCheckout } from './without-checkout.js';

const API_FLAG =
  "the orders come through each contender's Order API, whose apps are broken too: posts, repeats, imports, webhooks";

interface ChaosFlags extends Wanted {
  readonly seeds: readonly number[];
  readonly orders: number;
  readonly api: boolean;
  readonly results: string;
  readonly report: boolean;
}

/** `bench chaos`: drains under seeded faults, every order looked up afterwards. */
export function chaosCommand(): Command {
  return new Command('chaos')
    .description('break things while orders drain: seeded faults, every order looked up, a result file for each drain')
    .option('--contenders <names...>', 'names (see make contenders) or folders; they drain side by side', [
      'spin-ts',
      'express-ts',
    ])
    .addOption(
      new Option(
        '--seed, --seeds <seeds>',
        `one or several, as 7 or 1-20; each decides its orders and ${FAULTS_A_SEED} faults`,
      )
        .argParser(parseSeeds)
        .default([1], '1'),
    )
    .addOption(runtimeFlag())
    .addOption(new Option('--api', API_FLAG).default(false).conflicts('runtime'))
    .option('--orders <n>', 'valid orders in each drain', integer(1), 1_000)
    .addOption(resultsFlag('folder for results; these are kept in chaos/'))
    .option('--report', `run nothing: write the table of ${RELIABILITY_FILE} anew from the stored results`, false)
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing lost, wrong or stuck; 1 otherwise; 2 wrong use or missing tool; 130 interrupted.',
    )
    .action(async (flags: ChaosFlags) => {
      process.exitCode = flags.report
        ? await withoutCheckout(() => report(flags))
        : await withCheckout('bench chaos', session => runSeeds(flags, session));
    });
}

async function runSeeds(flags: ChaosFlags, { signal }: RigHolder): Promise<number> {
  if (!existsSync(FULL_DEVICE)) {
    throw new UsageError(`this system has no ${FULL_DEVICE} to stand for a full disk: chaos runs on Linux alone`);
  }
  await makeResultsFolder(flags.results);
  const { daprd, pipelines } = await prepareDrains(flags);
  const failed: ChaosResult[] = [];
  for (const seed of flags.seeds) {
    const log = new ChaosLog(`seed ${seed}`, { orders: flags.orders, faults: FAULTS_A_SEED });
    const run = { seed, orders: flags.orders, daprd, log, signal };
    // One that breaks off does not take the others with it: their rigs are up, and theirs are results all the same.
    const ended = await Promise.allSettled(pipelines.map(drained => drainOnce(drained, run))).finally(() => log.end());
    for (const drain of ended) {
      if (drain.status === 'rejected') continue;
      console.log(chaosSummary(drain.value));
      console.log(`  stored in ${placeText(await writeChaosResult(drain.value, flags.results))}`);
      if (drain.value.failures.length > 0) failed.push(drain.value);
    }
    const [first, ...others] = ended.flatMap(drain => (drain.status === 'rejected' ? [drain.reason as unknown] : []));
    if (first === undefined) continue;
    // Interrupted, they all broke off for the one reason that is told anyway.
    if (!signal.aborted) for (const reason of others) process.stderr.write(`${failureText(reason)}\n`);
    throw first;
  }
  const drains = flags.seeds.length * pipelines.length;
  console.log(`${drains - failed.length} of ${drains} drains lost nothing and recovered by themselves`);
  return failed.length === 0 ? 0 : 1;
}

/** A contender, and the Order API in front of it where there is to be one. */
interface Drained {
  readonly ready: ReadyContender;
  readonly api?: ReadyContender;
}

async function prepareDrains(
  flags: ChaosFlags,
): Promise<{ readonly daprd: Tool; readonly pipelines: readonly Drained[] }> {
  if (!flags.api) {
    const { daprd, contenders } = await prepare(flags);
    return { daprd, pipelines: [...contenders.values()].map(ready => ({ ready })) };
  }
  const pipelines: Drained[] = [];
  for (const name of flags.contenders) {
    const { pipeline, api } = await prepareApi(name);
    pipelines.push({ ready: pipeline, api });
  }
  return { daprd: await findDaprd(), pipelines };
}

function faultsOn({ ready, api }: Drained) {
  const { stops } = pipelineOf(ready.contender);
  // The generator alone fills the first.
  if (!api) return faultKinds({ appIds: APP_IDS, queues: stops.slice(1) });
  const appIds = [...APP_IDS, ...(api.contender.appIds ?? [])];
  return faultKinds({ appIds, queues: [...stops, ...API_QUEUES] });
}

interface SeedRun {
  readonly seed: number;
  readonly orders: number;
  readonly daprd: Tool;
  readonly log: ChaosLog;
  readonly signal: AbortSignal;
}

async function drainOnce(drained: Drained, { seed, orders, daprd, log, signal }: SeedRun): Promise<ChaosResult> {
  const { contender, runtime } = drained.ready;
  const startedAt = new Date().toISOString();
  const findings = await chaosDrain({
    ...{ ...drained, daprd, seed, orders, signal, faults: faultSchedule(seed, faultsOn(drained)) },
    onProgress: progress => log.progress(contender.name, progress),
  });
  const { cpu, cores, gitCommit, versions } = await describeMachine({
    daprd: `${daprd.version} (${daprd.kind})`,
    runtime: runtimeTitle(runtime),
  });
  return {
    schemaVersion: CHAOS_SCHEMA_VERSION,
    startedAt,
    contender: contender.name,
    seed,
    orders,
    versions,
    gitCommit,
    cpu,
    cores,
    ...findings,
  };
}

async function report({ results }: ChaosFlags): Promise<number> {
  mustBePublished(RELIABILITY_FILE, results);
  const file = join(checkoutDir, RELIABILITY_FILE);
  await renewReliabilityTable(file, await readChaosResults(results));
  console.log(file);
  return 0;
}

/** `7` or `1-20`. */
function parseSeeds(text: string): number[] {
  const [, first = '', last = first] = /^([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?$/.exec(text) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (first === '' || count < 1) throw new InvalidArgumentError('it takes a number from 1 on, or a range as 1-20.');
  return Array.from({ length: count }, (_, index) => Number(first) + index);
}
