import { Command } from 'commander';
import { cellSettings, cellTitle, gridCells, parseAxis, VARIABLE_NAMES } from '../plans/grid.js';
import { roughDuration } from '../plans/remaining-time.js';
import { runSweep, type StoredRun, type SweepProgress } from '../plans/run-sweep.js';
import type { RigHolder } from '../plans/runner.js';
import { planId } from '../results/plan-id.js';
import type { RunResult } from '../results/result.js';
import { writeResult } from '../results/result-file.js';
import { planDir } from '../results/results-folder.js';
import { type Axis, type Cell, varyOf } from '../results/sweep-file.js';
import { mustFitTarget } from '../sites/cluster/target-flags.js';
import { integer } from '../text/flags.js';
import { followedRunner } from './followed-runner.js';
import { printedLog } from './printed-log.js';
import { makeResultsFolder, placeText } from './results-folder.js';
import { addRunFlags, CONTENDERS, EXPRESS_SHARE, type RunFlags, timeoutMsOf, verboseFlag } from './run-flags.js';
import { runLine, stands, summary } from './run-text.js';
import { sweepTable } from './sweep-table.js';
import { withCheckout } from './with-checkout.js';

interface SweepFlags extends RunFlags {
  readonly vary: readonly Axis[];
  readonly runs: number;
  readonly verbose: boolean;
}

/** `bench sweep`: a grid of settings, every combination run several times. */
export function sweepCommand(): Command {
  return addRunFlags(new Command('sweep'), {
    contenders: CONTENDERS,
    orders: ['valid orders in each burst, unless they are varied', 2_000],
    seed: 'decides the orders, and the order of the runs',
    results: 'folder for results; a sweep is kept in sweeps/<id>',
  })
    .description('vary settings over a grid, each combination run several times in a random order')
    .requiredOption(
      '--vary <name=values>',
      `a setting and its values, as in handlers=4,8,16; may be repeated; one of ${VARIABLE_NAMES.join(', ')}`,
      parseAxis,
    )
    .option('--runs <n>', 'runs of each combination', integer(1), 3)
    .addOption(verboseFlag())
    .addHelpText(
      'after',
      '\nExit codes: 0 every run complete and correct, 1 not so or void, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: SweepFlags) => {
      process.exitCode = await withCheckout('bench sweep', session => sweep(flags, session));
    });
}

async function sweep(flags: SweepFlags, session: RigHolder): Promise<number> {
  const { vary, orders, runs, seed } = flags;
  await makeResultsFolder(flags.results);
  const runner = await followedRunner({ command: 'bench sweep', flags, blobs: 'local', session });
  const contenders = new Map(runner.contenders.map(contender => [contender.name, contender]));
  const cells = gridCells(runner.contenders, vary);
  for (const cell of cells) mustFitTarget(flags.target, cellSettings(cell));
  const startedAt = new Date();
  const id = planId(startedAt);
  const dir = planDir(flags.results, 'sweeps', id);
  const startedAtMs = performance.now();
  let kept = 0;

  const runOne = async (cell: Cell, { done, total }: SweepProgress): Promise<StoredRun<RunResult>> => {
    kept = done;
    session.signal.throwIfAborted();
    const left =
      done === 0 ? '' : `, ${roughDuration(((performance.now() - startedAtMs) / done) * (total - done))} left`;
    process.stderr.write(`run ${done + 1} of ${total}${left}: ${cellTitle(cell)}\n`);
    const settings = cellSettings(cell);
    const count = settings.orders ?? orders;
    const log = printedLog();
    const contender = contenders.get(cell.contender);
    if (!contender) throw new RangeError(`${cell.contender} was not prepared`);
    const result = await runner
      .run({
        contender,
        count,
        seed,
        expressShare: settings.expressShare ?? EXPRESS_SHARE,
        malformed: 0,
        tuning: { ...flags, ...settings },
        timeoutMs: timeoutMsOf(flags, count),
        log,
      })
      .finally(() => log.end());
    process.stderr.write(`  ${flags.verbose ? summary(result) : runLine(result)}\n`);
    return { result, file: await writeResult(result, dir) };
  };

  try {
    const plan = { contenders: [...contenders.keys()], vary: varyOf(vary), orders, runs, seed };
    const results = await runSweep({ id, startedAt, plan, cells, dir, runOne });
    console.log(sweepTable(results));
    console.log(`stored in ${placeText(dir)}`);
    return results.every(cell => cell.results.every(stands)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`the sweep is short: ${kept} of ${cells.length * runs} runs are kept in ${placeText(dir)}\n`);
    throw error;
  }
}
