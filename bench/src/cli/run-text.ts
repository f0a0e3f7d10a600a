import { type Soak, soakOf } from '../figures/soak.js';
import { cpuMsPerOrder, isCorrect, isTimed, ROLES, type RunResult } from '../results/result.js';
import { mebibytes, plain, seconds, wholePercent } from '../text/format.js';

/** Whether a run's figures can be used: complete and correct, and not void. */
export function stands(result: RunResult): boolean {
  return isCorrect(result) && result.status !== 'void';
}

/** One run in a line: how it went, and how fast. */
export function runLine(result: RunResult): string {
  if (!stands(result)) return faultLine(result);
  const soak = soakOf(result);
  const line = `${timeText(result)}, every order correct`;
  return soak ? `${line}\n  ${soakLine(soak)}` : line;
}

/** How many orders in which time, or at which latency. */
export function timeText(result: RunResult): string {
  if (!isTimed(result)) return `${result.orders.count} orders, not timed`;
  const { latency, drain } = result;
  if (latency) {
    const { ratePerSecond, p50Ms, p99Ms } = latency;
    return `${ratePerSecond} orders/s: latency p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
  }
  if (!drain) return `${result.orders.count} orders`;
  return `${result.orders.count} orders in ${time(drain.t100Ms)}, ${Math.round(drain.steadyOrdersPerSecond)} orders/s`;
}

/** What a run that does not stand is, and why. */
export function faultLine(result: RunResult): string {
  const { orders, correctness: c } = result;
  const lost = [
    [c.missing, 'missing'],
    [c.unexpected, 'that nobody sent'],
    [c.misrouted, 'in the wrong container'],
    [c.corrupt, 'changed'],
    [c.goodDeadLettered, 'valid but dead-lettered'],
    [orders.malformed - c.malformedDeadLettered, 'malformed and not dead-lettered intact'],
  ] as const;
  const wrong = lost.filter(([count]) => count !== 0).map(([count, what]) => `${count} ${what}`);
  const reasons = [...('reason' in result ? [result.reason] : []), ...(wrong.length === 0 ? [] : [wrong.join(', ')])];
  return `${stateText(result)}: ${reasons.join('; ')}`;
}

/** Whether a run can be used, in a word or two. */
export function stateText(result: RunResult): string {
  if (result.status === 'incomplete') return 'INCOMPLETE';
  if (!isCorrect(result)) return 'NOT CORRECT';
  return result.status === 'void' ? 'VOID' : 'correct';
}

/** One run in full: how long, how sure, at what cost, and where the time went. */
export function summary(result: RunResult): string {
  const { correctness: c, orders, machine, hops } = result;
  const lines = [`${result.contender}, ${result.mode}: ${stateText(result)}`];
  if (result.status !== 'complete') lines.push(result.reason);
  if (isTimed(result)) lines.push(...timings(result));
  lines.push(
    `orders: ${c.written} of ${orders.count} written, ${c.missing} missing, ${c.unexpected} that nobody sent, ${c.misrouted} in the wrong container, ` +
      `${c.corrupt} changed, ${c.goodDeadLettered} valid but dead-lettered; ${c.malformedDeadLettered} of ${orders.malformed} malformed dead-lettered intact; ` +
      `${c.duplicateWrites ?? 'unknown how many'} written again, ${c.redeliveries ?? 'unknown how many'} delivered again`,
  );
  const cpu = ROLES.map(role => `${role} ${plain(cpuMsPerOrder(result, role))} ms`);
  lines.push(`CPU per order: ${cpu.join(', ')}`);
  const busy = machine.busyShare === null ? 'unknown how much' : wholePercent(machine.busyShare);
  const throttled = machine.throttledMs ? `, held back by a CPU limit for ${seconds(machine.throttledMs)}` : '';
  lines.push(`machine: ${busy} of all cores busy, ${wholePercent(machine.ownShare)} by this run${throttled}`);
  if (hops.length > 0) {
    lines.push(
      `mean time per order, hop by hop: ${hops.map(({ id, meanMs }) => `${id} ${plain(meanMs)}`).join(', ')} ms`,
    );
  }
  return lines.join('\n  ');
}

function timings(result: RunResult): string[] {
  if (!isTimed(result)) return [];
  const { drain, latency } = result;
  if (latency) {
    const { ratePerSecond, shareOfSteadyRate: share, p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latency;
    const [p50, p90, p99, p999, max] = [p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map(ms => `${ms.toFixed(1)} ms`);
    const load = share === null ? '' : ` (${wholePercent(share)} of the steady rate)`;
    const soak = soakOf(result);
    return [
      `${ratePerSecond} orders/s${load}: latency p50 ${p50}  p90 ${p90}  p99 ${p99}  p99.9 ${p999}  max ${max}`,
      ...(soak ? [soakLine(soak)] : []),
    ];
  }
  if (!drain) return [];
  const { t50Ms, t95Ms, t99Ms, t100Ms, steadyOrdersPerSecond, lateOverEarlyRate: lateOverEarly } = drain;
  const [t50, t95, t99, t100] = [t50Ms, t95Ms, t99Ms, t100Ms].map(seconds);
  const steady = `steady ${Math.round(steadyOrdersPerSecond)} orders/s`;
  const change = lateOverEarly === null ? '' : `, late over early rate ${lateOverEarly.toFixed(2)}`;
  return [`T50 ${t50}  T95 ${t95}  T99 ${t99}  T100 ${t100}  ${steady}${change}`];
}

/** Whether a long run ended as it began, in numbers: what change matters depends on what it is run for. */
function soakLine({ first, last }: Soak): string {
  const p99 = `p99 ${first.p99Ms.toFixed(1)} -> ${last.p99Ms.toFixed(1)} ms (${change(first.p99Ms, last.p99Ms)})`;
  const [before, after] = [first.appRssBytes, last.appRssBytes];
  const memory =
    before === null || after === null
      ? 'app memory unknown'
      : `app memory ${mebibytes(before)} -> ${mebibytes(after)} (${change(before, after)})`;
  return `minute ${first.minute} -> minute ${last.minute}: ${p99}, ${memory}`;
}

/** By how much, with its sign; a change from nothing has no percentage. */
function change(before: number, after: number): string {
  if (before === 0) return 'from 0';
  const percent = ((after - before) / before) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
}

/** A time in seconds with three significant digits: `14.8 s`. */
export function time(ms: number): string {
  return `${plain(ms / 1000)} s`;
}
