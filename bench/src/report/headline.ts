import { baseNameOf, STAND_IN } from '../contenders/runtime.js';
import type { CostTable } from '../cost/costs-per-million-orders.js';
import type { Comparison, PairFigures } from '../judge/comparison.js';
import type { MetricKey } from '../judge/metrics.js';
import type { Ratio } from '../judge/paired-ratio.js';
import { COMPARISON_FILE } from '../results/comparison-file.js';
import type { K6Result } from '../results/k6-result.js';
import type { RunResult, Target } from '../results/result.js';
import { listed, plain } from '../text/format.js';
import { billText } from './bill.js';
import { type DecidedDimension, decidedDimensions } from './dimensions.js';
import type { Table } from './document.js';
import type { Bursts, ContenderRuns } from './evidence.js';
import { medianOf, secondsToDrain } from './figures.js';
import { detectableText, ratioOver } from './pairs.js';
import { timesText } from './ratio-text.js';
import { type Side, sidesOf } from './sides.js';
import { sidesTable } from './sides-table.js';

/** What is recommended, in the words that README and report open with. */
export interface Headline {
  /** One sentence: which side for what. */
  readonly finding: string;
  /** A sentence for each side, for what is not decided, the bill, and what is not measured. */
  readonly points: readonly string[];
  /** Both sides in every dimension; null where there are not two. */
  readonly table: Table | null;
  /** Where it holds, and how sure it is. */
  readonly notes: readonly string[];
}

/** What a headline is made from. */
export interface HeadlineEvidence {
  readonly bursts: Bursts;
  readonly edges: readonly K6Result[];
  /** Null where nothing is priced. */
  readonly costs: CostTable | null;
}

