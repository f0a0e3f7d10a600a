import { readFile, writeFile } from 'node:fs/promises';
import { median } from '../judge/median.js';
import type { ChaosResult } from '../results/chaos-result.js';
import { UsageError } from '../text/usage-error.js';
import { FAULT_KINDS } from './fault-kinds.js';

/** The document that holds the table, from the checkout's root on. */
export const RELIABILITY_FILE = 'docs/reliability.md';

const BEGIN = '<!-- chaos:begin -->';
const END = '<!-- chaos:end -->';

/**
 * Writes the document's part between the chaos markers anew.
 *
 * @throws UsageError for a document without the markers.
 */
export async function renewReliabilityTable(file: string, results: readonly ChaosResult[]): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from)
    throw new UsageError(`${file} has no ${BEGIN} followed by ${END}: put both where the table belongs`);
  await writeFile(file, `${text.slice(0, from + BEGIN.length)}\n${reliabilityTable(results)}\n${text.slice(to)}`);
}

/** What the faults of all results did, a row a kind, as Markdown. */
function reliabilityTable(results: readonly ChaosResult[]): string {
  const tried = results.flatMap(({ faults }) => faults);
  const rows = FAULT_KINDS.flatMap(({ id, title }) => {
    const faults = tried.filter(({ kind }) => kind === id);
    if (faults.length === 0) return [];
    const timesOf = (figure: 'resumedMs' | 'recoveredMs') =>
      faults.map(fault => fault[figure]).filter(timeMs => timeMs !== null);
    return [
      [
        title,
        String(faults.length),
        ...(['inFlight', 'lost', 'duplicated'] as const).map(column => String(sum(faults.map(fault => fault[column])))),
        medianAndLongest(timesOf('resumedMs')),
        medianAndLongest(timesOf('recoveredMs')),
      ],
    ];
  });
  return [
    totals(results, tried.length),
    '',
    '| fault | times tried | orders in flight | lost | duplicated | s until orders flow | s until all in flight are written |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(row => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function totals(results: readonly ChaosResult[], faults: number): string {
  const contenders = [...new Set(results.map(({ contender }) => contender))];
  const seeds = results.map(({ seed }) => seed);
  const of = (count: (result: ChaosResult) => number) => sum(results.map(count)).toLocaleString('en');
  const { cores = 0 } = results[0] ?? {};
  return (
    `${results.length} drains of ${contenders.join(' and ')} (seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, ${cores} cores), ` +
    `${faults} faults, ${of(({ orders }) => orders)} orders: ${of(({ correctness: c }) => c.missing)} missing, ` +
    `${of(({ correctness: c }) => c.corrupt)} corrupt, ${of(({ correctness: c }) => c.goodDeadLettered)} good ones dead-lettered, ` +
    `${of(({ correctness: c }) => c.duplicateWrites ?? 0)} written again with the same content. ` +
    `${of(({ restarts }) => restarts)} restarts of processes, ${of(({ queueEvents }) => queueEvents)} events of the queues checked against ` +
    `the model. Drains with anything wrong: ${results.filter(({ failures }) => failures.length > 0).length}.`
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function medianAndLongest(timesMs: readonly number[]): string {
  if (timesMs.length === 0) return '-';
  return [median(timesMs), Math.max(...timesMs)].map(ms => (ms / 1000).toFixed(1)).join(', at most ');
}
