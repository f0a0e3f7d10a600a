import { Command } from 'commander';
import { comparisonOf } from '../judge/comparison.js';
import { type HistoryEntry, historyEntry } from '../judge/history.js';
import { seconds } from '../text/format.js';
import { textTable } from '../text/text-table.js';
import { contendersComparisons } from './find-comparison.js';
import { resultsFlag } from './results-folder.js';
import { withoutCheckout } from './without-checkout.js';

interface HistoryFlags {
  readonly results: string;
}

/** `bench history`: a line for each stored comparison, with the versions that took part. */
export function historyCommand(): Command {
  return new Command('history')
    .description('every stored comparison in a line: versions of Spin, Dapr, Node and this project, and times to drain')
    .addOption(resultsFlag('folder with result files, read before results/'))
    .addHelpText('after', '\nThe report draws it as a chart (make report). Exit codes: 0, or 2 for wrong use.')
    .action(async (flags: HistoryFlags) => {
      process.exitCode = await withoutCheckout(async () => {
        console.log(historyText(await entriesOf(flags.results)));
        return 0;
      });
    });
}

/** Comparisons for a terminal, the oldest first: a line each. */
export function historyText(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'No comparison is stored yet: make compare measures one.';
  const settings = [...new Set(entries.map(({ setting }) => setting))];
  const header = ['started', 'commit', 'Spin', 'Dapr', 'Node', 'orders', 'setting', 'time to drain (T100), medians'];
  const rows = entries.map(({ startedAt, commits, versions, orders, setting, contenders }) => [
    startedAt.slice(0, 16).replace('T', ' '),
    ...[commits, versions.spin, versions.dapr, versions.node].map(texts => texts.join(', ') || '-'),
    String(orders),
    String.fromCharCode('A'.charCodeAt(0) + settings.indexOf(setting)),
    contenders.map(({ contender, t100Ms }) => `${contender} ${timeText(t100Ms.median)}`).join(', '),
  ]);
  return `${textTable([header, ...rows])}\n\nOnly times of one setting, which is the machine and the work, can be held against each other.`;
}

async function entriesOf(dir: string): Promise<HistoryEntry[]> {
  return (await contendersComparisons(dir))
    .flatMap(stored => historyEntry(stored, comparisonOf(stored)) ?? [])
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function timeText(ms: number): string {
  return Number.isFinite(ms) ? seconds(ms) : 'not whole';
}
