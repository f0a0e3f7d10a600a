import { baseNameOf, type RuntimeFacts, STAND_IN } from '../contenders/runtime.js';
import type { Comparison } from '../judge/comparison.js';
import { medianInterval } from '../judge/median-interval.js';
import type { MetricKey } from '../judge/metrics.js';
import { inverse, type Ratio } from '../judge/paired-ratio.js';
import type { K6Result } from '../results/k6-result.js';
import { groupBy } from '../text/groups.js';
import type { Bursts, ContenderRuns } from './evidence.js';
import { measuredTogether } from './measured-together.js';
import { ratioOver } from './pairs.js';

/** One of the two answers to the question that the project asks: a runtime, spoken for by the best of its contenders. */
export interface Side {
  /** As a reader calls it: `Spin`, `Express`. */
  readonly title: string;
  readonly kind: RuntimeFacts['kind'];
  /** Names of its contenders that are compared; neither references nor the stand-in. */
  readonly contenders: readonly string[];
}

/** A side's best contender in one dimension, as the median with its 95 % interval. */
export interface SideFigure {
  readonly contender: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Both sides in one dimension. */
export interface Decision {
  /** In the order of the sides; null where that was not measured. */
  readonly figures: readonly (SideFigure | null)[];
  /** What ran in place of a side that was not measured. */
  readonly standIn: SideFigure | null;
  /**
   * Which side is better, and how many times so: null there where the other has no end. Null as a whole where it is not
   * decided, or one of the two is missing.
   */
  readonly better: { readonly side: number; readonly gain: Ratio | null } | null;
}

/** Spin and Node.js, where the bursts have contenders on both; null otherwise. */
export function sidesOf(contenders: readonly ContenderRuns[]): readonly [Side, Side] | null {
  const compared = contenders.filter(({ role, runs }) => role === 'contender' && runs.length > 0);
  const [spin, node] = (['spin', 'node'] as const).map((kind): Side | null => {
    const own = compared.filter(({ runs }) => runs[0]?.result.runtime.kind === kind);
    if (own.length === 0) return null;
    return { title: titleOf(kind, own), kind, contenders: own.map(({ contender }) => contender) };
  });
  return spin && node ? [spin, node] : null;
}

/** Both sides' best contenders in a metric, and whether the comparison decides between these two. */
export function metricDecision(
  sides: readonly Side[],
  { contenders, pairs }: Comparison,
  metric: { readonly key: MetricKey; readonly higherIsBetter: boolean },
): Decision {
  const { key, higherIsBetter } = metric;
  const figures = sides.map(side => {
    const own = contenders
      .filter(({ contender }) => side.contenders.includes(contender))
      .toSorted((a, b) => (a.metrics[key].median - b.metrics[key].median) * (higherIsBetter ? -1 : 1))[0];
    if (!own) return null;
    const { median, low, high } = own.metrics[key];
    return { contender: own.contender, value: median, low, high };
  });
  const [a, b] = figures.map(figure => figure?.contender ?? '');
  const pair = pairs.find(one => one.metric === key && [one.a, one.b].every(name => name === a || name === b));
  if (!pair || pair.verdict === '~') return { figures, standIn: null, better: null };
  const winner = (pair.verdict === 'better') === (pair.a === a) ? 0 : 1;
  const over = ratioOver(pair, (winner === 0 ? a : b) ?? '');
  const gain = higherIsBetter ? over : inverse(over);
  return { figures, standIn: null, better: { side: winner, gain: Number.isFinite(gain.ratio) ? gain : null } };
}

/** What to read of an app alone. */
export interface EdgeReading {
  /** Every value that a result has; none where it is of something else. */
  readonly read: (result: K6Result) => readonly number[];
  readonly higherIsBetter: boolean;
}

/**
 * Both sides' best contenders in something that k6 measured of one app alone, of those that the comparison has: one in another
 * language speaks for no other row. Taken are those of the newest series that has both; where none has, nothing is decided. It is
 * decided where both have values enough for a 95 % interval and the intervals are apart.
 */
export function edgeDecision(
  sides: readonly Side[],
  { contenders }: Bursts,
  edges: readonly K6Result[],
  reading: EdgeReading,
): Decision {
  const compared = contenders.filter(({ role }) => role === 'contender' || role === 'stand-in').map(nameOf);
  const series = measuredTogether(
    edges.filter(
      result =>
        result.status === 'complete' && compared.includes(baseNameOf(result)) && reading.read(result).length > 0,
    ),
  );
  const of = (kind: RuntimeFacts['kind'], results: readonly K6Result[]) =>
    results.filter(({ runtime }) => runtime.kind === kind);
  const both = series.find(results => sides.every(({ kind }) => of(kind, results).length > 0));
  const bestOf = (kind: RuntimeFacts['kind']) => {
    const newest = both ?? series.find(results => of(kind, results).length > 0) ?? [];
    return best(of(kind, newest), reading);
  };
  const found = sides.map(({ kind }) => bestOf(kind));
  const figures = found.map(one => one?.figure ?? null);
  const [a, b] = found;
  const standIn = a ? null : (bestOf(STAND_IN)?.figure ?? null);
  if (!both || !a || !b || !a.isSure || !b.isSure) return { figures, standIn, better: null };
  const isApart = a.figure.high < b.figure.low || b.figure.high < a.figure.low;
  if (!isApart) return { figures, standIn, better: null };
  const aIsBetter = a.figure.value > b.figure.value === reading.higherIsBetter;
  const times = Math.max(a.figure.value, b.figure.value) / Math.min(a.figure.value, b.figure.value);
  const gain = { ratio: times, low: 0, high: Number.POSITIVE_INFINITY };
  return { figures, standIn, better: { side: aIsBetter ? 0 : 1, gain } };
}

const SURE = 0.95;

function best(results: readonly K6Result[], { read, higherIsBetter }: EdgeReading) {
  const roles = groupBy(results, ({ role }) => role);
  const own = roles.get('distributor') ?? [...roles.values()][0] ?? [];
  return [...groupBy(own, ({ contender }) => contender)]
    .map(([contender, all]) => {
      const { median, low, high, confidence } = medianInterval(all.flatMap(read));
      return { figure: { contender, value: median, low, high }, isSure: confidence >= SURE };
    })
    .toSorted((a, b) => (a.figure.value - b.figure.value) * (higherIsBetter ? -1 : 1))[0];
}

/** Contenders on Node.js that all say the same framework are called by that. */
function titleOf(kind: 'spin' | 'node', contenders: readonly ContenderRuns[]): string {
  if (kind === 'spin') return 'Spin';
  const frameworks = new Set(contenders.map(({ runs }) => runs[0]?.result.settings.framework));
  const [framework] = frameworks;
  return frameworks.size === 1 && typeof framework === 'string'
    ? `${framework.charAt(0).toUpperCase()}${framework.slice(1)}`
    : 'Node.js';
}

function nameOf({ contender, runs, voids }: ContenderRuns): string {
  const result = (runs[0] ?? voids[0])?.result;
  return result ? baseNameOf(result) : contender;
}
