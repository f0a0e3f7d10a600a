import type {
  BreakpointResult,
  HoldLimit,
  HoldStep,
  K6Run,
  LoadLevel,
  PastLimit,
  SpikeFigures,
} from '../results/k6-result.js';
import { bottleneckOf } from './generator-load.js';
import { highestHeld } from './highest-held.js';
import {
  type AimedEdge,
  ANY_MS,
  factsOf,
  type MeasurementOptions,
  settlingS,
  statusOf,
  untilAnswering,
  warmUp,
  withEdge,
} from './measurement.js';
import { metricValue } from './summary.js';

/** The search. */
export interface BreakpointOptions extends MeasurementOptions {
  /** Seconds that a rate must be held. */
  readonly holdS: number;
  /** The 99th percentile of the response time that is still good. */
  readonly p99LimitMs: number;
  /** Where the ramp ends; the script's own where it is not given. */
  readonly ratePerSecond?: number;
  /** How long the ramp takes; as long as the hold where it is not given. */
  readonly durationS?: number;
}

/** Finer than what single runs differ by. */
const RESOLUTION = 0.1;
/** What every app bears. */
const WARM_UP_PER_SECOND = 100;
/** The ramp judges all of its orders together, and so ends above the rate that holds. */
const FIRST_SHARE_OF_RAMP = 0.7;
/** What the search tries, and what is looked at once the rate is known, takes this share of the time that the answer has to hold. */
const SHORT_SHARE_OF_HOLD = 1 / 5;
/** Below the limit: where latency is looked at. */
const LEVELS = [0.5, 0.8, 0.95];
/** What a spike starts from and goes back to, as a share of the held rate. */
const QUIET_SHARE = 0.5;
/** Below this share of the held rate an app past its limit has collapsed. */
const COLLAPSED_SHARE = 0.8;

/**
 * Searches the highest rate that a contender holds in one role, alone: p99 within the limit, blocked and connecting time
 * included, no order dropped, refused or unanswered. Then what latency is below it, and what happens past it and after a spike.
 */
export async function measureBreakpoint(options: BreakpointOptions): Promise<BreakpointResult> {
  const limit: HoldLimit = { p99Ms: options.p99LimitMs, holdS: options.holdS, resolution: RESOLUTION };
  const facts = await factsOf(options, {});
  const found = await withEdge(options, async aimed => {
    await warmUp(aimed, shortOf(limit).durationS, WARM_UP_PER_SECOND);
    const search = await searchRate(aimed, limit, options);
    const held = search.heldPerSecond;
    if (held === null) return { ...search, levels: [], past: null, spike: null };
    const short = shortOf(limit);
    const levels: LoadLevel[] = [];
    for (const shareOfHeld of LEVELS) {
      // Without the limit: it would break a level off, which is to be looked at whole.
      const run = await load(aimed, Math.max(1, Math.round(held * shareOfHeld)), short, ANY_MS, options);
      options.say(`looked at ${lineOf(run)}`);
      levels.push({ shareOfHeld, run });
    }
    return {
      ...search,
      levels,
      past: await pushPast(aimed, held, short.durationS, options),
      spike: await hitBySpike(aimed, held, short.durationS, options),
    };
  });
  const doubt = doubtOf(found.steps) ?? firstOf(found.levels.map(({ run }) => bottleneckOf(run)));
  return { ...facts, kind: 'k6-breakpoint', ...statusOf(facts, doubt), limit, ...found };
}

type Search = Pick<BreakpointResult, 'rampPerSecond' | 'steps' | 'heldPerSecond'>;

