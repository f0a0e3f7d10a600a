import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command, Option } from 'commander';
import { costText, sourcesText } from '../cost/cost-text.js';
import { costsPerMillionOrders } from '../cost/costs-per-million-orders.js';
import { readPrices } from '../cost/prices.js';
import { findContendersComparison } from './find-comparison.js';
import { PRICES_FILE } from './prices.js';
import { placeText, resultsFlag } from './results-folder.js';
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
    .option(
      '--comparison <id>',
      'which comparison; where it is not given the newest that can decide between Spin and Node.js, else anything',
    )
    .option('--prices <file>', 'prices; what make prices wrote, or else the example prices')
    .addOption(
      new Option('--messaging-units <n>', 'Service Bus Premium units').choices(['1', '2', '4', '8', '16']).default('1'),
    )
    .addOption(resultsFlag('folder with result files, read before results/'))
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
  const { stored, dir, others } = await findContendersComparison(flags.results, flags.comparison);
  const { record, results } = stored;
  const table = costsPerMillionOrders({ results, prices, messagingUnits: Number(flags.messagingUnits) });
  const title = `Comparison ${record.id} (${placeText(dir)})`;
  const besides = others.length === 0 ? [] : [`Others, by --comparison <id>: ${others.join(', ')}`];
  return [[title, ...besides].join('\n'), costText(table), sourcesText(prices)].join('\n\n');
}

/** What `bench prices` wrote in this checkout, or the example. */
export function defaultPrices(): string {
  return existsSync(PRICES_FILE) ? PRICES_FILE : join(checkoutDir, 'bench', 'prices', 'example-prices.json');
}
