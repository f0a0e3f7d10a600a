import type { PairFigures } from '../../judge/comparison.js';
import { medianInterval } from '../../judge/median-interval.js';
import { METRICS, type Metric, type MetricKey, metricValue } from '../../judge/metrics.js';
import { COMPARISON_FILE } from '../../results/comparison-file.js';
import { listed, plain } from '../../text/format.js';
import { spreadChart } from '../charts/spread.js';
import { type Block, type Cell, folded, type Missing, paragraph, type Section, type Table } from '../document.js';
import type { Bursts, Compared, ContenderRuns } from '../evidence.js';
import { lateOverEarlyRate, secondsToDrain, sourcesOf } from '../figures.js';
import { detectable } from '../pairs.js';
import type { Palette } from '../palette.js';
import { rangeText, ratioNumber, ratioRange } from '../ratio-text.js';
import { countCell, numberCell, numbers, texts } from '../table.js';

/** How a metric is shown: its figures in a unit that needs few digits. */
const SHOWN: Readonly<Record<MetricKey, { readonly column: string; readonly unit: string; readonly divisor: number }>> =
  {
    t100Ms: { column: 'all orders written after', unit: 's', divisor: 1000 },
    steadyOrdersPerSecond: { column: 'steady rate', unit: 'orders/s', divisor: 1 },
    appCpuMsPerOrder: { column: 'app CPU per order', unit: 'ms', divisor: 1 },
    allCpuMsPerOrder: { column: 'all CPU per order', unit: 'ms', divisor: 1 },
    appPeakMemoryBytes: { column: 'app memory at its peak', unit: 'MiB', divisor: 2 ** 20 },
  };

const PAIRED: readonly MetricKey[] = ['t100Ms', 'appCpuMsPerOrder', 'appPeakMemoryBytes'];

/** Medians with intervals, and every pair with its verdict. */
export function comparisonSection({ contenders, compared }: Bursts, palette: Palette): Section | Missing {
  const groups = contenders.filter(({ runs }) => runs.length > 0);
  if (groups.length === 0)
    return { missing: 'timed bursts: `make compare` makes a comparison, `make bench` single runs' };
  const chart = spreadChart({
    id: 'time-to-drain',
    title: spreadTitle(compared),
    description:
      'Seconds from the scheduled time until the last order is written. A dot is a run, the dark line the median, the bar its 95 % interval.',
    axis: 'seconds until the last order is written',
    groups,
    palette,
    read: secondsToDrain,
  });
  const changing = changingSpeed(groups);
  const blocks: Block[] = [
    figuresTable(groups, palette),
    ...(chart ? [chart] : []),
    ...(changing === null ? [] : [paragraph(changing)]),
    ...(compared
      ? pairBlocks(compared, palette)
      : [
          paragraph(
            `These are single runs, with nothing to tell a difference from noise. \`make compare\` measures the same in randomised blocks.`,
          ),
        ]),
    { kind: 'sources', results: sourcesOf(groups) },
  ];
  return { id: 'comparison', title: 'Every contender', blocks };
}

function pairBlocks({ comparison, record }: Compared, palette: Palette): Block[] {
  const { plan, id, status } = record;
  const tables = PAIRED.map(key => pairsTable(metricOf(key), comparison.pairs, palette)).filter(
    ({ rows }) => rows.length > 0,
  );
  const about =
    `[Comparison ${id}](comparisons/${id}/${COMPARISON_FILE}): ${plan.runs} blocks, each with every contender once in an order drawn from seed ${plan.seed}; ` +
    `${comparison.runs} runs begun, ${comparison.voidRuns} void and repeated, ${comparison.lastRuns} incomplete, incorrect or ended by a dead process (these rank last).` +
    (status === 'short' ? ' The plan is short: not every planned run is there.' : '');
  return [
    paragraph(about),
    ...(comparison.noClaim === null ? [] : [paragraph(`No verdict is given: ${comparison.noClaim}.`)]),
    folded(
      `All ${tables[0]?.rows.length ?? 0} pairs: ${listed(PAIRED.map(key => SHOWN[key].column))}`,
      paragraph(
        'A ratio is that of the contender to the one it is held against, estimated within blocks (Hodges-Lehmann), with the 95 % interval of that pair alone. A pair is decided where the permutation test within blocks rejects at 5 % after Holm’s correction and the interval does not hold 1; else it stands as ~. The time until all orders are written is what a comparison is made for: its pairs are corrected among themselves, those of all other metrics together. “Delta” is Cliff’s; “found from” the smallest difference that this plan finds four times out of five. [All of it](../docs/method.md#which-is-better-and-how-sure-that-is).',
      ),
      ...tables,
    ),
  ];
}

