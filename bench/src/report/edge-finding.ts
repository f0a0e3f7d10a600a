import { STAND_IN } from '../contenders/runtime.js';
import { behindText } from '../edge/edge.js';
import { type BreakpointComparison, compareBreakpoints, type HeldRates } from '../judge/compare-breakpoints.js';
import { median } from '../judge/median.js';
import { inverse } from '../judge/paired-ratio.js';
import type { BreakpointResult } from '../results/k6-result.js';
import type { StoredK6Result } from '../results/k6-result-file.js';
import { listed, plain } from '../text/format.js';
import { groupBy } from '../text/groups.js';
import { missingSpin } from './headline.js';
import { rangeText, timesText } from './ratio-text.js';

/** What the newest breakpoint series of a role says. */
export interface EdgeFinding {
  readonly comparison: BreakpointComparison;
  /** Its sound results, in the order in which they were measured. */
  readonly results: readonly BreakpointResult[];
  /** What each contender holds, and what is decided; the stand-in is left out, and what is missing for it said. */
  readonly text: string;
  /** The comparison without the stand-in. */
  readonly ranked: BreakpointComparison;
}

/** The finding of each role, with stub and with daprd and each limit apart, that has a series of breakpoints; void repetitions are left out. */
export function edgeFindings(stored: readonly StoredK6Result[]): EdgeFinding[] {
  const breakpoints = stored
    .map(({ result }) => result)
    .filter(result => result.kind === 'k6-breakpoint')
    .filter(({ status, series }) => status === 'complete' && series !== null)
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const groups = groupBy(breakpoints, ({ role, behind, limit }) => `${role} ${behind.kind} ${limit.p99Ms}`);
  return [...groups.values()].flatMap(own => {
    const results = own.filter(({ series }) => series?.id === own.at(-1)?.series?.id);
    const [comparison] = compareBreakpoints(results);
    if (!comparison) return [];
    const ranked = withoutStandIn(comparison, results);
    const sentences = [heldSentence(ranked, results), pairSentence(ranked), missingSpin(results) ?? ''];
    return [{ comparison, ranked, results, text: sentences.filter(Boolean).join(' ') }];
  });
}

function withoutStandIn(comparison: BreakpointComparison, results: readonly BreakpointResult[]): BreakpointComparison {
  const standIns = new Set(
    results.filter(({ runtime }) => runtime.kind === STAND_IN).map(({ contender }) => contender),
  );
  return {
    ...comparison,
    contenders: comparison.contenders.filter(({ contender }) => !standIns.has(contender)),
    pairs: comparison.pairs.filter(({ a, b }) => !standIns.has(a) && !standIns.has(b)),
  };
}

function heldSentence({ role, contenders }: BreakpointComparison, results: readonly BreakpointResult[]): string {
  const [first] = results;
  const limit = first?.limit;
  if (contenders.length === 0) return '';
  const held = contenders
    .toSorted((a, b) => b.median - a.median)
    .map(own =>
      own.median > 0
        ? `${own.contender} ${plain(own.median)} orders/s (${rangeText(own.low, own.high)})`
        : `${own.contender} none${lowestTried(own, results)}`,
    );
  return (
    `Alone as ${role}, ${first ? behindText(first.behind) : ''}, each order answered well and 99 % of them within ${limit?.p99Ms} ms for ${limit?.holdS} s, ` +
    `the contenders hold: ${listed(held)}.`
  );
}

/** How far a contender is from the limit where it can't be hurried. */
function lowestTried({ contender }: HeldRates, results: readonly BreakpointResult[]): string {
  const lowest = results
    .filter(own => own.contender === contender)
    .flatMap(({ steps }) => steps.toSorted((a, b) => a.ratePerSecond - b.ratePerSecond).slice(0, 1))
    .filter(({ run }) => run.responseTime !== null);
  if (lowest.length === 0) return '';
  const rate = median(lowest.map(({ ratePerSecond }) => ratePerSecond));
  const p99Ms = median(lowest.map(({ run }) => run.responseTime?.p99Ms ?? 0));
  return ` (at ${plain(rate)} per second its p99 is ${plain(p99Ms)} ms)`;
}

function pairSentence({ contenders, pairs }: BreakpointComparison): string {
  if (pairs.length === 0) return '';
  const heldOf = (name: string) => contenders.find(({ contender }) => contender === name)?.median ?? 0;
  const told = pairs.map(({ a, b, ratio, verdict }) => {
    const [more, less, times] = ratio.ratio >= 1 ? [a, b, ratio] : [b, a, inverse(ratio)];
    if (verdict === '~') return `${more} against ${less} is undecided (~)`;
    return heldOf(less) === 0
      ? `${more} holds more than ${less}`
      : `${more} holds ${timesText(times.ratio)} as much as ${less}`;
  });
  const repetitions = Math.max(...contenders.map(({ values }) => values.length));
  return `Over ${repetitions} interleaved repetitions, Holm over all pairs: ${listed(told)}.`;
}
