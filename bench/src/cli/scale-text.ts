import { scalingSummary } from '../figures/scaling-summary.js';
import { medianOfKnown } from '../judge/median.js';
import type { CellResults } from '../plans/run-sweep.js';
import type { RunResult } from '../results/result.js';
import { textTable } from '../text/text-table.js';
import { faultLine, stands, timeText } from './run-text.js';

/** A burst under KEDA in a line: how it drained, and how it was scaled. */
export function scaleLine(result: RunResult): string {
  if (!stands(result) || !result.scaling) return faultLine(result);
  const { firstNewMs, writtenByFirstNew, peakPods, podSeconds } = scalingSummary(result.scaling);
  const grown =
    firstNewMs === null
      ? 'no new pod in time'
      : `first new pod after ${seconds(firstNewMs)} s with ${writtenByFirstNew} written, up to ${peakPods} a role`;
  return `${timeText(result)}, ${grown}, ${podSeconds.toFixed(0)} pod-seconds`;
}

/** A row a cell with the medians over its complete runs. `-` stands where there is none. */
export function scaleTable(cells: readonly CellResults<RunResult>[]): string {
  const header = [
    'contender',
    'from',
    'runs',
    'first new s',
    'written by then',
    'peak pods',
    'peak s',
    'pod-s',
    'T100 s',
    'correct',
  ];
  const rows = cells.map(({ cell, results }) => {
    const complete = results.filter(({ status }) => status === 'complete');
    const summaries = complete.flatMap(({ scaling }) => (scaling ? [scalingSummary(scaling)] : []));
    const drains = complete.flatMap(result => (result.status === 'complete' ? [result.drain.t100Ms / 1000] : []));
    const text = (values: readonly (number | null)[], digits: number) =>
      medianOfKnown(values.map(value => value ?? undefined))?.toFixed(digits) ?? '-';
    const wrong = results.filter(result => !stands(result)).length;
    return [
      cell.contender,
      String(cell.values.from),
      String(results.length),
      text(
        summaries.map(({ firstNewMs }) => inSeconds(firstNewMs)),
        1,
      ),
      text(
        summaries.map(({ writtenByFirstNew }) => writtenByFirstNew),
        0,
      ),
      text(
        summaries.map(({ peakPods }) => peakPods),
        0,
      ),
      text(
        summaries.map(({ peakMs }) => inSeconds(peakMs)),
        1,
      ),
      text(
        summaries.map(({ podSeconds }) => podSeconds),
        0,
      ),
      text(drains, 1),
      wrong === 0 ? 'yes' : `NO: ${wrong}`,
    ];
  });
  return textTable([header, ...rows]);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