/** The headline of a comparison, or that there is none yet. References and the stand-in are left out of it. */
export function headlineOf(evidence: HeadlineEvidence): Headline {
  const { contenders, compared } = evidence.bursts;
  const headed = contenders.filter(({ role, runs }) => role === 'contender' && runs.length > 0);
  const missing = missingSpin(contenders.flatMap(({ runs }) => runs.slice(0, 1).map(({ result }) => result)));
  const notes = missing === null ? [] : [missing];
  if (!compared) {
    const finding = headed.length > 0 ? singleFinding(headed) : 'Nothing has been compared yet.';
    return { finding, points: [], table: null, notes };
  }
  if (headed.length === 0) return { finding: 'Nothing here can be ranked.', points: [], table: null, notes };
  const { comparison } = compared;
  const all = [...notes, holdsFor(headed), sureness(comparison)];
  const sides = sidesOf(contenders);
  if (!sides) return { ...ofContenders(comparison, headed), table: null, notes: all };
  const decided = decidedDimensions(sides, evidence);
  const table = sidesTable(sides, decided, evidence.costs);
  const open = whyOpen(comparison);
  if (open !== null) return { finding: open, points: unmeasured(decided), table, notes: all };
  const ranked = rankedSides(sides, decided);
  return {
    finding: verdictOf(ranked),
    points: [
      ...ranked.map(side => claimsFor(side, sides, decided)),
      ...(comparison.speedBound === null ? [] : [`No winner in speed is named. ${comparison.speedBound}.`]),
      ...undecided(decided, comparison),
      ...billText(sides, evidence.costs),
      ...unmeasured(decided),
    ],
    table,
    notes: all,
  };
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

/** Why a comparison recommends nothing, where that is so. */
function whyOpen({ noClaim, canDecide, canDecideOthers, contenders }: Comparison): string | null {
  if (noClaim !== null) return `No claim: ${noClaim}.`;
  if (canDecide || canDecideOthers) return null;
  const runs = Math.max(...contenders.map(figures => figures.runs));
  return `Not decided: ${runs} runs of each contender can't decide anything in this plan.`;
}

/** The sides with what each is for; the faster one, or else the one that is for more, goes first. */
function rankedSides(sides: readonly Side[], decided: readonly DecidedDimension[]): RankedSide[] {
  const ranked = sides.map((side, index) => ({ side, index, words: wonBy(index, decided) }));
  const rankOf = ({ words }: RankedSide) => words.length + (words.includes('throughput') ? decided.length : 0);
  return ranked.toSorted((a, b) => rankOf(b) - rankOf(a));
}

interface RankedSide {
  readonly side: Side;
  /** Among the sides. */
  readonly index: number;
  readonly words: readonly string[];
}

function wonBy(side: number, decided: readonly DecidedDimension[]): string[] {
  return decided.flatMap(({ dimension: { word }, decision: { better } }) =>
    word !== null && better?.side === side ? [word] : [],
  );
}

function verdictOf(ranked: readonly RankedSide[]): string {
  const parts = ranked
    .filter(({ words }) => words.length > 0)
    .map(({ side, words }) => `${side.title} for ${listed(words)}`);
  return parts.length > 0 ? `${parts.join('; ')}.` : 'Not decided: nothing that was measured tells the two apart.';
}

/** What speaks for a side; that nothing does, where that is so. */
function claimsFor({ side, index }: RankedSide, sides: readonly Side[], decided: readonly DecidedDimension[]): string {
  const worse = sides[1 - index]?.title ?? '';
  const claims = decided.flatMap(({ dimension, decision }) => {
    const value = decision.figures[index]?.value;
    if (dimension.word === null || decision.better?.side !== index || value === undefined) return [];
    const { gain } = decision.better;
    const text = dimension.text(value);
    return [
      gain
        ? dimension.claim({ value: text, times: timesText(gain.ratio), worse })
        : `${dimension.title} ${text}, where ${worse} did not finish`,
    ];
  });
  return claims.length > 0
    ? `${side.title}: ${claims.join('; ')}.`
    : `${side.title}: nothing that was measured speaks for it.`;
}

/** What was measured on both and tells no difference; a reason for it, where one holds for all. */
function undecided(decided: readonly DecidedDimension[], { speedBound, canDecideOthers }: Comparison): string[] {
  const open = decided.filter(({ decision: { figures, better } }) => better === null && figures.every(Boolean));
  const words = open.flatMap(({ dimension: { word } }) => (word === null ? [] : [word]));
  const named = speedBound === null ? words : words.filter(word => word !== 'throughput');
  if (named.length === 0) return [];
  const isThroughputAlone = named.every(word => word === 'throughput');
  const why = isThroughputAlone || canDecideOthers ? '' : '; that takes more runs';
  return [`Not decided: ${listed(named)}${why}.`];
}

function unmeasured(decided: readonly DecidedDimension[]): string[] {
  const words = decided.flatMap(({ dimension: { word }, decision: { figures } }) =>
    word !== null && figures.some(figure => figure === null) ? [word] : [],
  );
  return words.length === 0 ? [] : [`Not measured on both: ${listed(words)}, which may speak for either.`];
}

/** What the recommendation was measured on, and so holds for. */
function holdsFor(headed: readonly ContenderRuns[]): string {
  const results = headed.flatMap(({ runs }) => runs.map(({ result }) => result));
  const versions = new Set(
    results.map(({ runtime }) => `${TITLES[runtime.kind]}${runtime.version ? ` ${runtime.version}` : ''}`),
  );
  const first = results[0];
  const cores = `with ${first?.environment.cores} cores, whose queues and blobs are stand-ins for Azure’s`;
  const places: Readonly<Record<Target, string>> = {
    local: `on one machine ${cores}`,
    kubernetes: `on a Kubernetes cluster ${cores} (one node, no benchmark of AKS)`,
    azure: 'on Azure',
  };
  const where = places[first?.target ?? 'local'];
  const waiting =
    first?.settings.latency?.name === 'none' && first.target === 'local'
      ? ' and answer at once: where they make an app wait, CPU decides less'
      : '';
  return `Measured with ${listed([...versions])} ${where}${waiting}.`;
}

const TITLES: Readonly<Record<RunResult['runtime']['kind'], string>> = {
  spin: 'Spin',
  node: 'Node.js',
  'stand-in': 'the stand-in',
  other: 'another runtime',
};

function sureness({ id, plannedRuns }: Comparison): string {
  return (
    `How sure: ${plannedRuns} runs of each contender, interleaved in random order. A difference counts only where the risk of even one wrong call is at most 5 % in throughput, and at most 5 % in all the rest. ` +
    `[How that is judged](../docs/method.md), and [the comparison’s file](comparisons/${id}/${COMPARISON_FILE}).`
  );
}

/** Where there are no two sides: the fastest contender, and the one with the least CPU. */
function ofContenders(comparison: Comparison, headed: readonly ContenderRuns[]): Pick<Headline, 'finding' | 'points'> {
  const open = whyOpen(comparison);
  if (open !== null) return { finding: open, points: [] };
  const names = headed.map(({ contender }) => contender);
  const cpu = best({
    comparison,
    names,
    metric: 'appCpuMsPerOrder',
    opening: (name, median) => `Least app CPU per order: ${name} with ${plain(median)} ms`,
    told: (times, other) => `${other} takes ${times} the CPU`,
  });
  if (comparison.speedBound !== null) {
    return { finding: `No winner in speed is named. ${comparison.speedBound}.`, points: [cpu] };
  }
  const finding = best({
    comparison,
    names,
    metric: 't100Ms',
    opening: (name, median) => `${name} drains ${ordersOf(headed)} orders in ${plain(median / 1000)} s`,
    told: (times, other) => `${times} as fast as ${other}`,
  });
  return { finding, points: [cpu] };
}

interface BestOptions {
  readonly comparison: Comparison;
  readonly names: readonly string[];
  readonly metric: MetricKey;
  readonly opening: (name: string, median: number) => string;
  readonly told: (times: string, other: string) => string;
}

/** The contender with the best median, every other that it is decidedly better than, and those that it is not. */
function best({ comparison, names, metric, opening, told }: BestOptions): string {
  const winner = comparison.contenders
    .filter(({ contender }) => names.includes(contender))
    .toSorted((a, b) => a.metrics[metric].median - b.metrics[metric].median)[0];
  if (!winner) return '';
  const pairs = pairsWith(comparison, winner.contender, { names, metric });
  const words = pairs
    .filter(({ pair }) => pair.verdict !== '~')
    .map(({ other, gain }) => told(timesText(gain.ratio), other));
  const open = pairs
    .filter(({ pair }) => pair.verdict === '~')
    .map(({ other, pair }) => `against ${other} it is not decided, ${detectableText(pair)}`);
  const text = [words.length > 0 ? `, ${listed(words)}` : '', ...open.map(one => `; ${one}`)].join('');
  return `${opening(winner.contender, winner.metrics[metric].median)}${text}.`;
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
      const count = runs.length > 1 ? ` in ${runs.length} runs` : '';
      return `${contender} ${seconds === null ? 'did not finish' : `${plain(seconds)} s`}${count}`;
    });
  return `Not decided: ${ordersOf(groups)} orders took ${listed(ends)}. \`make compare\` says how sure that is.`;
}

function ordersOf(groups: readonly ContenderRuns[]): string {
  return (groups[0]?.runs[0]?.result.orders.count ?? 0).toLocaleString('en');
}
