import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command } from 'commander';
import { type CostTable, costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import { readPrices } from '../cost/prices.js';
import { type Bursts, gatherEvidence } from '../report/evidence.js';
import { withGeneratedParts } from '../report/readme.js';
import { composeReport } from '../report/report.js';
import { writeReport } from '../report/write-report.js';
import { defaultPrices } from './cost.js';
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
    .option('--results <dir>', 'folder with result files; the report is written into it', join(checkoutDir, 'results'))
    .option('--comparison <id>', 'which comparison it is about; the newest where it is not given')
    .option('--readme', 'write the headline and the table of README.md anew too, between their markers', false)
    .addHelpText('after', '\nExit codes: 0, or 2 for wrong use.')
    .action(async (flags: ReportFlags) => {
      process.exitCode = await withoutCheckout(() => report(flags));
    });
}

async function report({ results, comparison, readme }: ReportFlags): Promise<number> {
  const evidence = await gatherEvidence(results, comparison);
  const { html, markdown, charts } = await writeReport(
    composeReport(evidence, await costsOf(evidence.bursts)),
    results,
  );
  console.log(`${html}\n${markdown}\n${charts.length} charts in ${join(results, 'charts')}`);
  if (readme) {
    const file = join(checkoutDir, 'README.md');
    const folder = relative(checkoutDir, results).split(sep).join('/');
    await writeFile(file, withGeneratedParts(await readFile(file, 'utf8'), evidence, folder));
    console.log(file);
  }
  return 0;
}

/** Costs are held against each other within one comparison; without one there are none. */
async function costsOf({ contenders, compared }: Bursts): Promise<CostTable | null> {
  if (!compared) return null;
  const prices = await readPrices(defaultPrices());
  const results = contenders.flatMap(({ runs }) => runs.map(({ result }) => result));
  return costsPerMillionOrders({ results, prices });
}
