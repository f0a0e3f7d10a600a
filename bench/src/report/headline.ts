import { baseNameOf, STAND_IN } from '../contenders/runtime.js';
import type { Comparison, PairFigures } from '../judge/comparison.js';
import type { MetricKey } from '../judge/metrics.js';
import { inverse, type Ratio } from '../judge/paired-ratio.js';
import type { RunResult } from '../results/result.js';
import { listed, plain } from '../text/format.js';
import type { Bursts, ContenderRuns } from './evidence.js';
import { medianOf, secondsToDrain } from './figures.js';
import { WITHDRAWN } from './withdrawn.js';

/** What the bursts say, in the words that README and report open with. */
export interface Headline {
  /** One or two sentences: who, by how much, how sure. */
  readonly finding: string;
  /** What belongs to it: CPU, and what it was measured with. */
  readonly notes: readonly string[];
}

/** The headline of a comparison, or that there is none yet. References and the stand-in are left out of it. */
export function headlineOf({ contenders, compared }: Bursts): Headline {
  const headed = contenders.filter(({ role, runs }) => role === 'contender' && runs.length > 0);
  const missing = missingSpin(contenders.flatMap(({ runs }) => runs.slice(0, 1).map(({ result }) => result)));
  const notes = missing === null ? [] : [missing];
  if (!compared) {
    const finding = headed.length > 0 ? singleFinding(headed) : 'Nothing has been compared yet.';
    return { finding, notes: [WITHDRAWN, ...notes] };
  }
  if (headed.length === 0) return { finding: 'Nothing here can be ranked.', notes };
  const { comparison } = compared;
  const names = headed.map(({ contender }) => contender);
  const runs = Math.max(...comparison.contenders.map(figures => figures.runs));
  const about = `Comparison \`${comparison.id}\`: ${comparison.plannedRuns} runs of each contender in randomised blocks, medians, ratios (Hodges-Lehmann within blocks) with per-pair 95 % intervals; Holm over the pairs in T100, and over those in all other metrics.`;
  if (comparison.noClaim !== null) return { finding: `No claim: ${comparison.noClaim}.`, notes: [about, ...notes] };
  if (comparison.speedBound !== null) {
    return { finding: `No winner in speed is named. ${comparison.speedBound}.`, notes: [about, ...notes] };
  }
  if (!comparison.canDecide) {
    return {
      finding: `${singleFinding(headed)} ${runs} runs of each can't decide any pair of this plan.`,
      notes: [about, ...notes],
    };
  }
  const finding = [
    best({
      comparison,
      names,
      metric: 't100Ms',
      opening: (name, median) => `${name} drains ${ordersOf(headed)} orders in ${plain(median / 1000)} s`,
      told: (ratio, other) => `${ratio} times as fast as ${other}`,
    }),
    undecided(comparison, names, 't100Ms'),
  ];
  const cpu = [
    best({
      comparison,
      names,
      metric: 'appCpuMsPerOrder',
      opening: (name, median) => `The least app CPU an order takes ${name}, ${plain(median)} ms`,
      told: (ratio, other) => `${other} takes ${ratio} times as much`,
    }),
    undecided(comparison, names, 'appCpuMsPerOrder'),
  ];
  return { finding: finding.filter(Boolean).join(' '), notes: [cpu.filter(Boolean).join(' '), ...notes, about] };
}

interface BestOptions {
  readonly comparison: Comparison;
  readonly names: readonly string[];
  readonly metric: MetricKey;
  readonly opening: (name: string, median: number) => string;
  readonly told: (ratio: string, other: string) => string;
}

/** The contender with the best median, and every other that it is decidedly better than. */
function best({ comparison, names, metric, opening, told }: BestOptions): string {
  const winner = leader(comparison, names, metric);
  if (!winner) return '';
  const decided = pairsWith(comparison, winner.contender, { names, metric }).filter(({ pair }) => pair.verdict !== '~');
  const words = decided.map(({ other, gain }) => told(ratioText(gain), other));
  return `${opening(winner.contender, winner.metrics[metric].median)}${words.length > 0 ? `: ${listed(words)}` : ''}.`;
}

