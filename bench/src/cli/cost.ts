import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { costText, sourcesText } from '../cost/cost-text.js';
import { costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import { readPrices } from '../cost/prices.js';
import { comparesContenders } from '../results/comparison-file.js';
import { folderSet } from '../results/result-set.js';
import { NEWEST, readComparison, type StoredComparison } from '../results/stored-comparison.js';
import { UsageError } from '../text/usage-error.js';
import { PRICES_FILE } from './prices.js';
import { withoutCheckout } from './without-checkout.js';

interface CostFlags {
  readonly comparison?: string;
  readonly prices?: string;
  readonly messagingUnits: string;
  readonly results: string;
}

/** `bench cost`: what a million orders cost with each contender of a comparison, with every term. */
export function costCommand(): Command {
  return new Command('cost')
    .description('cost of a million orders with each contender of a comparison')
    .option('--comparison <id>', 'which comparison; the newest where it is not given')
    .option('--prices <file>', 'prices; what `bench prices` wrote, or else the example prices')
    .addOption(
      new Option('--messaging-units <n>', 'Service Bus Premium units').choices(['1', '2', '4', '8', '16']).default('1'),
    )
    .option('--results <dir>', 'folder with result files', join(checkoutDir, 'results'))
    .addHelpText('after', '\nExit codes: 0, or 2 for wrong use.')
    .action(async (flags: CostFlags) => {
      process.exitCode = await withoutCheckout(async () => {
        console.log(await cost(flags));
        return 0;
      });
    });
}

async function cost(flags: CostFlags): Promise<string> {
  const prices = await readPrices(flags.prices ?? defaultPrices());
  const { record, results } = await comparisonIn(flags.results, flags.comparison);
  const table = costsPerMillionOrders({ results, prices, messagingUnits: Number(flags.messagingUnits) });
  return [`Comparison ${record.id}`, costText(table), sourcesText(prices)].join('\n\n');
}

/** What `bench prices` wrote in this checkout, or the example. */
export function defaultPrices(): string {
  return existsSync(PRICES_FILE) ? PRICES_FILE : join(checkoutDir, 'bench', 'prices', 'example-prices.json');
}

/** A comparison of contenders: that of the id, or the newest. */
async function comparisonIn(dir: string, id = NEWEST): Promise<StoredComparison> {
  const stored = await readComparison(await folderSet(dir), id, ({ plan }) => comparesContenders(plan));
  if (!stored) {
    throw new UsageError(
      `there is no comparison of contenders '${id}' in ${dir}: costs are held against each other within one (make compare)`,
    );
  }
  return stored;
}
