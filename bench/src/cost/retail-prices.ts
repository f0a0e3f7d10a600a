import * as v from 'valibot';
import { faultsIn } from '../text/shape.js';
import { UsageError } from '../text/usage-error.js';
import { NODE_SIZES, type NodePrice, PRICES_SCHEMA_VERSION, type Price, type Prices } from './prices.js';

/** Whose prices. */
export interface FetchPricesOptions {
  /** As Azure names it: `westeurope`. */
  readonly region: string;
  /** ISO 4217. Azure prices in USD; others are its estimates. */
  readonly currency: string;
  /** The day on which this is, YYYY-MM-DD. */
  readonly today: string;
  /** Reads the JSON at an address; a test has another. */
  readonly readJson?: (url: string) => Promise<unknown>;
}

/** Prices, and the node sizes that this region does not sell. */
export interface FetchedPrices {
  readonly prices: Prices;
  readonly missingSizes: readonly string[];
}

/**
 * Azure's price list, which wants no account:
 * https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices
 */
const PRICE_LIST = 'https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview';

/** What of an answer is used. */
const ANSWER = v.object({
  BillingCurrency: v.string(),
  Items: v.array(
    v.object({
      retailPrice: v.number(),
      tierMinimumUnits: v.optional(v.number(), 0),
      productName: v.string(),
      meterName: v.string(),
      unitOfMeasure: v.string(),
    }),
  ),
  NextPageLink: v.nullish(v.string()),
});

/**
 * Reads what a cost needs from the price list: of each thing the one price at which it begins.
 *
 * @throws UsageError when the list can't be reached, answers not as documented, or lacks a price.
 */
export async function fetchPrices(options: FetchPricesOptions): Promise<FetchedPrices> {
  const { region, currency } = options;
  const nodes: NodePrice[] = [];
  for (const node of NODE_SIZES) {
    const hour = await priceOf({ serviceName: 'Virtual Machines', armSkuName: node.size }, '1 Hour', options);
    if (hour) nodes.push({ ...node, hour });
  }
  const unit = { serviceName: 'Service Bus', meterName: 'Premium Messaging Unit' };
  const writes = { productName: 'General Block Blob v2', skuName: 'Hot LRS', meterName: 'Hot LRS Write Operations' };
  const serviceBusUnitHour = await priceOf(unit, '1/Hour', options);
  const blobWrites10k = await priceOf({ serviceName: 'Storage', ...writes }, '10K', options);
  if (nodes.length === 0 || !serviceBusUnitHour || !blobWrites10k) {
    throw new UsageError(
      `the price list lacks node sizes, messaging units or blob writes in ${region}: is that a region's name, as westeurope?`,
    );
  }
  return {
    prices: {
      ...{ schemaVersion: PRICES_SCHEMA_VERSION, example: false, region, currency },
      ...{ nodes, serviceBusUnitHour, blobWrites10k },
    },
    missingSizes: NODE_SIZES.map(({ size }) => size).filter(size => !nodes.some(node => node.size === size)),
  };
}

/** The price of what these fields name, for one of a unit; null where the region does not sell it. */
async function priceOf(
  fields: Readonly<Record<string, string>>,
  unit: string,
  { region, currency, today, readJson = readFromWeb }: FetchPricesOptions,
): Promise<Price | null> {
  const filter = Object.entries({ ...fields, armRegionName: region, priceType: 'Consumption' })
    .map(([name, value]) => `${name} eq '${value}'`)
    .join(' and ');
  // By hand: URLSearchParams writes a space as +, and the documented requests have %20.
  const source = `${PRICE_LIST}&currencyCode='${currency}'&$filter=${encodeURIComponent(filter)}`;
  const answer = await readJson(source);
  const faults = faultsIn(ANSWER, answer);
  if (faults.length > 0) throw new UsageError(`${source} does not answer as documented: ${faults[0]}`);
  const { BillingCurrency, Items, NextPageLink } = v.parse(ANSWER, answer);
  // The list has Windows, Cloud Services, Spot and low priority under the same size's name, and a line a step where a price
  // goes down with the amount: the first one, from 0 on, is what is paid.
  const lines = Items.filter(
    ({ productName, meterName, tierMinimumUnits }) =>
      tierMinimumUnits === 0 && !/windows|cloud ?services|spot|low priority/i.test(`${productName} ${meterName}`),
  );
  const [first] = lines;
  if (!first) return null;
  const isOne = lines.every(line => line.retailPrice === first.retailPrice && line.unitOfMeasure === unit);
  if (!isOne || BillingCurrency !== currency || NextPageLink) {
    throw new UsageError(
      `${source} tells no one price in ${currency} for ${unit}: look at it, and write the right one by hand into a copy of ` +
        'bench/prices/example-prices.json',
    );
  }
  return { amount: first.retailPrice, product: first.productName, meter: first.meterName, asOf: today, source };
}

const REQUEST_TIMEOUT_MS = 60_000;

async function readFromWeb(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status} ${answer.statusText}`);
    return await answer.json();
  } catch (cause) {
    const { message } = ((cause as Error).cause ?? cause) as Error;
    throw new UsageError(
      `the price list can't be read (${message}; ${url}): try again where the internet can be reached, or use ` +
        'bench/prices/example-prices.json',
      { cause },
    );
  }
}
