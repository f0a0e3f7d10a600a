import type { PairFigures } from '../../judge/comparison.js';
import { medianInterval } from '../../judge/median-interval.js';
import { METRICS, type Metric, type MetricKey, metricValue } from '../../judge/metrics.js';
import { listed, plain } from '../../text/format.js';
import { spreadChart } from '../charts/spread.js';
import { type Block, type Cell, paragraph, type Section, type Table } from '../document.js';
import type { Bursts } from '../evidence.js';
import { lateOverEarlyRate, numberCell, secondsToDrain, sourcesOf } from '../figures.js';
import { detectable, detectableText, ratioNumber } from '../headline.js';
import type { Palette } from '../palette.js';

/** How a metric is shown: its figures in a unit that needs few digits. */
const SHOWN: Readonly<Record<MetricKey, { readonly column: string; readonly unit: string; readonly divisor: number }>> =
  {
    t100Ms: { column: 'T100', unit: 's', divisor: 1000 },
    steadyOrdersPerSecond: { column: 'steady rate', unit: 'orders/s', divisor: 1 },
    appCpuMsPerOrder: { column: 'app CPU an order', unit: 'ms', divisor: 1 },
    allCpuMsPerOrder: { column: 'all CPU an order', unit: 'ms', divisor: 1 },
    appPeakMemoryBytes: { column: 'app peak memory', unit: 'MiB', divisor: 2 ** 20 },
  };

const PAIRED: readonly MetricKey[] = ['t100Ms', 'appCpuMsPerOrder', 'appPeakMemoryBytes'];

/** Medians with intervals, and every pair with its verdict. */
export function comparisonSection(bursts: Bursts, palette: Palette): Section {
  const { contenders, compared } = bursts;
  const groups = contenders.filter(({ runs }) => runs.length > 0);
  const title = 'Time to drain';
  if (groups.length === 0) {
    return {
      id: 'comparison',
      title,
      blocks: [
        paragraph('There are no timed bursts yet: `make compare` makes a comparison, `make bench` single runs.'),
      ],
    };
  }
  const chart = spreadChart({
    id: 'time-to-drain',
    title: spreadTitle(bursts),
    description:
      'Seconds from the scheduled time until the last order is written. A dot is a run, the dark line the median, the bar its 95 % interval.',
    axis: 'seconds until the last order is written (T100)',
    groups,
    palette,
    read: secondsToDrain,
  });
  const changing = changingSpeed(bursts);
  const blocks: Block[] = [
    ...(chart ? [chart] : []),
    figuresTable(bursts),
    ...(changing === null ? [] : [paragraph(changing)]),
  ];
  if (compared) {
    const { comparison, record } = compared;
    const { plan } = record;
    blocks.push(
      paragraph(
        `Comparison \`${record.id}\`: ${plan.runs} blocks, each with every contender once in an order drawn from seed ${plan.seed}; ` +
          `${comparison.runs} runs begun, ${comparison.voidRuns} void and repeated, ${comparison.lastRuns} incomplete, incorrect or ended by a dead process (these rank last). ` +
          (record.status === 'short' ? 'The plan is short: not every planned run is there. ' : '') +
          'A pair is decided where the blocked permutation test rejects at 5 % and the interval of the ratio does not hold 1; all else is `~`. T100 is the primary metric: its pairs are corrected by Holm among themselves, those of all other metrics together. A ratio is the Hodges-Lehmann estimate within blocks, its interval that of the pair alone.',
      ),
      ...PAIRED.map(key => pairsTable(metricOf(key), comparison.pairs)).filter(({ rows }) => rows.length > 0),
    );
    if (comparison.noClaim !== null) blocks.push(paragraph(`No verdict is given: ${comparison.noClaim}.`));
  } else {
    blocks.push(
      paragraph(
        'These are single runs, with nothing to tell a difference from noise. `make compare` measures the same in randomised blocks.',
      ),
    );
  }
  return { id: 'comparison', title, blocks: [...blocks, { kind: 'sources', results: sourcesOf(groups) }] };
}

