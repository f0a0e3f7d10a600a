import { UsageError } from '../text/usage-error.js';
import { NODE_SIZES } from './node-sizes.js';
import { checkedPrices, type NodePrice, PRICES_SCHEMA_VERSION, type Price, type Prices } from './prices.js';

/**
 * Azure's price list, which wants no account:
 * https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices
 */
const RETAIL_PRICES_URL = 'https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview';

/** Whose prices, and where from. */
export interface FetchPricesOptions {
  /** As Azure names it: `westeurope`. */
  readonly region: string;
  /** ISO 4217. Azure prices in USD; others are its estimates. */
  readonly currency: string;
  /** The day on which this is, YYYY-MM-DD. */
  readonly today: string;
  /** With its api-version; default: {@link RETAIL_PRICES_URL}. */
  readonly url?: string;
}

/** Prices, and the node sizes that this region does not sell. */
export interface FetchedPrices {
  readonly prices: Prices;
  readonly missingSizes: readonly string[];
}

/**
 * Reads what a cost needs from the price list.
 *
 * @throws UsageError when the list can't be reached, answers with an error or not as documented, or lacks a price.
 */
export async function fetchPrices(options: FetchPricesOptions): Promise<FetchedPrices> {
  const { region, currency, today, url = RETAIL_PRICES_URL } = options;
  const list = new PriceList(url, region, currency);
  const priced = (price: Omit<Price, 'asOf'>): Price => ({ ...price, asOf: today });
  const nodes: NodePrice[] = [];
  for (const node of NODE_SIZES) {
    const items = await list.items({ serviceName: 'Virtual Machines', armSkuName: node.size });
    const price = onePrice(items.filter(isLinuxPayAsYouGo), { unit: '1 Hour', what: node.size, region });
    if (price) nodes.push({ ...node, hour: priced(price) });
  }
  if (nodes.length === 0)
    throw new UsageError(
      `the price list has no node size of ours in ${region}: is that a region's name, as westeurope?`,
    );
  const unit = { serviceName: 'Service Bus', meterName: 'Premium Messaging Unit' };
  const writes = {
    serviceName: 'Storage',
    productName: 'General Block Blob v2',
    skuName: 'Hot LRS',
    meterName: 'Hot LRS Write Operations',
  };
  const one = async (fields: Readonly<Record<string, string>>, unitOfMeasure: string) => {
    const what = fields.meterName ?? '';
    const price = onePrice(await list.items(fields), { unit: unitOfMeasure, what, region });
    if (!price) throw new UsageError(`the price list has no ${what} in ${region}: choose another region`);
    return priced(price);
  };
  const prices = {
    schemaVersion: PRICES_SCHEMA_VERSION,
    example: false,
    region,
    currency,
    nodes,
    serviceBusUnitHour: await one(unit, '1/Hour'),
    blobWrites10k: await one(writes, '10K'),
  };
  const sold = new Set(nodes.map(({ size }) => size));
  return {
    prices: checkedPrices(prices, url),
    missingSizes: NODE_SIZES.map(({ size }) => size).filter(size => !sold.has(size)),
  };
}

/** One line of the price list, as documented; only what is used here. */
interface PriceItem {
  readonly retailPrice: number;
  readonly tierMinimumUnits: number;
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
  readonly unitOfMeasure: string;
  readonly type: string;
  /** Where it was read. */
  readonly source: string;
}

const REQUEST_TIMEOUT_MS = 60_000;

class PriceList {
  constructor(
    private readonly url: string,
    private readonly region: string,
    private readonly currency: string,
  ) {}

