import { METRICS, type MetricKey } from '../judge/metrics.js';
import type { DensityResult, K6Result } from '../results/k6-result.js';
import { plain } from '../text/format.js';
import type { Bursts } from './evidence.js';
import { type Decision, type EdgeReading, edgeDecision, metricDecision, type Side } from './sides.js';

/** One thing that speaks for the one side or for the other. */
export interface Dimension {
  /** In "Express for throughput and CPU"; null for one that only stands in the table, beside another of its kind. */
  readonly word: string | null;
  /** Of its row in the table. */
  readonly title: string;
  /** A value with its unit. */
  readonly text: (value: number) => string;
  /** By how much the better side is better, beside its name. */
  readonly gain: (times: string, worse: string) => string;
  /** What speaks for the better side, as a clause. */
  readonly claim: (told: { readonly value: string; readonly times: string; readonly worse: string }) => string;
  readonly decide: (sides: readonly Side[], evidence: DimensionEvidence) => Decision;
}

/** What a dimension is read from. */
export interface DimensionEvidence {
  readonly bursts: Bursts;
  readonly edges: readonly K6Result[];
}

/** A dimension with what is known of it. */
export interface DecidedDimension {
  readonly dimension: Dimension;
  readonly decision: Decision;
}

/** Everything by which the two sides are held against each other but cost, in the order in which it is told. */
export function decidedDimensions(sides: readonly Side[], evidence: DimensionEvidence): DecidedDimension[] {
  const orders = evidence.bursts.contenders[0]?.runs[0]?.result.orders.count ?? 0;
  return dimensions(orders.toLocaleString('en')).map(dimension => ({
    dimension,
    decision: dimension.decide(sides, evidence),
  }));
}

function dimensions(orders: string): readonly Dimension[] {
  return [
    {
      word: 'throughput',
      title: `time for ${orders} orders`,
      text: ms => `${plain(ms / 1000)} s`,
      gain: times => `${times} as fast`,
      claim: ({ value, times, worse }) => `${orders} orders in ${value}, ${times} as fast as ${worse}`,
      decide: ofMetric('t100Ms'),
    },
    {
      word: null,
      title: 'steady rate',
      text: rate => `${plain(rate)} orders/s`,
      gain: times => `${times} the rate`,
      claim: ({ value, times, worse }) => `${value}, ${times} the rate of ${worse}`,
      decide: ofMetric('steadyOrdersPerSecond'),
    },
    {
      word: 'CPU',
      title: 'app CPU per order',
      text: ms => `${plain(ms)} ms`,
      gain: takes('the CPU'),
      claim: ({ value, times, worse }) => `${value} of app CPU per order, where ${worse} takes ${times} the CPU`,
      decide: ofMetric('appCpuMsPerOrder'),
    },
    {
      word: null,
      title: 'all CPU per order: app, Dapr, broker and blob server',
      text: ms => `${plain(ms)} ms`,
      gain: takes('the CPU'),
      claim: ({ value, times, worse }) => `${value} of all CPU per order, where ${worse} takes ${times} the CPU`,
      decide: ofMetric('allCpuMsPerOrder'),
    },
    {
      word: 'memory',
      title: 'app memory at its peak',
      text: bytes => `${plain(bytes / 2 ** 20)} MiB`,
      gain: takes('the memory'),
      claim: ({ value, times, worse }) =>
        `${value} of app memory at the peak, where ${worse} takes ${times} the memory`,
      decide: ofMetric('appPeakMemoryBytes'),
    },
    {
      word: 'start-up',
      title: 'start to first answer, compiled before',
      text: ms => `${plain(ms)} ms`,
      gain: takes('the time'),
      claim: ({ value, times, worse }) =>
        `${value} from the start of a process, compiled before, to its first answer, where ${worse} takes ${times} as long`,
      decide: ofEdge({ read: startsMs, higherIsBetter: false }),
    },
    {
      word: 'density',
      title: 'instances per GiB under load',
      text: plain,
      gain: times => `${times} as many`,
      claim: ({ value, times, worse }) => `${value} instances per GiB under load, ${times} as many as ${worse}`,
      decide: ofEdge({ read: result => (result.kind === 'density' ? densest(result) : []), higherIsBetter: true }),
    },
  ];
}

function takes(what: string): Dimension['gain'] {
  return (times, worse) => `${worse} takes ${times} ${what}`;
}

function ofMetric(key: MetricKey): Dimension['decide'] {
  const higherIsBetter = METRICS.some(metric => metric.key === key && metric.higherIsBetter);
  return (sides, { bursts: { compared } }) =>
    compared
      ? metricDecision(sides, compared.comparison, { key, higherIsBetter })
      : { figures: sides.map(() => null), standIn: null, better: null };
}

function ofEdge(reading: EdgeReading): Dimension['decide'] {
  return (sides, { bursts, edges }) => edgeDecision(sides, bursts, edges, reading);
}

/** Of a contender whose components can be compiled beforehand, with them compiled. */
function startsMs(result: K6Result): readonly number[] {
  if (result.kind !== 'cold-start') return [];
  return result.variants.filter(({ compiledCache }) => compiledCache !== 'none').flatMap(own => own.startsMs);
}

/** The point with the most instances at which the rate was held; none where it was held at no number. */
function densest({ points }: DensityResult): readonly number[] {
  const held = points.filter(({ isHeld }) => isHeld).toSorted((a, b) => b.instances - a.instances);
  return held.slice(0, 1).map(({ instancesPerGibibyte }) => instancesPerGibibyte);
}