async function searchRate(aimed: AimedEdge, limit: HoldLimit, options: BreakpointOptions): Promise<Search> {
  const { ratePerSecond, durationS, holdS, say } = options;
  const ramp = await aimed.run({
    test: 'breakpoint',
    durationS: durationS ?? holdS,
    p99LimitMs: limit.p99Ms,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
  const rampPerSecond = ramp.summary.reachedPerSecond ?? ramp.summary.ratePerSecond;
  say(`a rising rate broke at ${Math.round(rampPerSecond)} orders/s`);
  const steps: HoldStep[] = [];
  const holdFor = (span: Span) => async (ratePerSecond: number) => {
    const run = await load(aimed, ratePerSecond, span, limit.p99Ms, options);
    const isHeld = run.exitCode === 0;
    say(`${isHeld ? 'held' : 'did not hold'} ${lineOf(run)}`);
    steps.push({ ratePerSecond, holdS: span.durationS, settleS: span.settleS, isHeld, run });
    return isHeld;
  };
  const heldPerSecond = await highestHeld({
    first: rampPerSecond * FIRST_SHARE_OF_RAMP,
    resolution: limit.resolution,
    seemsHeld: holdFor(shortOf(limit)),
    isHeld: holdFor({ durationS: holdS, settleS: 0 }),
  });
  return { rampPerSecond, steps, heldPerSecond };
}

/** How long a run of `load` sends, and how much of it at its start does not count. */
interface Span {
  readonly durationS: number;
  readonly settleS: number;
}

/** In whole seconds, at least one. */
function shortOf({ holdS }: HoldLimit): Span {
  const durationS = Math.max(1, Math.round(holdS * SHORT_SHARE_OF_HOLD));
  return { durationS, settleS: settlingS(durationS) };
}

/** Runs `load` at a rate once the app has got over what was before. */
async function load(
  aimed: AimedEdge,
  ratePerSecond: number,
  span: Span,
  p99LimitMs: number,
  { signal }: BreakpointOptions,
): Promise<K6Run> {
  await untilAnswering(aimed.edge, signal);
  const { run } = await aimed.run({ test: 'load', ratePerSecond, ...span, p99LimitMs });
  return run;
}

function lineOf({ ratePerSecond, durationMs, responseTime, orders, generator }: K6Run): string {
  const { taken, refused, unanswered, dropped } = orders;
  return (
    `${ratePerSecond} orders/s, ${Math.round(durationMs / 1000)} s: p99 ${responseTime?.p99Ms.toFixed(1) ?? '-'} ms, ` +
    `${taken} taken, ${refused} refused, ${unanswered} unanswered, ${dropped} dropped; generator ${Math.round(generator.busyShare * 100)} % busy`
  );
}

async function pushPast(
  aimed: AimedEdge,
  held: number,
  durationS: number,
  { signal, say }: BreakpointOptions,
): Promise<PastLimit> {
  await untilAnswering(aimed.edge, signal);
  const { run } = await aimed.run({ test: 'stress', ratePerSecond: held, durationS });
  const past = pastLimit(run, held, durationS);
  say(`past the limit: ${past.verdict}, ${Math.round(past.takenShareOfHeld * 100)} % of the held rate taken`);
  return { shareOfHeld: run.ratePerSecond / held, ...past, run };
}

/** What a run past the limit says of an app. */
export function pastLimit(
  { orders, durationMs }: Pick<K6Run, 'orders' | 'durationMs'>,
  heldPerSecond: number,
  sentS: number,
): Pick<PastLimit, 'takenShareOfHeld' | 'verdict'> {
  // A run that was broken off sent for less; one order that is answered late makes it no longer.
  const takenPerSecond = orders.taken / Math.min(sentS, durationMs / 1000);
  const takenShareOfHeld = takenPerSecond / heldPerSecond;
  const isWhole = orders.refused + orders.unanswered + orders.dropped === 0;
  return {
    takenShareOfHeld,
    verdict: isWhole ? 'bears' : takenShareOfHeld >= COLLAPSED_SHARE ? 'saturates' : 'collapses',
  };
}

async function hitBySpike(
  aimed: AimedEdge,
  held: number,
  durationS: number,
  { p99LimitMs, signal, say }: BreakpointOptions,
): Promise<SpikeFigures> {
  await untilAnswering(aimed.edge, signal);
  const ratePerSecond = Math.max(1, Math.round(held * QUIET_SHARE));
  const { run, summary } = await aimed.run({ test: 'spike', ratePerSecond, durationS, p99LimitMs });
  const inTime = Array.from({ length: durationS }, (_, second) =>
    metricValue(summary, `in_time{second:${second}}`, 'count'),
  );
  const recoveredMs = run.exitCode === 0 ? recoveryOf(inTime, ratePerSecond) : null;
  say(`after the spike: ${recoveredMs === null ? 'not recovered' : `recovered in ${recoveredMs} ms`}`);
  return {
    shareOfHeld: run.ratePerSecond / held,
    recoveryMs: recoveredMs ?? durationS * 1000,
    isRecovered: recoveredMs !== null,
    run,
  };
}

/**
 * From the end of a spike to the first second in which an app answers in time again, in milliseconds; null where none is.
 *
 * @param inTime - Orders of each second that were answered in time.
 */
export function recoveryOf(inTime: readonly (number | undefined)[], ratePerSecond: number): number | null {
  // An order that is due at a second's edge may count in the next one.
  const enough = ratePerSecond * SHARE_IN_TIME - 1;
  const second = inTime.findIndex(count => (count ?? 0) >= enough);
  return second < 0 ? null : second * 1000;
}

/** As the 99th percentile asks of a rate that is held. */
const SHARE_IN_TIME = 0.99;

/** The lowest rate that was not held bounds the answer: void where the generator was why. */
function doubtOf(steps: readonly HoldStep[]): string | null {
  const broken = steps.filter(({ isHeld }) => !isHeld).sort((a, b) => a.ratePerSecond - b.ratePerSecond)[0];
  return broken ? bottleneckOf(broken.run) : null;
}

function firstOf(reasons: readonly (string | null)[]): string | null {
  return reasons.find(reason => reason !== null) ?? null;
}
