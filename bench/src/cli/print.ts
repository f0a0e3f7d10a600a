import cliProgress from 'cli-progress';
import { type Soak, soakOf } from '../figures/soak.js';
import {
  type CompleteRun,
  cpuMsPerOrder,
  isCorrect,
  isTimed,
  ROLES,
  type RunResult,
  type VoidRun,
} from '../results/result.js';
import type { DrainProgress } from '../run/drain-watch.js';
import type { RunLog } from '../run/run-log.js';
import { seconds, wholePercent } from '../text/format.js';
import { textTable } from '../text/text-table.js';

const PLAIN_INTERVAL_MS = 5_000;

/** Tells on stderr how runs go: a live bar in a terminal, a line every five seconds elsewhere. */
export class PrintedLog implements RunLog {
  private bar: cliProgress.SingleBar | undefined;
  private lastLineAtMs = 0;

  step(text: string): void {
    this.end();
    process.stderr.write(`  ${text}\n`);
  }

  progress({ written, expected, ordersPerSecond }: DrainProgress): void {
    const rate = Math.max(0, Math.round(ordersPerSecond));
    const eta = rate > 0 ? `${Math.ceil((expected - written) / rate)} s` : '-';
    if (process.stderr.isTTY) {
      this.bar ??= startBar(expected);
      this.bar.update(written, { rate, left: eta });
    } else if (Date.now() - this.lastLineAtMs >= PLAIN_INTERVAL_MS) {
      this.lastLineAtMs = Date.now();
      process.stderr.write(`  ${written}/${expected} written, ${rate} orders/s, ${eta} left\n`);
    }
  }

  /** Takes the bar away; call it before anything else is printed. */
  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

/** One run in a few lines: how long, how sure, at what cost, and where the time went. */
export function summary(result: RunResult): string {
  const { correctness: c, orders, machine, hops } = result;
  const lines = [`${result.contender}, ${result.mode}: ${result.status}${isCorrect(result) ? '' : ', NOT CORRECT'}`];
  if (result.status !== 'complete') lines.push(result.reason);
  if (isTimed(result)) lines.push(...timings(result));
  lines.push(
    `${c.written}/${orders.count} written, ${c.missing} missing, ${c.unexpected} unexpected, ${c.misrouted} misrouted, ` +
      `${c.corrupt} corrupt, ${c.goodDeadLettered} good dead-lettered; ${c.malformedDeadLettered}/${orders.malformed} malformed dead-lettered intact; ` +
      `${c.duplicateWrites ?? 'unknown'} duplicate writes, ${c.redeliveries ?? 'unknown'} redeliveries`,
  );
  const cpu = ROLES.map(role => `${role} ${cpuMsPerOrder(result, role).toFixed(2)}`);
  lines.push(`CPU ms an order: ${cpu.join(', ')}`);
  const busy = machine.busyShare === null ? 'unknown' : wholePercent(machine.busyShare);
  const throttled = machine.throttledMs ? `, held back by a CPU limit for ${seconds(machine.throttledMs)}` : '';
  lines.push(`machine: ${busy} of all cores busy, ${wholePercent(machine.ownShare)} by this run${throttled}`);
  if (hops.length > 0) {
    lines.push(`mean way of an order: ${hops.map(({ id, meanMs }) => `${id} ${meanMs.toFixed(1)}`).join(', ')} ms`);
  }
  return lines.join('\n  ');
}

function timings(result: CompleteRun | VoidRun): string[] {
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
      : `app memory ${mebibytes(before)} -> ${mebibytes(after)} MiB (${change(before, after)})`;
  return `minute ${first.minute} -> minute ${last.minute}: ${p99}, ${memory}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

/** By how much, with its sign; a change from nothing has no percentage. */
function change(before: number, after: number): string {
  if (before === 0) return 'from 0';
  const percent = ((after - before) / before) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
}

/** The runs side by side, one row a run. */
export function table(results: readonly RunResult[]): string {
  const header = [
    'contender',
    'orders',
    'T50',
    'T95',
    'T100',
    'steady/s',
    'app CPU ms',
    'dapr CPU ms',
    'rig CPU ms',
    'app peak MiB',
    'status',
    'correct',
  ];
  const rows = results.map(result => {
    const drain = isTimed(result) ? (result.drain ?? null) : null;
    const appPeakBytes = result.processes
      .filter(({ role }) => role === 'app')
      .reduce((sum, { peakMemoryBytes }) => sum + peakMemoryBytes, 0);
    return [
      result.contender,
      String(result.orders.count),
      drain ? seconds(drain.t50Ms) : '-',
      drain ? seconds(drain.t95Ms) : '-',
      drain ? seconds(drain.t100Ms) : '-',
      drain ? String(Math.round(drain.steadyOrdersPerSecond)) : '-',
      cpuMsPerOrder(result, 'app').toFixed(2),
      cpuMsPerOrder(result, 'dapr').toFixed(2),
      cpuMsPerOrder(result, 'rig').toFixed(2),
      String(Math.round(appPeakBytes / 2 ** 20)),
      result.status,
      isCorrect(result) ? 'yes' : 'NO',
    ];
  });
  return textTable([header, ...rows]);
}

function startBar(total: number): cliProgress.SingleBar {
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {value}/{total} written, {rate} orders/s, {left} left',
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0, { rate: 0, left: '-' });
  return bar;
}
