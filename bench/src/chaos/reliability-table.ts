import { readFile, writeFile } from 'node:fs/promises';
import { median } from '../judge/median.js';
import type { ApiTraffic, ChaosResult } from '../results/chaos-result.js';
import { UsageError } from '../text/usage-error.js';
import { PIPELINE_FAULTS } from './fault-kinds.js';

/** The document that holds the table, from the checkout's root on. */
export const RELIABILITY_FILE = 'docs/reliability.md';

/**
 * Writes the document's parts between the chaos markers anew: a table of the drains of pipelines, and one of those with an Order
 * API. A part stays as it is where no result is of its kind.
 *
 * @throws UsageError for a document without the markers.
 */
export async function renewReliabilityTable(file: string, results: readonly ChaosResult[]): Promise<void> {
  const withPipelines = renewed(await readFile(file, 'utf8'), {
    ...{ file, name: 'chaos' },
    results: results.filter(({ api }) => api === undefined),
  });
  const whole = renewed(withPipelines, {
    ...{ file, name: 'chaos-api' },
    results: results.filter(({ api }) => api !== undefined),
  });
  await writeFile(file, whole);
}

interface TablePart {
  readonly file: string;
  readonly name: string;
  readonly results: readonly ChaosResult[];
}

function renewed(text: string, { file, name, results }: TablePart): string {
  if (results.length === 0) return text;
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new UsageError(`${file} has no ${begin} followed by ${end}: put both where the table belongs`);
  return `${text.slice(0, from + begin.length)}\n${reliabilityTable(results)}\n${text.slice(to)}`;
}

/** What the faults of all results did, a row a kind, as Markdown. */
function reliabilityTable(results: readonly ChaosResult[]): string {
  const tried = results.flatMap(({ faults }) => faults);
  const rows = PIPELINE_FAULTS.flatMap(({ id, title }) => {
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
  const contenders = [...new Set(results.map(({ contender, api }) => api?.contender ?? contender))];
  const calls = results.flatMap(({ api }) => api ?? []);
  const called = (count: (calls: ApiTraffic) => number) => sum(calls.map(count)).toLocaleString('en');
  const seeds = results.map(({ seed }) => seed);
  const of = (count: (result: ChaosResult) => number) => sum(results.map(count)).toLocaleString('en');
  const { cores = 0 } = results[0] ?? {};
  return (
    `${results.length} drains of ${contenders.join(' and ')} (seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, ${cores} cores), ` +
    `${faults} faults, ${of(({ orders }) => orders)} orders: ${of(({ correctness: c }) => c.missing)} missing, ` +
    `${of(({ correctness: c }) => c.corrupt)} corrupt, ${of(({ correctness: c }) => c.goodDeadLettered)} good ones dead-lettered, ` +
    `${of(({ correctness: c }) => c.duplicateWrites ?? 0)} written again with the same content. ` +
    (calls.length === 0
      ? ''
      : `${called(({ posted }) => posted)} orders were posted, ${called(({ repeated }) => repeated)} times once more with the same key, and ` +
        `${called(({ imported }) => imported)} were lines of imports; ${called(({ webhooks }) => webhooks)} webhooks came, of which the partner ` +
        `refused ${called(({ refused }) => refused)}. `) +
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
