import { Command, Option } from 'commander';
import { roughDuration } from '../plans/remaining-time.js';
import { runSweep } from '../plans/run-sweep.js';
import { clusterContenders, type RigHolder } from '../plans/runner.js';
import { planId } from '../results/plan-id.js';
import type { RunResult } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import type { Cell } from '../results/sweep-file.js';
import { chartName } from '../sites/cluster/cluster-site.js';
import { PlaceFailed } from '../sites/cluster/place-failed.js';
import { runScaled } from '../sites/cluster/run-on-cluster.js';
import { mustScaleAlike } from '../sites/cluster/scaled-pods.js';
import { addTargetFlags, clusterTarget, type TargetFlags } from '../sites/cluster/target-flags.js';
import { integer } from '../text/flags.js';
import { UsageError } from '../text/usage-error.js';
import { printedLog } from './printed-log.js';
import { makeResultsFolder, placeText, resultsFlag } from './results-folder.js';
import { EXPRESS_SHARE, timeoutMsOf } from './run-flags.js';
import { stands } from './run-text.js';
import { scaleLine, scaleTable } from './scale-text.js';
import { withCheckout } from './with-checkout.js';

interface ScaleFlags extends TargetFlags {
  readonly contenders: readonly string[];
  readonly from: readonly string[];
  readonly orders: number;
  readonly runs: number;
  readonly seed: number;
  readonly timeoutS?: number;
  readonly results: string;
}

const CONTENDERS = ['spin-ts', 'express-ts', 'null-ts'];
/** A run that kubectl, the queues or the store spoilt is done again so often. */
const MOST_ATTEMPTS = 3;

/** `bench scale`: how KEDA scales contenders under one burst, in randomised blocks. */
export function scaleCommand(): Command {
  return addTargetFlags(
    new Command('scale')
      .description('one burst with KEDA at work: how soon new pods are ready, and what is written meanwhile')
      .option(
        '--contenders <names...>',
        'installed with keda.enabled=true, all with the same values of keda',
        CONTENDERS,
      )
      .addOption(
        new Option('--from <pods...>', 'pods of each role as the burst begins').choices(['1', '0']).default(['1', '0']),
      )
      .option('--orders <n>', 'orders in each burst', integer(1), 10_000)
      .option('--runs <n>', 'blocks: in each every contender once from each number of pods', integer(1), 10)
      .option('--seed <n>', 'decides the orders, and the order within each block', integer(0), 1)
      .option('--timeout-s <s>', 'give a drain up after this many seconds', integer(1))
      .addOption(resultsFlag('folder for results; a series is kept in scale/<id>')),
  )
    .addHelpText(
      'after',
      `\nThere is no warm-up: who scales meets processes that have just started.
Exit codes: 0 every run complete and correct, 1 not so, 2 wrong use or missing tool, 130 interrupted.`,
    )
    .action(async (flags: ScaleFlags) => {
      process.exitCode = await withCheckout('bench scale', session => scale(flags, session));
    });
}

async function scale(flags: ScaleFlags, { signal }: RigHolder): Promise<number> {
  const { orders, runs, seed } = flags;
  const from = [...new Set(flags.from.map(Number))];
  const target = clusterTarget(flags, signal);
  if (!target) throw new UsageError('KEDA scales on a cluster: add --target kubernetes, or azure');
  await makeResultsFolder(flags.results);
  const found = await clusterContenders({ ...flags, runtime: [] }, target);
  await mustScaleAlike(
    target.cluster,
    found.map(({ contender }) => chartName(contender)),
  );
  const byName = new Map(found.map(each => [each.contender.name, each]));
  const cells = [...byName.keys()].flatMap(contender =>
    from.map((pods): Cell => ({ contender, values: { from: pods } })),
  );
  const startedAt = new Date();
  const startedAtMs = performance.now();
  const id = planId(startedAt);
  const dir = planDir(flags.results, 'scale', id);

  const burst = async ({ contender: name, values }: Cell): Promise<RunResult> => {
    const ready = byName.get(name);
    if (!ready) throw new RangeError(`${name} was not prepared`);
    const log = printedLog();
    return runScaled({
      ...{ ...target, ...ready, signal, seed, log },
      from: Number(values.from),
      count: orders,
      expressShare: EXPRESS_SHARE,
      timeoutMs: timeoutMsOf(flags, orders),
    }).finally(() => log.end());
  };

  const plan = { contenders: [...byName.keys()], vary: { from }, orders, runs, seed };
  const results = await runSweep({
    ...{ id, startedAt, plan, cells, dir },
    runOne: async (cell, { done, total }) => {
      const eachMs = (performance.now() - startedAtMs) / done;
      const left = done === 0 ? '' : `, ${roughDuration(eachMs * (total - done))} left`;
      process.stderr.write(`run ${done + 1} of ${total}${left}: ${cell.contender} from ${cell.values.from}\n`);
      const result = await again(() => burst(cell));
      process.stderr.write(`  ${scaleLine(result)}\n`);
      return { result, file: await writeResult(result, dir) };
    },
  });
  console.log(scaleTable(results));
  console.log(`stored in ${placeText(dir)}`);
  return results.every(cell => cell.results.every(stands)) ? 0 : 1;
}

async function again(burst: () => Promise<RunResult>): Promise<RunResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await burst();
    } catch (error) {
      if (!(error instanceof PlaceFailed) || attempt === MOST_ATTEMPTS) throw error;
      process.stderr.write(`  again, for ${error.message}\n`);
    }
  }
}
