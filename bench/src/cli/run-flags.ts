import { type Command, Option } from 'commander';
import type { Wanted } from '../contenders/prepare.js';
import { addTuningFlags } from '../contenders/tuning-flags.js';
import { addTargetFlags, type TargetFlags } from '../sites/cluster/target-flags.js';
import { integer, runtimeFlag } from '../text/flags.js';
import { resultsFlag } from './results-folder.js';

/** What every command takes that runs contenders: what, where, on what, how many orders, for how long at most. */
export interface RunFlags extends TargetFlags, Wanted {
  readonly orders: number;
  readonly seed: number;
  /** As it was given; see `timeoutMsOf`. */
  readonly timeoutS?: number;
  readonly results: string;
  /** Whether a page follows the runs, or the port that it is on. */
  readonly live: boolean | number;
}

/** What differs from command to command. */
export interface RunFlagTexts {
  /** Undefined where the command decides. */
  readonly contenders: string[] | undefined;
  /** What the orders are for, and how many there are unless said otherwise. */
  readonly orders: readonly [text: string, count: number];
  readonly seed: string;
  readonly results: string;
}

/** Contenders of a command that is given none. */
export const CONTENDERS = ['spin-ts', 'express-ts'];

/** Share of the orders that go express where a command has no flag for it. */
export const EXPRESS_SHARE = 0.5;

/** Adds the flags of `RunFlags` to a command. */
export function addRunFlags(command: Command, { contenders, orders, seed, results }: RunFlagTexts): Command {
  return addTargetFlags(
    addTuningFlags(command)
      .option('--contenders <names...>', 'names (see make contenders) or folders with a contender.json', contenders)
      .addOption(runtimeFlag())
      .option('--orders <n>', orders[0], integer(1), orders[1])
      .option('--seed <n>', seed, integer(0), 1)
      .option(
        '--timeout-s <s>',
        'give a drain up after this many seconds (default: 600, or 60 ms per order where that is longer)',
        integer(1),
      )
      .addOption(resultsFlag(results))
      .addOption(
        new Option(
          '--live [port]',
          'serve a page on 127.0.0.1 that follows the runs, and say where; its /metrics is for Prometheus',
        )
          .argParser(integer(1, 65_535))
          .default(false),
      ),
  );
}

/** `--verbose`: each run in full. */
export function verboseFlag(): Option {
  return new Option(
    '--verbose',
    'each run in full: all times, what became of the orders, CPU by role, hop by hop',
  ).default(false);
}

const LEAST_TIMEOUT_MS = 600_000;
/** Three times what one daprd needs at Azure-like latency. */
const TIMEOUT_MS_PER_ORDER = 60;

/** How long the drain of so many orders may take. */
export function timeoutMsOf({ timeoutS }: Pick<RunFlags, 'timeoutS'>, orders: number): number {
  return timeoutS === undefined ? Math.max(LEAST_TIMEOUT_MS, TIMEOUT_MS_PER_ORDER * orders) : timeoutS * 1000;
}
