import type { BreakpointResult, K6Result } from '../results/k6-result.js';
import { groupBy } from '../text/groups.js';
import { type MedianInterval, medianInterval } from './median-interval.js';
import { type PairedDifference, pairedDifferences } from './paired-differences.js';
import { pairsOf } from './plan-pairs.js';
import { type SeriesRow, seriesRows, sharedBlocks } from './series-rows.js';
import { type Verdict, verdict } from './verdict.js';

/** The contenders of one series in one role, by the rate that they hold. */
export interface BreakpointComparison {
  readonly role: BreakpointResult['role'];
  readonly contenders: readonly HeldRates[];
  readonly pairs: readonly HeldPair[];
}

/** One contender. */
export interface HeldRates extends MedianInterval {
  readonly contender: string;
  /** Orders a second, one a block; 0 where no rate was held. */
  readonly values: readonly number[];
  /** Repetitions left out, as they are void. */
  readonly voids: number;
  readonly resultIds: readonly string[];
}

/** Contender a against contender b; judged together are all pairs of the role. */
export interface HeldPair extends PairedDifference {
  readonly a: string;
  readonly b: string;
  /** Blocks that hold both. */
  readonly blocks: number;
  /** What it says of a. */
  readonly verdict: Verdict;
}

/** Compares breakpoints block by block, with the tests that `bench compare` has; void repetitions are left out. */
export function compareBreakpoints(results: readonly K6Result[]): BreakpointComparison[] {
  const breakpoints = results.filter(result => result.kind === 'k6-breakpoint').filter(({ series }) => series !== null);
  return [...groupBy(breakpoints, ({ series, role }) => `${series?.id} ${role}`).values()].flatMap(own => {
    const [first] = own;
    if (!first) return [];
    const counted = seriesRows(own);
    return [
      {
        role: first.role,
        contenders: counted.map(figuresOf),
        pairs: comparePairs(counted),
      },
    ];
  });
}

type Row = SeriesRow<BreakpointResult>;

function figuresOf({ contender, byBlock, voids }: Row): HeldRates {
  const results = [...byBlock.values()];
  const values = results.map(heldOf);
  return { contender, ...medianInterval(values), values, voids, resultIds: results.map(({ id }) => id) };
}

function comparePairs(rows: readonly Row[]): HeldPair[] {
  const pairs = pairsOf(rows).map(({ a, b }) => ({ a, b, blocks: sharedBlocks(a, b, heldOf) }));
  const differences = pairedDifferences(pairs.map(({ blocks }) => blocks));
  return pairs.flatMap(({ a, b, blocks }, index) => {
    const difference = differences[index];
    if (blocks.length === 0 || !difference) return [];
    return [
      {
        a: a.contender,
        b: b.contender,
        blocks: blocks.length,
        ...difference,
        verdict: verdict({ higherIsBetter: true }, difference),
      },
    ];
  });
}

function heldOf({ heldPerSecond }: BreakpointResult): number {
  return heldPerSecond ?? 0;
}