/** The medians of every metric, a row a contender. */
function figuresTable(groups: readonly ContenderRuns[], palette: Palette): Table {
  return {
    kind: 'table',
    id: 'figures',
    caption:
      'Medians, and below each its 95 % interval, or with fewer than six runs the range of all values. “All CPU” is that of app, Dapr, broker and blob server',
    columns: [
      texts('contender'),
      numbers('runs'),
      ...METRICS.map(({ key }) => numbers(SHOWN[key].column, SHOWN[key].unit)),
    ],
    rows: groups.map(({ contender, runs }) => [
      { text: palette.label(contender) },
      countCell(runs.length),
      ...METRICS.map((metric): Cell => {
        const { divisor } = SHOWN[metric.key];
        const { median, low, high } = medianInterval(runs.map(({ result }) => metricValue(metric, result)));
        if (!Number.isFinite(median)) return { text: 'not finished', value: null };
        return numberCell(median / divisor, runs.length > 1 ? rangeText(low / divisor, high / divisor) : null);
      }),
    ]),
  };
}

/** Outside of this, a contender's rate between 70 and 90 % written is not that between 10 and 30 %. */
const LEVEL = { low: 0.95, high: 1.05 };

/** Which contenders were not measured at a level speed, as a sentence; null where all were. */
function changingSpeed(groups: readonly ContenderRuns[]): string | null {
  const changing = groups.flatMap(({ contender, runs }) => {
    const rate = lateOverEarlyRate(runs);
    return rate === null || (rate >= LEVEL.low && rate <= LEVEL.high) ? [] : [`${contender} (${plain(rate)})`];
  });
  if (changing.length === 0) return null;
  const were = changing.length === 1 ? 'was' : 'were';
  return `${listed(changing)} ${were} still changing speed while measured: the rate between 70 and 90 % written over that between 10 and 30 % is not within ${LEVEL.low} to ${LEVEL.high}.`;
}

function pairsTable(metric: Metric, pairs: readonly PairFigures[], palette: Palette): Table {
  const own = pairs.filter(pair => pair.metric === metric.key);
  return {
    kind: 'table',
    id: `pairs-${metric.key}`,
    caption: `Every pair: ${SHOWN[metric.key].column}`,
    columns: [
      texts('contender'),
      texts('verdict'),
      texts('against'),
      numbers('ratio'),
      numbers('95 % interval'),
      numbers('p (Holm)'),
      numbers('delta'),
      numbers('found from'),
    ],
    rows: own.map(pair => [
      { text: palette.label(pair.a) },
      { text: pair.verdict === '~' ? '~' : metric.words[pair.verdict] },
      { text: palette.label(pair.b) },
      { text: ratioNumber(pair.ratio.ratio), value: pair.ratio.ratio },
      { text: ratioRange(pair.ratio) ?? 'too few runs', value: pair.ratio.low },
      { text: pair.adjustedPValue < 0.001 ? '< 0.001' : pair.adjustedPValue.toFixed(3), value: pair.adjustedPValue },
      { text: pair.cliffsDelta.toFixed(2), value: pair.cliffsDelta },
      pair.smallestDetectableRatio === null
        ? { text: 'none', value: null }
        : { text: detectable(pair.smallestDetectableRatio), value: pair.smallestDetectableRatio },
    ]),
  };
}

/** Counts the pairs of all that is drawn, references and stand-in among them. */
function spreadTitle(compared: Compared | null): string {
  const own = (compared?.comparison.pairs ?? []).filter(({ metric }) => metric === 't100Ms');
  if (own.length === 0) return 'Time to drain in single runs: their order is not decided';
  const open = own.filter(({ verdict }) => verdict === '~');
  const pairs = own.length === 1 ? 'the one pair is' : `${own.length} pairs are`;
  if (open.length === 0) return `Time to drain: ${own.length === 1 ? '' : 'all '}${pairs} decided`;
  const named = open.length > 3 ? '' : `, but not ${listed(open.map(({ a, b }) => `${a} against ${b}`))}`;
  return `Time to drain: ${own.length - open.length} of ${pairs} decided${named}`;
}

function metricOf(key: MetricKey): Metric {
  const metric = METRICS.find(one => one.key === key);
  if (!metric) throw new RangeError(`there is no metric ${key}`);
  return metric;
}
