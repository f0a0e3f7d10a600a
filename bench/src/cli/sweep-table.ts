import { medianOfKnown } from '../judge/median.js';
import type { CellResults } from '../plans/run-sweep.js';
import { cpuMsPerOrder, isCorrect, type RunResult } from '../results/result.js';
import { textTable } from '../text/text-table.js';

/** A row a cell: its values, and the medians over its complete runs. `-` stands where there is none. */
export function sweepTable(cells: readonly CellResults<RunResult>[]): string {
  const names = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell.values)))];
  const header = ['contender', ...names, 'runs', 'steady/s', 'T100', 'app CPU ms', 'correct'];
  const rows = cells.map(({ cell, results }) => {
    const complete = results.filter(({ status }) => status === 'complete');
    const wrong = results.filter(result => !isCorrect(result)).length;
    return [
      cell.contender,
      ...names.map(name => String(cell.values[name] ?? '-')),
      String(results.length),
      medianText(complete, steadyRate, 0),
      medianText(complete, t100Seconds, 2),
      medianText(complete, result => cpuMsPerOrder(result, 'app'), 2),
      wrong === 0 ? 'yes' : `NO: ${wrong}`,
    ];
  });
  return textTable([header, ...rows]);
}

function medianText(
  results: readonly RunResult[],
  figure: (result: RunResult) => number | undefined,
  digits: number,
): string {
  return medianOfKnown(results.map(figure))?.toFixed(digits) ?? '-';
}

function steadyRate(result: RunResult): number | undefined {
  return result.status === 'complete' ? result.drain?.steadyOrdersPerSecond : undefined;
}

function t100Seconds(result: RunResult): number | undefined {
  return result.status === 'complete' && result.drain ? result.drain.t100Ms / 1000 : undefined;
}