/** The contenders that the best one is not decidedly better than, and what the plan could have told. */
function undecided(comparison: Comparison, names: readonly string[], metric: MetricKey): string {
  const winner = leader(comparison, names, metric);
  if (!winner) return '';
  const open = pairsWith(comparison, winner.contender, { names, metric }).filter(({ pair }) => pair.verdict === '~');
  if (open.length === 0) return '';
  const told = open.map(({ other, pair }) => `${other} it is undecided (~; ${detectableText(pair)})`);
  return `Against ${listed(told)}.`;
}

/** What difference a pair's plan could have told. */
export function detectableText({ smallestDetectableRatio: ratio }: PairFigures): string {
  return ratio === null
    ? 'these runs could have told no difference'
    : `a difference of ${detectable(ratio)} would have been found`;
}

/** A detectable ratio as a percentage: two digits, it comes from a simulation. */
export function detectable(ratio: number): string {
  return `${Number(((ratio - 1) * 100).toPrecision(2))} %`;
}

/** A ratio with its interval. */
export function ratioText({ ratio, low, high }: Ratio): string {
  return `${ratioNumber(ratio)} [${ratioNumber(low)}, ${ratioNumber(high)}]`;
}

/** A ratio as a number. */
export function ratioNumber(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '∞';
}

/** How many times as much as the other of its pair a contender has. */
export function ratioOver({ a, ratio }: PairFigures, contender: string): Ratio {
  return a === contender ? ratio : inverse(ratio);
}

/** What ran on the stand-in and not on Spin, as a sentence; null where nothing did. */
export function missingSpin(measured: readonly Pick<RunResult, 'contender' | 'runtime'>[]): string | null {
  const onSpin = measured.filter(({ runtime }) => runtime.kind === 'spin').map(baseNameOf);
  const missing = measured.filter(({ runtime }) => runtime.kind === STAND_IN).map(baseNameOf);
  const names = listed([...new Set(missing)].filter(name => !onSpin.includes(name)));
  if (names === '') return null;
  return onSpin.length === 0
    ? `Spin itself was not measured: ${names} ran on the stand-in alone, which no headline ranks.`
    : `${names} ran on the stand-in alone, not on Spin itself, and no headline ranks that.`;
}

function leader(comparison: Comparison, names: readonly string[], metric: MetricKey) {
  return comparison.contenders
    .filter(({ contender }) => names.includes(contender))
    .toSorted((a, b) => a.metrics[metric].median - b.metrics[metric].median)[0];
}

/** Every pair with a contender in it; the gain is how many times as much of a (lower is better) metric the other takes. */
function pairsWith(
  comparison: Comparison,
  contender: string,
  { names, metric }: { names: readonly string[]; metric: MetricKey },
): { readonly other: string; readonly pair: PairFigures; readonly gain: Ratio }[] {
  return comparison.pairs
    .filter(pair => pair.metric === metric && [pair.a, pair.b].includes(contender))
    .map(pair => {
      const other = pair.a === contender ? pair.b : pair.a;
      return { other, pair, gain: ratioOver(pair, other) };
    })
    .filter(({ other }) => names.includes(other))
    .toSorted((a, b) => b.gain.ratio - a.gain.ratio);
}

function singleFinding(groups: readonly ContenderRuns[]): string {
  const ends = groups
    .map(({ contender, runs }) => ({ contender, runs, seconds: medianOf(runs, secondsToDrain) }))
    .toSorted((a, b) => (a.seconds ?? Number.POSITIVE_INFINITY) - (b.seconds ?? Number.POSITIVE_INFINITY))
    .map(({ contender, runs, seconds }) => {
      const count = runs.length > 1 ? ` (${runs.length} runs)` : '';
      return `${contender} ${seconds === null ? 'did not finish' : `${plain(seconds)} s`}${count}`;
    });
  return `Not decided: ${ordersOf(groups)} orders took ${listed(ends)}. \`make compare\` says how sure that is.`;
}

function ordersOf(groups: readonly ContenderRuns[]): string {
  return (groups[0]?.runs[0]?.result.orders.count ?? 0).toLocaleString('en');
}
