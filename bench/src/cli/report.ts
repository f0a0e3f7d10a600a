import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command } from 'commander';
import { type CostTable, costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import { readPrices } from '../cost/prices.js';
import { type Bursts, type Evidence, gatherEvidence } from '../report/evidence.js';
import { withReport } from '../report/readme.js';
import { composeReport } from '../report/report.js';
import { writeReport } from '../report/write-report.js';
import { defaultPrices } from './cost.js';
import { mustBePublished, mustBeThere, placeText, resultsFlag } from './results-folder.js';
import { withoutCheckout } from './without-checkout.js';

interface ReportFlags {
  readonly results: string;
  readonly comparison?: string;
  readonly readme: boolean;
}

/** `bench report`: report.html, REPORT.md and charts from result files alone. */
export function reportCommand(): Command {
  return new Command('report')
    .description('report.html, REPORT.md and charts/*.svg, from result files alone')
    .addOption(resultsFlag('folder with result files; the report is written into it'))
    .option(
      '--comparison <id>',
      'which comparison it is about; where it is not given the newest that can decide between Spin and Node.js, else anything',
    )
    .option('--readme', 'write headline and observations of README.md anew too; with --results results', false)
    .addHelpText('after', '\nExit codes: 0, or 2 for wrong use.')
    .action(async (flags: ReportFlags) => {
      process.exitCode = await withoutCheckout(() => report(flags));
    });
}

async function report({ results, comparison, readme }: ReportFlags): Promise<number> {
  if (readme) mustBePublished('README.md', results);
  mustBeThere(results);
  const evidence = await gatherEvidence(results, comparison);
  const composed = composeReport(evidence, await costsOf(evidence.bursts));
  const { html, markdown, charts } = await writeReport(composed, results);
  console.log(about(evidence));
  console.log(
    `${placeText(html)}\n${placeText(markdown)}\n${charts.length} charts in ${placeText(join(results, 'charts'))}`,
  );
  if (readme) {
    const file = join(checkoutDir, 'README.md');
    const folder = relative(checkoutDir, results).split(sep).join('/');
    await writeFile(file, withReport(await readFile(file, 'utf8'), composed, folder));
    console.log(placeText(file));
  }
  return 0;
}

/** Which comparison it is about, and which ones it could be about. */
function about({ bursts: { compared }, others }: Evidence): string {
  if (!compared) return 'about single runs: there is no comparison (make compare measures one)';
  const { record, comparison } = compared;
  const ids = others.flatMap(other => (other.compared ? [other.compared.record.id] : []));
  return [
    `about comparison ${record.id}${comparison.canDecide ? '' : ', whose runs are too few to decide anything'}`,
    ...(ids.length === 0 ? [] : [`others, by make report COMPARISON=<id>: ${ids.join(', ')}`]),
  ].join('\n');
}

/** Costs are held against each other within one comparison; without one there are none. */
async function costsOf({ contenders, compared }: Bursts): Promise<CostTable | null> {
  if (!compared) return null;
  const prices = await readPrices(defaultPrices());
  const results = contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  return costsPerMillionOrders({ results, prices });
}
