import type { Comparison, ContenderFigures, PairFigures } from '../judge/comparison.js';
import { METRICS, type Metric } from '../judge/metrics.js';
import { ratioText } from '../judge/paired-ratio.js';
import { textTable } from '../text/text-table.js';

/** A comparison for a terminal: the contenders' medians, then every pair in every metric, then what was not counted. */
export function comparisonTable(comparison: Comparison): string {
  const sections = METRICS.map(metric => {
    const pairs = comparison.pairs.filter(pair => pair.metric === metric.key);
    return `${metric.title}\n${textTable([PAIR_HEADER, ...pairs.map(pair => pairRow(metric, pair))])}`;
  });
  return [contenderTable(comparison.contenders), ...sections, remarks(comparison)].join('\n\n');
}

/** The contenders' medians, with the interval of each. */
export function contenderTable(contenders: readonly ContenderFigures[]): string {
  const rows = contenders.map(({ contender, runs, lastRuns, metrics }) => [
    contender,
    lastRuns === 0 ? String(runs) : `${runs} (${lastRuns} last)`,
    ...METRICS.map(({ key, text }) => {
      const { median, low, high } = metrics[key];
      return `${valueText(text, median)} [${valueText(text, low)}, ${valueText(text, high)}]`;
    }),
  ]);
  return textTable([['median [interval]', 'runs', ...METRICS.map(({ title }) => title)], ...rows]);
}

const PAIR_HEADER = ['a against b', 'ratio [95 %]', 'p', 'p (Holm)', "Cliff's delta", 'a is', 'finds from'];

function pairRow(metric: Metric, pair: PairFigures): string[] {
  return [
    `${pair.a} / ${pair.b}`,
    ratioText(pair.ratio),
    pText(pair.pValue),
    pText(pair.adjustedPValue),
    pair.cliffsDelta.toFixed(2),
    verdictText(metric, pair.verdict),
    pair.smallestDetectableRatio === null ? 'nothing' : `x ${pair.smallestDetectableRatio.toFixed(3)}`,
  ];
}

function remarks({ runs, voidRuns, lastRuns, noClaim, speedBound, canDecide, canDecideOthers }: Comparison): string {
  return [
    `${runs} runs, ${voidRuns} void (left out), ${lastRuns} not complete and correct (ranked last in everything).`,
    "ratio: Hodges-Lehmann estimate of a to b within blocks, with the 95 % interval of that pair alone. ~: not decided at 5 % after Holm's " +
      "correction, over the pairs in T100 and over those in all other metrics together. 'finds from' is the ratio that this " +
      'plan finds in 80 % of all comparisons.',
    ...(canDecide ? [] : ['The blocks are too few to decide any pair in T100.']),
    ...(canDecideOthers ? [] : ['The blocks are too few to decide any pair in another metric than T100.']),
    ...(speedBound === null ? [] : [`NO WINNER IN SPEED: ${speedBound}.`]),
    ...(noClaim === null ? [] : [`NO CLAIM: ${noClaim}.`]),
  ].join('\n');
}

function verdictText({ words }: Metric, verdict: 'better' | 'worse' | '~'): string {
  return verdict === '~' ? '~' : words[verdict];
}

function pText(pValue: number): string {
  return pValue < 0.0001 ? '<0.0001' : pValue.toFixed(4);
}

/** Infinity: of a run that ranks last. */
function valueText(text: Metric['text'], value: number): string {
  return Number.isFinite(value) ? text(value) : 'last';
}