/** The medians of every metric, a row a contender. */
export function figuresTable({ contenders }: Bursts): Table {
  const groups = contenders.filter(({ runs }) => runs.length > 0);
  return {
    kind: 'table',
    id: 'figures',
    caption: 'Medians; below each its 95 % interval, or with fewer than six runs the range of all values',
    columns: [
      { title: 'contender' },
      { title: 'runs', isNumber: true },
      ...METRICS.map(({ key }) => ({ title: SHOWN[key].column, unit: SHOWN[key].unit, isNumber: true as const })),
      { title: 'late over early rate', isNumber: true },
    ],
    rows: groups.map(({ contender, runs }) => [
      { text: contender },
      { text: String(runs.length), value: runs.length },
      ...METRICS.map((metric): Cell => {
        const { divisor } = SHOWN[metric.key];
        const { median, low, high } = medianInterval(runs.map(({ result }) => metricValue(metric, result)));
        const interval = runs.length > 1 ? `${plain(low / divisor)} to ${plain(high / divisor)}` : undefined;
        return numberCell(median / divisor, interval);
      }),
      numberCell(lateOverEarlyRate(runs)),
    ]),
  };
}

/** Outside of this, a contender's rate between 70 and 90 % written is not that between 10 and 30 %. */
const LEVEL = { low: 0.95, high: 1.05 };

/** Which contenders were not measured at a level speed, as a sentence; null where all were. */
export function changingSpeed({ contenders }: Bursts): string | null {
  const changing = contenders.flatMap(({ contender, runs }) => {
    const rate = lateOverEarlyRate(runs);
    return rate === null || (rate >= LEVEL.low && rate <= LEVEL.high) ? [] : [`${contender} (${plain(rate)})`];
  });
  if (changing.length === 0) return null;
  const were = changing.length === 1 ? 'was' : 'were';
  return `${listed(changing)} ${were} still changing speed while measured: the rate between 70 and 90 % written over that between 10 and 30 % is not within ${LEVEL.low} to ${LEVEL.high}.`;
}

function pairsTable(metric: Metric, pairs: readonly PairFigures[]): Table {
  const own = pairs.filter(pair => pair.metric === metric.key);
  return {
    kind: 'table',
    id: `pairs-${metric.key}`,
    caption: `Every pair: ${metric.title}. Hodges-Lehmann estimate of the ratio with its per-pair interval, p after Holm, Cliff’s delta; “found from” is the smallest difference that this plan finds four times out of five`,
    columns: [
      { title: 'contender' },
      { title: 'verdict' },
      { title: 'against' },
      { title: 'ratio', isNumber: true },
      { title: '95 % interval (per pair)', isNumber: true },
      { title: 'p (Holm)', isNumber: true },
      { title: 'delta', isNumber: true },
      { title: 'found from', isNumber: true },
    ],
    rows: own.map(pair => [
      { text: pair.a },
      { text: pair.verdict === '~' ? '~' : metric.words[pair.verdict] },
      { text: pair.b },
      { text: ratioNumber(pair.ratio.ratio), value: pair.ratio.ratio },
      { text: `${ratioNumber(pair.ratio.low)} to ${ratioNumber(pair.ratio.high)}`, value: pair.ratio.low },
      { text: pair.adjustedPValue < 0.001 ? '< 0.001' : pair.adjustedPValue.toFixed(3), value: pair.adjustedPValue },
      { text: pair.cliffsDelta.toFixed(2), value: pair.cliffsDelta },
      pair.smallestDetectableRatio === null
        ? { text: 'none', value: null }
        : { text: detectable(pair.smallestDetectableRatio), value: pair.smallestDetectableRatio },
    ]),
  };
}

function spreadTitle({ contenders, compared }: Bursts): string {
  const names = contenders
    .filter(({ role, runs }) => role === 'contender' && runs.length > 0)
    .map(({ contender }) => contender);
  const own = (compared?.comparison.pairs ?? []).filter(
    ({ metric, a, b }) => metric === 't100Ms' && names.includes(a) && names.includes(b),
  );
  if (own.length === 0) return 'Single runs: their order is not decided';
  const open = own.filter(({ verdict }) => verdict === '~');
  const decided = own.length - open.length;
  const [first] = open;
  if (!first)
    return own.length === 1
      ? 'The difference is decided'
      : `All ${own.length} differences between the contenders are decided`;
  return `${decided} of ${own.length} differences between the contenders are decided; between ${first.a} and ${first.b} ${detectableText(first)}`;
}

function metricOf(key: MetricKey): Metric {
  const metric = METRICS.find(one => one.key === key);
  if (!metric) throw new RangeError(`there is no metric ${key}`);
  return metric;
}
