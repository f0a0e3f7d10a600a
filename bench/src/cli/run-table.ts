import { cpuMsPerOrder, isTimed, type RunResult } from '../results/result.js';
import { mebibytes, plain, wholePercent } from '../text/format.js';
import { textTable } from '../text/text-table.js';
import { faultLine, stands, stateText, time } from './run-text.js';

/** The runs side by side in 80 columns, and a line for each that does not stand. */
export function runTable(results: readonly RunResult[]): string {
  const rows = results.map(result => {
    const drain = isTimed(result) ? result.drain : undefined;
    return [
      result.contender,
      drain ? time(drain.t100Ms) : '-',
      drain ? String(Math.round(drain.steadyOrdersPerSecond)) : '-',
      `${plain(cpuMsPerOrder(result, 'app'))} ms`,
      mebibytes(appPeakBytes(result)),
      stateText(result),
    ];
  });
  return [
    textTable([['contender', 'time', 'orders/s', 'CPU/order', 'memory', 'result'], ...rows]),
    "time: until the last order was written; CPU and peak memory: the app's own",
    ...faults(results),
  ].join('\n');
}

/** The latencies of paced runs side by side, and a line for each that does not stand. */
export function latencyTable(results: readonly RunResult[]): string {
  const header = ['contender', 'of steady', 'orders/s', 'p50', 'p90', 'p99', 'p99.9', 'max', 'result'];
  const rows = results.map(result => {
    const latency = isTimed(result) ? result.latency : undefined;
    const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latency ?? {};
    const share = latency?.shareOfSteadyRate ?? null;
    return [
      result.contender,
      share === null ? '-' : wholePercent(share),
      latency ? String(latency.ratePerSecond) : '-',
      ...[p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map(ms => (ms === undefined ? '-' : `${plain(ms)} ms`)),
      stateText(result),
    ];
  });
  return [textTable([header, ...rows]), ...faults(results)].join('\n');
}

function faults(results: readonly RunResult[]): string[] {
  return results.filter(result => !stands(result)).map(result => `${result.contender}: ${faultLine(result)}`);
}

function appPeakBytes({ processes }: RunResult): number {
  return processes.filter(({ role }) => role === 'app').reduce((sum, { peakMemoryBytes }) => sum + peakMemoryBytes, 0);
}
