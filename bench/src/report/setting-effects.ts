import type { Block } from '../judge/blocked-permutation-test.js';
import { type PairedDifference, pairedDifferences } from '../judge/paired-differences.js';
import { isDecided } from '../judge/verdict.js';
import type { RunResult } from '../results/result.js';
import type { Sweep, SweepCellRuns } from '../results/stored-sweep.js';

/** What one setting does to a figure, by itself, `to` over `from`: of a sweep's runs that differ in this setting alone. */
export interface SettingEffect extends PairedDifference {
  readonly contender: string;
  readonly setting: string;
  /** The first value that the sweep tried, which `to` is held against. */
  readonly from: number | string;
  readonly to: number | string;
  /** Pairs of runs, each of the same round and with every other setting the same. */
  readonly pairs: number;
  readonly isDecided: boolean;
}

/**
 * The effect of each setting that a sweep varies on one figure. In a round every cell runs once, in a random order, so
 * two runs of a round that differ in one setting alone are a block of two for the blocked permutation test: the more
 * other settings there are in the grid, the more pairs there are for each.
 *
 * @param read - Of a run; null where it has no such figure, and its pair does not count.
 */
export function settingEffects(
  { record, cells }: Sweep,
  read: (result: RunResult) => number | null,
): readonly SettingEffect[] {
  const effects = Object.entries(record.plan.vary).flatMap(([setting, [from, ...others]]) =>
    record.plan.contenders.flatMap(contender => {
      const own = cells.filter(cell => cell.contender === contender);
      return others.flatMap(to => {
        const blocks = own
          .filter(({ values }) => values[setting] === to)
          .flatMap(cell => pairsWith(cell, cellLike(own, { ...cell.values, [setting]: from ?? '' }), read));
        return from === undefined || blocks.length === 0 ? [] : [{ contender, setting, from, to, blocks }];
      });
    }),
  );
  const differences = pairedDifferences(effects.map(({ blocks }) => blocks));
  return effects.flatMap(({ blocks, ...effect }, index) => {
    const difference = differences[index];
    return difference ? [{ ...effect, ...difference, pairs: blocks.length, isDecided: isDecided(difference) }] : [];
  });
}

function cellLike(cells: readonly SweepCellRuns[], wanted: SweepCellRuns['values']): SweepCellRuns | undefined {
  return cells.find(({ values }) => Object.entries(wanted).every(([name, value]) => values[name] === value));
}

/** The runs of two cells, round by round. */
function pairsWith(
  { runs }: SweepCellRuns,
  other: SweepCellRuns | undefined,
  read: (result: RunResult) => number | null,
): Block[] {
  return runs.flatMap((run, round) => {
    const a = read(run.result);
    const opposite = other?.runs[round];
    const b = opposite ? read(opposite.result) : null;
    return a === null || b === null ? [] : [{ a, b }];
  });
}
