import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDir } from '@order-bench/rig';
import { Command, InvalidArgumentError } from 'commander';
import { sourcesText } from '../cost/cost-text.js';
import { fetchPrices } from '../cost/retail-prices.js';
import { mustBeWritable } from './output-file.js';
import { withoutCheckout } from './without-checkout.js';

interface PricesFlags {
  readonly region: string;
  readonly currency: string;
  readonly out: string;
}

/** Where `bench prices` keeps what it read, and `bench cost` looks first. */
export const PRICES_FILE = join(checkoutDir, 'prices.json');

/** `bench prices`: today's prices of a region. */
export function pricesCommand(): Command {
  return new Command('prices')
    .description("read a region's prices from Azure's public price list (needs the internet, no account)")
    .requiredOption('--region <name>', 'region, as in westeurope', matching(/^[a-z0-9]+$/, 'a name as westeurope'))
    .option('--currency <code>', 'three letters; Azure prices in USD', matching(/^[A-Z]{3}$/, 'a code as USD'), 'USD')
    .option('--out <file>', 'where to write them', PRICES_FILE)
    .addHelpText('after', '\nExit codes: 0, or 2 when the list can’t be read or lacks a price.')
    .action(async ({ region, currency, out }: PricesFlags) => {
      process.exitCode = await withoutCheckout(async () => {
        await mustBeWritable(out);
        const today = new Date().toISOString().slice(0, 10);
        const { prices, missingSizes } = await fetchPrices({ region, currency, today });
        await writeFile(out, `${JSON.stringify(prices, null, 2)}\n`);
        console.log(sourcesText(prices));
        if (missingSizes.length > 0) console.log(`  not sold in ${region}: ${missingSizes.join(', ')}`);
        console.log(`stored in ${out}`);
        return 0;
      });
    });
}

function matching(pattern: RegExp, what: string): (value: string) => string {
  return value => {
    if (!pattern.test(value)) throw new InvalidArgumentError(`it takes ${what}.`);
    return value;
  };
}