  /** The lines whose fields have these values, of all pages. */
  async items(fields: Readonly<Record<string, string>>): Promise<PriceItem[]> {
    const wanted = { ...fields, armRegionName: this.region, priceType: 'Consumption' };
    // By hand: URLSearchParams writes a space as +, and the documented requests have %20.
    const first = new URL(
      `${this.url}&currencyCode='${this.currency}'&$filter=${encodeURIComponent(filterOf(wanted))}`,
    );
    const items: PriceItem[] = [];
    const read = new Set<string>();
    let next: URL | null = first;
    while (next) {
      read.add(next.href);
      const page: Page = await readPage(next, this.currency);
      items.push(...page.items.map(item => ({ ...item, source: first.href })));
      next = page.next;
      if (next && next.origin !== first.origin)
        throw new UsageError(`${first.href} goes on at ${next.origin}, another server: not followed`);
      if (next && read.has(next.href))
        throw new UsageError(`${first.href} goes on at a page that was read before (${next.href}): try again later`);
    }
    return items;
  }
}

interface Page {
  readonly items: readonly Omit<PriceItem, 'source'>[];
  readonly next: URL | null;
}

async function readPage(url: URL, currency: string): Promise<Page> {
  let body: unknown;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status} ${answer.statusText}`);
    body = await answer.json();
  } catch (cause) {
    const reason = (cause as Error).cause ?? cause;
    throw new UsageError(
      `the price list can't be read (${(reason as Error).message}; ${url.href}): try again where the internet can be ` +
        'reached, or use bench/prices/example-prices.json',
      { cause },
    );
  }
  if (!isPage(body)) throw new UsageError(`${url.href} does not answer as documented: no list of Items`);
  if (body.BillingCurrency !== currency)
    throw new UsageError(`${url.href} answers in ${body.BillingCurrency}, not in ${currency}`);
  const faulty = body.Items.find(item => !isItem(item));
  if (faulty) throw new UsageError(`${url.href} has an item that is not as documented: ${JSON.stringify(faulty)}`);
  return { items: body.Items as PriceItem[], next: body.NextPageLink ? new URL(body.NextPageLink) : null };
}

interface PageBody {
  readonly BillingCurrency: unknown;
  readonly Items: readonly unknown[];
  readonly NextPageLink?: string | null;
}

function isPage(body: unknown): body is PageBody {
  return typeof body === 'object' && body !== null && 'Items' in body && Array.isArray(body.Items);
}

function isItem(value: unknown): boolean {
  const item = value as Partial<PriceItem> | null;
  const texts = [item?.productName, item?.skuName, item?.meterName, item?.unitOfMeasure, item?.type];
  return typeof item?.retailPrice === 'number' && texts.every(text => typeof text === 'string');
}

/** An OData filter; a quote in a value is doubled there. */
function filterOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} eq '${value.replaceAll("'", "''")}'`)
    .join(' and ');
}

/** The list has Windows, Cloud Services, Spot and low priority under the same size's name. */
function isLinuxPayAsYouGo({ productName, meterName, type }: PriceItem): boolean {
  return (
    type === 'Consumption' && !/windows|cloud ?services/i.test(productName) && !/spot|low priority/i.test(meterName)
  );
}

/** The price that all lines agree on, or null where there is no line. */
function onePrice(
  items: readonly PriceItem[],
  { unit, what, region }: { unit: string; what: string; region: string },
): Omit<Price, 'asOf'> | null {
  // Where a price goes down with the amount, the list has a line a step: the first one, from 0 on, is what is paid.
  const fitting = items.filter(item => item.type === 'Consumption' && (item.tierMinimumUnits ?? 0) === 0);
  const [first] = fitting;
  if (!first) return null;
  const odd = fitting.find(item => item.unitOfMeasure !== unit);
  if (odd) throw new UsageError(`the price list has ${what} for ${odd.unitOfMeasure}, and this program knows ${unit}`);
  const amounts = [...new Set(fitting.map(({ retailPrice }) => retailPrice))];
  if (amounts.length > 1) {
    throw new UsageError(
      `the price list has ${amounts.length} prices for ${what} in ${region} (${amounts.join(', ')}): write the right ` +
        'one by hand into a copy of bench/prices/example-prices.json',
    );
  }
  const { retailPrice, productName, meterName, source } = first;
  return { amount: retailPrice, product: productName, meter: meterName, source };
}
