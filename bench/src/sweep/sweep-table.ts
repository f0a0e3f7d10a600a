import { cpuMsPerOrder } from '../print.js';
import { isCorrect, type RunResult } from '../result.js';
import { median } from '../stats/median.js';
import { textTable } from '../text-table.js';
import type { CellResults } from './run-sweep.js';

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
      medianOf(complete, steadyRate, 0),
      medianOf(complete, t100Seconds, 2),
      medianOf(complete, result => cpuMsPerOrder(result, 'app'), 2),
      wrong === 0 ? 'yes' : `NO: ${wrong}`,
    ];
  });
  return textTable([header, ...rows]);
}

function medianOf(
  results: readonly RunResult[],
  figure: (result: RunResult) => number | undefined,
  digits: number,
): string {
  const figures = results.map(figure).filter(value => value !== undefined);
  return figures.length === 0 ? '-' : median(figures).toFixed(digits);
}

function steadyRate(result: RunResult): number | undefined {
  return result.status === 'complete' ? result.drain?.steadyOrdersPerSecond : undefined;
}

function t100Seconds(result: RunResult): number | undefined {
  return result.status === 'complete' && result.drain ? result.drain.t100Ms / 1000 : undefined;
}
