import type { K6Result } from '../results/k6-result.js';
import { groupBy } from '../text/groups.js';
import type { Block } from './blocked-permutation-test.js';

/** One contender's repetitions of a series; those that are void are left out. */
export interface SeriesRow<Result> {
  readonly contender: string;
  readonly byBlock: ReadonlyMap<number, Result>;
  readonly voids: number;
}

/** The contenders of a series of which a repetition counts. */
export function seriesRows<Result extends K6Result>(results: readonly Result[]): SeriesRow<Result>[] {
  return [...groupBy(results, ({ contender }) => contender)]
    .map(([contender, all]) => {
      const sound = all.filter(({ status }) => status !== 'void');
      return {
        contender,
        byBlock: new Map(sound.map(result => [result.series?.block ?? 0, result])),
        voids: all.length - sound.length,
      };
    })
    .filter(({ byBlock }) => byBlock.size > 0);
}

/** The blocks that hold both, by the figure that is read from each repetition. */
export function sharedBlocks<Result>(
  a: SeriesRow<Result>,
  b: SeriesRow<Result>,
  read: (result: Result) => number,
): Block[] {
  return [...a.byBlock].flatMap(([block, result]) => {
    const other = b.byBlock.get(block);
    return other ? [{ a: read(result), b: read(other) }] : [];
  });
}
