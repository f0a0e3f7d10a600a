import type { ProcessRole } from '@order-bench/rig';
import type { PlannedCost } from '../results/comparison-file.js';
import { cpuMsPerOrder, type RunResult } from '../results/result.js';
import type { StoredComparison } from '../results/stored-comparison.js';
import { percent, seconds } from '../text/format.js';
import type { Block } from './blocked-permutation-test.js';
import { runPairs, runsOf } from './contender-runs.js';
import { PRIMARY_METRIC, ranksLast } from './metrics.js';
import { pairedRatio, pairedShift, type Ratio, ratioText, type Shift } from './paired-ratio.js';
import { costNames } from './plan-pairs.js';

/** What it costs that something is on. */
export interface CostOf {
  readonly plan: PlannedCost;
  /** Blocks that hold a whole run of both. */
  readonly blocks: number;
  /**
   * Of `live` and `tracing` all CPU and the drain, of `live` the bench's share of all CPU too; of `events` the app's CPU, daprd's
   * and the drain; none without a block.
   */
  readonly figures: readonly CostFigure[];
}

/** One figure, on against off. */
export interface CostFigure {
  readonly title: string;
  /** Of a value, for a person. */
  readonly text: (value: number) => string;
  /** On over off. */
  readonly ratio: Ratio;
  /** On less off: ms, or a share. */
  readonly shift: Shift;
}

/**
 * What the runs of such a plan say, by pairs within blocks.
 *
 * @throws RangeError for a comparison that is another plan.
 */
export function costFigures({ record, results }: StoredComparison): CostOf {
  const { costOf: plan } = record.plan;
  if (!plan) throw new RangeError(`comparison ${record.id} is not about the cost of anything`);
  const { on, off } = costNames(plan);
  const own = results.filter(({ comparison }) => comparison?.id === record.id);
  const pairs = runPairs(runsOf(on, own, []), runsOf(off, own, [])).flatMap(({ a, b }) =>
    a && b && !ranksLast(a) && !ranksLast(b) ? [{ a, b }] : [],
  );
  const { measures, confidence } = MEASURED[plan.what];
  const figures = measures.map(({ read, ...words }): CostFigure => {
    const blocks = pairs.map(({ a, b }): Block => ({ a: read(a), b: read(b) }));
    return { ...words, ratio: pairedRatio(blocks, confidence), shift: pairedShift(blocks, confidence) };
  });
  return { plan, blocks: pairs.length, figures: pairs.length === 0 ? [] : figures };
}

/** Something that a run spends, in ms or as a share. */
interface Measure extends Pick<CostFigure, 'title' | 'text'> {
  readonly read: (result: RunResult) => number;
}

const DRAIN: Measure = { title: PRIMARY_METRIC.title, text: seconds, read: PRIMARY_METRIC.read };

function cpuOf(title: string, roles: readonly ProcessRole[]): Measure {
  return {
    title: `${title} per order`,
    text: ms => `${ms.toFixed(3)} ms`,
    read: result => roles.reduce((sum, role) => sum + cpuMsPerOrder(result, role), 0),
  };
}

const ALL_CPU = cpuOf('all CPU', ['app', 'dapr', 'rig', 'harness']);

/** From a run to the next all CPU varies by more than the page takes; what the bench takes of it, where the page is served, does not. */
const BENCH_SHARE: Measure = {
  title: "the bench's share of all CPU",
  text: percent,
  read: result => cpuMsPerOrder(result, 'harness') / ALL_CPU.read(result),
};

const MEASURES_OF_EVENTS = [cpuOf('app CPU', ['app']), cpuOf('daprd CPU', ['dapr']), DRAIN];

const MEASURED = {
  // Each interval by itself.
  live: { measures: [ALL_CPU, DRAIN, BENCH_SHARE], confidence: 0.95 },
  tracing: { measures: [ALL_CPU, DRAIN], confidence: 0.95 },
  // The intervals together: each is as much wider as there are more of them (Bonferroni).
  events: { measures: MEASURES_OF_EVENTS, confidence: 1 - 0.05 / MEASURES_OF_EVENTS.length },
} as const;

/** What a page that follows runs may take of their CPU at most. */
const MOST_CPU = 0.02;

/** The same for a person. */
export function costSentences(cost: CostOf): string[] {
  if (cost.blocks === 0) return ['no block holds a whole run of both: nothing is known'];
  return cost.plan.what === 'events' ? eventSentences(cost) : watchingSentences(cost, WATCHED[cost.plan.what]);
}

const WATCHED = { live: 'the live page open', tracing: 'its orders traced' } as const;

function watchingSentences({ plan, blocks, figures }: CostOf, what: string): string[] {
  const [cpu, drain, bench] = figures;
  if (!cpu || !drain) return [];
  const { low, high } = cpu.ratio;
  return [
    `with ${what}, ${plan.contender} takes ${ratioText(cpu.ratio)} times the CPU of all processes, the bench's too, ` +
      `and ${ratioText(drain.ratio)} times as long to drain (${blocks} blocks): ${limitText({ low: low - 1, high: high - 1 })}`,
    ...(bench
      ? [
          `the bench itself, which serves the page and looks at it, takes ${shiftText(bench)} of all CPU more with it: ${limitText(bench.shift)}`,
        ]
      : []),
  ];
}

/** Of how much more CPU something takes, as a share. */
function limitText({ low, high }: Pick<Shift, 'low' | 'high'>): string {
  const limit = percent(MOST_CPU);
  if (high <= MOST_CPU) return `at most ${limit} more CPU`;
  return low > MOST_CPU ? `more than ${limit} more CPU` : `whether that is more than ${limit} is not decided`;
}

function eventSentences({ plan, blocks, figures }: CostOf): string[] {
  return [
    `what an event of each order costs ${plan.contender} (${blocks} blocks; 95 % intervals, of all ${figures.length} together):`,
    ...figures.map(figureText),
    'nobody reads the events; the CPU that the broker takes for them is only in the time to drain, for it shares the cores',
  ];
}

/** `app CPU per order: 0.310 ms [0.290 ms, 0.330 ms] more, 1.313 [1.290, 1.330] times: more, decided`. */
function figureText(figure: CostFigure): string {
  const { title, ratio } = figure;
  const verdict = ratio.low > 1 ? 'more, decided' : ratio.high < 1 ? 'less, decided' : 'not decided';
  return `${title}: ${shiftText(figure)} more, ${ratioText(ratio)} times: ${verdict}`;
}

/** `0.310 ms [0.290 ms, 0.330 ms]`. */
function shiftText({ text, shift }: CostFigure): string {
  const [point, low, high] = [shift.shift, shift.low, shift.high].map(one =>
    Number.isFinite(one) ? text(one) : `${one}`,
  );
  return `${point} [${low}, ${high}]`;
}
