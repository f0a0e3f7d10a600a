import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command } from 'commander';
import { integer, runtimeFlag } from '../flags.js';
import { prepare, type ReadyContender, type Wanted } from '../prepare.js';
import { PrintedLog, summary } from '../print.js';
import { isCorrect, type RunResult } from '../result.js';
import { writeResult } from '../result-file.js';
import { makeResultsFolder } from '../results-folder.js';
import { run } from '../run.js';
import { type Axis, type Cell, cellSettings, cellTitle, gridCells, parseAxis, VARIABLE_NAMES } from '../sweep/grid.js';
import { runSweep, type StoredRun, type SweepProgress, sweepDir } from '../sweep/run-sweep.js';
import { varyOf } from '../sweep/sweep-file.js';
import { sweepTable } from '../sweep/sweep-table.js';
import { addTuningFlags, type TuningFlags, tuningOf } from '../tuning-flags.js';
import { type CheckoutSession, withCheckout } from '../with-checkout.js';

interface SweepFlags extends TuningFlags, Wanted {
  readonly vary: readonly Axis[];
  readonly orders: number;
  readonly runs: number;
  readonly seed: number;
  readonly results: string;
}

const EXPRESS_SHARE = 0.5;
/**
 * A drain is given up after ten minutes, or 60 ms an order where that is longer: three times what one daprd needs at
 * Azure-like latency.
 */
const LEAST_TIMEOUT_MS = 600_000;
const TIMEOUT_MS_PER_ORDER = 60;

/** `bench sweep`: a grid of settings, every combination run several times. */
export function sweepCommand(): Command {
  return addTuningFlags(new Command('sweep'))
    .description('vary settings over a grid, each combination run several times in a random order')
    .option('--contenders <names...>', 'names (see `bench contenders`) or folders with a contender.json', [
      'spin-ts',
      'express-ts',
    ])
    .requiredOption(
      '--vary <name=values>',
      `a setting and its values, as in handlers=4,8,16; may be repeated; one of ${VARIABLE_NAMES.join(', ')}`,
      parseAxis,
    )
    .option('--orders <n>', 'valid orders in each burst, unless they are varied', integer(1), 2_000)
    .addOption(runtimeFlag())
    .option('--runs <n>', 'runs of each combination', integer(1), 3)
    .option('--seed <n>', 'decides the orders, and the order of the runs', integer(0), 1)
    .option('--results <dir>', 'folder for results; a sweep is kept in sweeps/<id>', join(checkoutDir, 'results'))
    .addHelpText(
      'after',
      '\nExit codes: 0 every run complete and correct, 1 not so, 2 wrong use or missing tool, 130 interrupted.',
    )
    .action(async (flags: SweepFlags) => {
      process.exitCode = await withCheckout('bench sweep', session => sweep(flags, session));
    });
}

async function sweep(flags: SweepFlags, session: CheckoutSession): Promise<number> {
  const { vary, orders, runs, seed } = flags;
  await makeResultsFolder(flags.results);
  const { daprd, contenders } = await prepare(flags);
  const cells = gridCells(
    [...contenders.values()].map(({ contender }) => contender),
    vary,
  );
  const startedAt = new Date();
  const id = `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
  const dir = sweepDir(flags.results, id);
  const startedAtMs = performance.now();
  let kept = 0;

  const runOne = async (cell: Cell, { done, total }: SweepProgress): Promise<StoredRun<RunResult>> => {
    kept = done;
    session.signal.throwIfAborted();
    const left = done === 0 ? '' : `, ${duration(((performance.now() - startedAtMs) / done) * (total - done))} left`;
    process.stderr.write(`run ${done + 1} of ${total}${left}: ${cellTitle(cell)}\n`);
    const settings = cellSettings(cell);
    const count = settings.orders ?? orders;
    const log = new PrintedLog();
    const result = await run({
      ...(contenders.get(cell.contender) as ReadyContender),
      daprd,
      count,
      seed,
      expressShare: settings.expressShare ?? EXPRESS_SHARE,
      malformed: 0,
      blobs: 'local',
      tuning: tuningOf({ ...flags, ...settings }),
      timeoutMs: Math.max(LEAST_TIMEOUT_MS, TIMEOUT_MS_PER_ORDER * count),
      log,
      signal: session.signal,
      onRig: session.setRig,
    }).finally(() => log.end());
    process.stderr.write(`${summary(result)}\n\n`);
    return { result, file: await writeResult(result, dir) };
  };

  try {
    const plan = { contenders: [...contenders.keys()], vary: varyOf(vary), orders, runs, seed };
    const results = await runSweep({ id, startedAt, plan, cells, dir, runOne });
    console.log(sweepTable(results));
    console.log(`stored in ${dir}`);
    return results.every(cell => cell.results.every(isCorrect)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`the sweep is short: ${kept} of ${cells.length * runs} runs are kept in ${dir}\n`);
    throw error;
  }
}

/** Roughly how long, for a person. */
function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 1 ? 'less than a minute' : `about ${minutes} min`;
}
